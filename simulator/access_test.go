package simulator

import "testing"

// TestAccess plays bucket policies, Block Public Access, object ownership and ACLs as a client meets them.
func TestAccess(t *testing.T) { playAll(t, "access", 6) }
