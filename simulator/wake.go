package simulator

// wake does what has become due on the simulated clock since the last request. The caller holds s.mu.
func (s *Simulator) wake() {}
