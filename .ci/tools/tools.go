//go:build tools

// Package tools pins what checks the code but is no part of it.
package tools

import _ "github.com/golangci/golangci-lint/v2/cmd/golangci-lint"
