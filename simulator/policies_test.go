package simulator

import "testing"

// TestPolicies plays every layer that can deny, with AWS's sentence for it (s3-wire 5.7).
func TestPolicies(t *testing.T) { playAll(t, "policies", 10) }
