package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	// BackupFolder is where backups made before a migration lie, inside the data folder.
	BackupFolder = "backups"
	// keepBackups is how many of them stay.
	keepBackups = 5

	backupTime = "20060102T150405.000Z"
)

// ErrNotHere is what PostgreSQL answers to commands that are about a database file.
var ErrNotHere = errors.New("this works on the SQLite database of a data folder only; use the tools of PostgreSQL")

// Backup writes a complete copy of the database of a data folder to a new file, beside a running server if there is
// one. The file appears under its name only when it is complete and on the disk.
func Backup(ctx context.Context, dir, file string) error {
	source := filepath.Join(dir, FileName)
	if _, err := os.Stat(source); err != nil {
		return fmt.Errorf("in %s: %w", dir, ErrNone)
	}
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("the backup %s already exists", file)
	}
	if err := vacuumInto(ctx, source, file); err != nil {
		return fmt.Errorf("back up to %s: %w", file, sqliteDialect.explain(cause(err)))
	}
	return nil
}

// backupBefore makes the copy before a migration and drops the oldest above keepBackups.
func (s *Store) backupBefore(ctx context.Context, schema int64) (string, error) {
	dir := filepath.Join(s.folder.dir, BackupFolder)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	file := filepath.Join(dir, fmt.Sprintf("keyhole-%d-%s.db", schema, s.now().UTC().Format(backupTime)))
	if err := vacuumInto(ctx, filepath.Join(s.folder.dir, FileName), file); err != nil {
		return "", s.dialect.explain(err)
	}
	old, err := filepath.Glob(filepath.Join(dir, "keyhole-*.db"))
	if err != nil {
		return "", err
	}
	slices.SortFunc(old, func(a, b string) int { return cmp.Compare(madeAt(b), madeAt(a)) })
	for _, f := range old[min(len(old), keepBackups):] {
		if err := os.Remove(f); err != nil {
			s.log.Warn("an old backup stays", "file", f, "error", err)
		}
	}
	return file, nil
}

// madeAt is the time in a backup's name, which sorts as text.
func madeAt(file string) string {
	return file[strings.LastIndexByte(file, '-')+1:]
}

// vacuumInto copies through a connection of its own, so that the writer goes on: VACUUM INTO reads one state. The
// incremental backup interface would start again at every write.
func vacuumInto(ctx context.Context, source, file string) (err error) {
	db, err := openHandle(sqliteDSN(source, []string{"busy_timeout(10000)"}, "&mode=rw"), 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	part := file + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err // of a backup that was cut off
	}
	empty, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // an empty file is written into, with our mode
	if err != nil {
		return err
	}
	if err := empty.Close(); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, `VACUUM INTO $1`, part); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	if err := syncPath(part); err != nil {
		return err
	}
	if err := os.Rename(part, file); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(file))
}

func syncPath(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
