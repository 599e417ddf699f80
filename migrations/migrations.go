// Package migrations holds the steps from an empty database to the current schema, and takes them.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed *.sql
var files embed.FS

// Dialect names a database as goose does.
type Dialect = goose.Dialect

const (
	SQLite     Dialect = goose.DialectSQLite3
	PostgreSQL Dialect = goose.DialectPostgres
)

// Applied reads the schema of a database from goose's own table: one query at every start, where goose itself would
// parse all steps first. It fails on a database that has no such table.
const Applied = `SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied`

// Latest is the schema this program knows: the number of the last step.
func Latest() int64 {
	names, err := fs.Glob(files, "*.sql")
	if err != nil || len(names) == 0 { // the pattern is constant and the files are compiled in
		panic(fmt.Sprintf("migrations: %d steps, %v", len(names), err))
	}
	number, _, _ := strings.Cut(names[len(names)-1], "_")
	latest, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("migrations: %s has no number", names[len(names)-1]))
	}
	return latest
}

// Up takes the pending steps, each in a transaction of its own.
func Up(ctx context.Context, db *sql.DB, d Dialect) error {
	steps, err := goose.NewProvider(d, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if _, err := steps.Up(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}
