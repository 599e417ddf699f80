package world

// Pretend lets try change the world and takes everything back afterwards: effects, blobs and what the generator drew. It is
// for finding out what would have happened. Nothing may be waiting for a Drain.
func (w *World) Pretend(try func()) {
	w.settle() // a batch that was kept is not part of what Revert takes back
	cursor := w.cursor
	defer func() {
		w.Revert()
		w.cursor = cursor
	}()
	try()
}
