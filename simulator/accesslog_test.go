package simulator

import (
	"testing"
)

// TestAccessLogs plays what the logs of buckets say and where they are delivered.
func TestAccessLogs(t *testing.T) { playAll(t, "accesslog", 4) }
