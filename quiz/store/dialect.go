package store

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"keyhole/migrations"
	"keyhole/quiz/progress"
)

// dialect is all that differs between the two databases besides opening them.
type dialect struct {
	name      migrations.Dialect
	hasSchema string                    // counts goose's table: 0 or 1
	settle    func(write *sql.DB) error // before the last connection closes
	again     func(error) bool          // the whole batch may be tried again
	explain   func(error) error         // adds a sentinel to a driver's error
}

var sqliteDialect = dialect{
	name:      migrations.SQLite,
	hasSchema: `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version'`,
	settle: func(write *sql.DB) error {
		if _, err := write.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
			return fmt.Errorf("bring the log into the database: %w", err)
		}
		return nil
	},
	again: func(error) bool { return false }, // one writer, and nobody else has the lock
	explain: func(err error) error {
		var e *sqlite.Error
		if !errors.As(err, &e) {
			return err
		}
		switch code := e.Code(); {
		case code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
			return fmt.Errorf("%w: this learner is not known", progress.ErrNotFound)
		case code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, code == sqlite3.SQLITE_CONSTRAINT_UNIQUE:
			return fmt.Errorf("%w: %w", progress.ErrExists, err)
		case code&0xff == sqlite3.SQLITE_FULL:
			return fmt.Errorf("%w: %w", ErrFull, err)
		case code&0xff == sqlite3.SQLITE_CORRUPT, code&0xff == sqlite3.SQLITE_NOTADB:
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		return err
	},
}

var postgresDialect = dialect{
	name:      migrations.PostgreSQL,
	hasSchema: `SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'goose_db_version'`,
	settle:    func(*sql.DB) error { return nil },
	again: func(err error) bool {
		var e *pgconn.PgError
		if !errors.As(err, &e) {
			return false
		}
		// Serialization failure, deadlock, or two nodes that counted the same journal number.
		return e.Code == "40001" || e.Code == "40P01" || (e.Code == "23505" && e.ConstraintName == "journal_order")
	},
	explain: func(err error) error {
		var e *pgconn.PgError
		if !errors.As(err, &e) {
			return err
		}
		switch e.Code {
		case "23503":
			return fmt.Errorf("%w: this learner is not known", progress.ErrNotFound)
		case "23505":
			return fmt.Errorf("%w: %w", progress.ErrExists, err)
		case "53100":
			return fmt.Errorf("%w: %w", ErrFull, err)
		}
		return err
	},
}
