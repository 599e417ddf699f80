package shell_test

import (
	"context"
	"testing"
)

// BenchmarkCommands are round trips of a line, from the typed words to the printed answer, in process.
func BenchmarkCommands(b *testing.B) {
	for _, row := range []struct{ name, line string }{
		{"put-object", "aws s3api put-object --bucket vault --key k --body k1.bin"},
		{"kms describe-key", "aws kms describe-key --key-id alias/none || true"},
		{"iam list-users", "aws iam list-users"},
		{"sts get-caller-identity", "aws sts get-caller-identity --query Arn --output text"},
		{"a wrong option", "aws s3api put-object --bucket vault --kez k || true"},
	} {
		b.Run(row.name, func(b *testing.B) {
			s, _ := console(b)
			s.Run(context.Background(), "aws s3 mb s3://vault")
			for b.Loop() {
				if out := s.Run(context.Background(), row.line); out.Code != 0 {
					b.Fatal(out.Stderr)
				}
			}
		})
	}
}
