package simulator

import "keyhole/simulator/exchange"

// afterwards is told of every request, those too that stopped before they reached the world, when its answer is settled and before anybody hears of it:
// the place where S3 writes down what happened. What it changes is a batch of its own. The caller holds s.mu.
func (s *Simulator) afterwards(v *visit, fault *exchange.Fault) {
	s.audit(v, fault)
	s.logAccess(v, fault)
}
