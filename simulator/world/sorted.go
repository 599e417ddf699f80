package world

import "iter"

// Sorted is values by name, in the order of the bytes of the names. A copy costs nothing: the two share what neither has
// written to since. Only this package writes to one, and nobody while it is walked.
//
// It is a treap, a search tree that is a heap by the ranks of its names, so its shape and the time for one name, which
// grows with the logarithm of how many there are, do not depend on the order in which they came.
type Sorted[V any] struct {
	root *knot[V]
	n    int
	mark *mark // what has this mark belongs to nobody else; nil: nothing does
}

// mark is whose a knot is. It has a size, so that no two are the same.
type mark struct{ _ byte }

type knot[V any] struct {
	name        string
	value       V
	rank        uint64 // no less than those below
	left, right *knot[V]
	mark        *mark
}

// SortedOf is the values of a map.
func SortedOf[V any](m map[string]V) (s Sorted[V]) {
	for name, v := range m {
		s.put(name, v)
	}
	return s
}

// Len is how many values there are.
func (s Sorted[V]) Len() int { return s.n }

// Find is the value of a name.
func (s Sorted[V]) Find(name string) (v V, ok bool) {
	for k := s.root; k != nil; {
		switch {
		case name == k.name:
			return k.value, true
		case name < k.name:
			k = k.left
		default:
			k = k.right
		}
	}
	return v, false
}

// Get is the value of a name, or the zero value.
func (s Sorted[V]) Get(name string) V {
	v, _ := s.Find(name)
	return v
}

// All are names and values in order.
func (s Sorted[V]) All() iter.Seq2[string, V] {
	return func(yield func(string, V) bool) { s.root.walk("", yield) }
}

// From are names and values in order, from a name on.
func (s Sorted[V]) From(name string) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) { s.root.walk(name, yield) }
}

func (k *knot[V]) walk(from string, yield func(string, V) bool) bool {
	if k == nil {
		return true
	}
	if k.name < from {
		return k.right.walk(from, yield)
	}
	return k.left.walk(from, yield) && yield(k.name, k.value) && k.right.walk(from, yield)
}

// copied is the same values for somebody else. Whoever is copied must be shared from then on as well: see share.
func (s Sorted[V]) copied() Sorted[V] {
	s.mark = nil
	return s
}

// share is said of one that has been copied: what it holds is no longer its own.
func (s *Sorted[V]) share() { s.mark = nil }

// put sets the value of a name.
func (s *Sorted[V]) put(name string, v V) {
	s.own()
	s.root = s.putBelow(s.root, name, v)
}

// drop takes a name out, if it is there.
func (s *Sorted[V]) drop(name string) {
	if _, there := s.Find(name); there {
		s.own()
		s.n--
		s.root = s.dropBelow(s.root, name)
	}
}

func (s *Sorted[V]) own() {
	if s.mark == nil {
		s.mark = new(mark)
	}
}

// mine is a knot that can be written to.
func (s *Sorted[V]) mine(k *knot[V]) *knot[V] {
	if k.mark == s.mark {
		return k
	}
	c := *k
	c.mark = s.mark
	return &c
}

func (s *Sorted[V]) putBelow(k *knot[V], name string, v V) *knot[V] {
	if k == nil {
		s.n++
		return &knot[V]{name: name, value: v, rank: rank(name), mark: s.mark}
	}
	k = s.mine(k)
	switch {
	case name == k.name:
		k.value = v
	case name < k.name:
		below := s.putBelow(k.left, name, v)
		if k.left = below; below.rank > k.rank {
			k.left, below.right = below.right, k
			return below
		}
	default:
		below := s.putBelow(k.right, name, v)
		if k.right = below; below.rank > k.rank {
			k.right, below.left = below.left, k
			return below
		}
	}
	return k
}

func (s *Sorted[V]) dropBelow(k *knot[V], name string) *knot[V] {
	if name == k.name {
		return s.join(k.left, k.right)
	}
	k = s.mine(k)
	if name < k.name {
		k.left = s.dropBelow(k.left, name)
	} else {
		k.right = s.dropBelow(k.right, name)
	}
	return k
}

// join makes one tree of two, of which the first has the lesser names.
func (s *Sorted[V]) join(a, b *knot[V]) *knot[V] {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case a.rank > b.rank:
		a = s.mine(a)
		a.right = s.join(a.right, b)
		return a
	}
	b = s.mine(b)
	b.left = s.join(a, b.left)
	return b
}

// rank spreads names evenly: FNV-1a, and the last step of SplitMix64 because names often differ at their ends only.
func rank(name string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// MarshalCBOR writes a map.
func (s Sorted[V]) MarshalCBOR() ([]byte, error) {
	m := make(map[string]V, s.n)
	for name, v := range s.All() {
		m[name] = v
	}
	return encoder.Marshal(m)
}

// UnmarshalCBOR reads a map.
func (s *Sorted[V]) UnmarshalCBOR(data []byte) error {
	var m map[string]V
	if err := decoder.Unmarshal(data, &m); err != nil {
		return err
	}
	*s = SortedOf(m)
	return nil
}
