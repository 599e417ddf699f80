package world

// Forget is Drain for a world that nobody keeps: the batch is done with, and nothing is written. Until something is
// applied next, Revert takes it back.
func (w *World) Forget() {
	w.settle()
	if len(w.pending) == 0 {
		return
	}
	w.pending = nil
	w.drained = true
	if len(w.blobs.fresh) > 0 {
		w.blobs.own()
		clear(w.blobs.fresh)
	}
}
