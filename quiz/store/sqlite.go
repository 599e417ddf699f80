package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"keyhole/migrations"
	"keyhole/quiz/progress"
)

// FileName is the database inside the data folder.
const FileName = "keyhole.db"

// The pragmas of every connection. busy_timeout comes first: switching to WAL may itself meet a lock.
var (
	writePragmas = []string{
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
		"cache_size(-20000)", "temp_store(2)", "journal_size_limit(67108864)",
	}
	readPragmas = []string{"busy_timeout(10000)", "query_only(1)", "cache_size(-20000)", "temp_store(2)"}
)

// sqliteDSN is the address of a database file. The path is escaped: folders may hold '?', '#', '%' and spaces.
func sqliteDSN(file string, pragmas []string, more string) string {
	path := filepath.ToSlash(file)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/data
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: "_pragma=" + strings.Join(pragmas, "&_pragma=") + more}
	return u.String()
}

func openHandle(dsn string, connections int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

func readers() int { return max(2, runtime.NumCPU()) }

func (s *Store) openSQLite(ctx context.Context, o Options) (err error) {
	s.dialect = sqliteDialect
	if s.folder, err = lockFolder(o.Dir); err != nil {
		return err
	}
	file := filepath.Join(s.folder.dir, FileName)
	// SQLite would make it readable for everybody; its log gets the same mode as the database.
	made, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("the database %s cannot be opened: %w", file, cause(err))
	}
	if err := made.Close(); err != nil {
		return fmt.Errorf("the database %s cannot be opened: %w", file, cause(err))
	}
	if s.write, err = openHandle(sqliteDSN(file, writePragmas, "&_txlock=immediate"), 1); err != nil {
		return fmt.Errorf("the database %s cannot be opened: %w", file, err)
	}
	if err := s.migrate(ctx, file); err != nil {
		return err
	}
	if s.read, err = openHandle(sqliteDSN(file, readPragmas, "&mode=ro"), readers()); err != nil {
		return fmt.Errorf("the database %s cannot be opened: %w", file, err)
	}
	return nil
}

func (s *Store) readSQLite(ctx context.Context, dir string) error {
	s.dialect = sqliteDialect
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("the data folder %s cannot be found: %w", dir, err)
	}
	file := filepath.Join(dir, FileName)
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("in %s: %w", dir, ErrNone)
	} else if err != nil {
		return fmt.Errorf("the database %s cannot be opened: %w", file, cause(err))
	}
	// Not mode=ro: without a running server the log's index has to be made. query_only refuses every change.
	if s.read, err = openHandle(sqliteDSN(file, readPragmas, "&mode=rw"), readers()); err != nil {
		return fmt.Errorf("the database %s cannot be opened: %w", file, err)
	}
	_, err = s.schema(ctx, s.read, file)
	return err
}

// steps are the migrations of this program; tests put others here.
type steps struct {
	latest int64
	up     func(context.Context, *sql.DB, migrations.Dialect) error
}

// schema reads the schema's number, 0 for an empty database, and refuses one from a newer version.
func (s *Store) schema(ctx context.Context, db *sql.DB, name string) (int64, error) {
	var tables, version int64
	err := db.QueryRowContext(ctx, s.dialect.hasSchema).Scan(&tables)
	if err == nil && tables > 0 {
		err = db.QueryRowContext(ctx, migrations.Applied).Scan(&version)
	}
	if err != nil {
		return 0, fmt.Errorf("the database %s cannot be read: %w", name, s.dialect.explain(err))
	}
	if version > s.steps.latest {
		return 0, fmt.Errorf("%w: %s has schema %d, this version knows schemas up to %d", progress.ErrNewer, name, version, s.steps.latest)
	}
	return version, nil
}

// migrate brings the schema up to date. A database that already holds something is backed up first.
func (s *Store) migrate(ctx context.Context, name string) error {
	version, err := s.schema(ctx, s.write, name)
	if err != nil || version == s.steps.latest {
		return err
	}
	if version > 0 && s.folder != nil {
		backup, err := s.backupBefore(ctx, version)
		if err != nil {
			return fmt.Errorf("the database was not migrated because its backup failed: %w", err)
		}
		s.log.Info("backup made before migrating", "file", backup, "from", version, "to", s.steps.latest)
	}
	if err := s.steps.up(ctx, s.write, s.dialect.name); err != nil {
		// Another node may have taken the steps at the same moment.
		if now, again := s.schema(ctx, s.write, name); again == nil && now == s.steps.latest {
			return nil
		}
		return fmt.Errorf("the database %s stays at schema %d: %w", name, version, s.dialect.explain(err))
	}
	return nil
}
