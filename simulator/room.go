package simulator

import "sync"

// rooms are buffers for answers. A large object is decrypted into one that an earlier answer had, because making and clearing
// a megabyte for every read costs as much as decrypting it. Those nobody uses are given up by the garbage collector.
type rooms struct{ pool sync.Pool }

// borrow is room of n bytes.
func (r *rooms) borrow(n int) []byte {
	if room, ok := r.pool.Get().(*[]byte); ok && cap(*room) >= n {
		return (*room)[:n]
	}
	return make([]byte, n)
}

func (r *rooms) giveBack(room []byte) { r.pool.Put(&room) }

// lend lets a request borrow, and remembers what it borrowed.
func (s *Simulator) lend(v *visit) {
	v.Lend(func(n int) []byte {
		room := s.rooms.borrow(n)
		v.borrowed = append(v.borrowed, room)
		return room
	})
}

// giveBack is called when the answer is written.
func (s *Simulator) giveBack(v *visit) {
	v.Answer.Body = nil
	for _, room := range v.borrowed {
		s.rooms.giveBack(room)
	}
	v.borrowed = nil
}
