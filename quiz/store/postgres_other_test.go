//go:build !unix

package store

import "testing"

func postgresDatabase(t testing.TB) string {
	t.Skip("PostgreSQL: tests start it on unix only")
	return ""
}

func stopPostgres() {}
