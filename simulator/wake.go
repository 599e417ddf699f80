package simulator

// wake does what has become due on the simulated clock since the last request, each job as a batch of its own. With nothing
// due it only looks at the clock. The caller holds s.mu and has changed nothing yet.
func (s *Simulator) wake() { s.due(JobsPerWake) }
