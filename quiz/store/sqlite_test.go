package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"keyhole/migrations"
	"keyhole/quiz/progress"
)

func TestTheLiveWriteHandleIsDurable(t *testing.T) {
	s := open(t, Options{Now: time.Now, Dir: t.TempDir()})
	for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1", "busy_timeout": "10000"} {
		var got string
		must(t, s.write.QueryRow(`PRAGMA `+pragma).Scan(&got))
		if got != want {
			t.Errorf("PRAGMA %s is %s, want %s", pragma, got, want)
		}
	}
	if n := s.write.Stats().MaxOpenConnections; n != 1 {
		t.Errorf("%d connections write", n)
	}
	var queryOnly string
	must(t, s.read.QueryRow(`PRAGMA query_only`).Scan(&queryOnly))
	if queryOnly != "1" {
		t.Error("the read pool may write")
	}
}

func TestASecondServerIsRefused(t *testing.T) {
	dir := t.TempDir()
	first := open(t, Options{Now: time.Now, Dir: dir})
	_, err := Open(t.Context(), Options{Now: time.Now, Dir: dir})
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), fmt.Sprint("process ", os.Getpid())) {
		t.Errorf("a second server gets %v", err)
	}
	people(t, first, "ann") // the first goes on
	must(t, first.Close())
	open(t, Options{Now: time.Now, Dir: dir})
}

func TestFoldersThatCannotBeUsed(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	must(t, os.WriteFile(file, nil, 0o600))
	broken := filepath.Join(dir, "broken")
	must(t, os.Mkdir(broken, 0o700))
	must(t, os.WriteFile(filepath.Join(broken, FileName), []byte(strings.Repeat("this is no database ", 500)), 0o600))
	cases := []struct{ name, dir, want string }{
		{"none named", "", "no data folder was named"},
		{"a mistyped path", filepath.Join(dir, "no", "such"), "cannot be made because " + filepath.Join(dir, "no") + " does not exist"},
		{"a file", file, "is a file, not a folder"},
		{"inside a file", filepath.Join(file, "data"), "cannot be used: not a directory"},
		{"another program's file", broken, ErrDamaged.Error()},
	}
	if runtime.GOOS == "linux" {
		cases = append(cases, struct{ name, dir, want string }{"unwritable", "/proc", "the data folder /proc cannot be written"},
			struct{ name, dir, want string }{"unwritable parent", "/proc/keyhole", "the data folder /proc/keyhole cannot be made"})
	}
	for _, c := range cases {
		s, err := Open(t.Context(), Options{Now: time.Now, Dir: c.dir})
		if err == nil {
			_ = s.Close()
			t.Errorf("%s: opened", c.name)
			continue
		}
		if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %q, want one sentence with %q", c.name, err, c.want)
		}
	}
}

func TestFoldersWithAwkwardNames(t *testing.T) {
	for _, name := range []string{"with space", "q?x=1", "hash#tag", "50%25", "ünï", "a&b", "quote'"} {
		dir := filepath.Join(t.TempDir(), name)
		s := open(t, Options{Now: time.Now, Dir: dir})
		people(t, s, "ann")
		must(t, s.Close())
		info, err := os.Stat(filepath.Join(dir, FileName))
		if err != nil || (runtime.GOOS != "windows" && info.Mode().Perm() != 0o600) {
			t.Errorf("%s: %v %v", name, info, err)
		}
		must(t, Backup(t.Context(), dir, filepath.Join(dir, "copy.db")))
	}
}

// pretend sets the schema's number and puts something in the database.
func pretend(t *testing.T, dir string, schema int64) {
	t.Helper()
	s := open(t, Options{Now: time.Now, Dir: dir})
	people(t, s, "ann")
	_, err := s.write.Exec(`UPDATE goose_db_version SET version_id = $1 WHERE version_id > 0`, schema)
	must(t, err)
	must(t, s.Close())
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	dir := t.TempDir()
	pretend(t, dir, migrations.Latest()+1)
	for name, open := range map[string]func(context.Context, Options) (*Store, error){"serve": Open, "read only": OpenReadOnly} {
		_, err := open(t.Context(), Options{Now: time.Now, Dir: dir})
		if !errors.Is(err, progress.ErrNewer) || !strings.Contains(err.Error(), fmt.Sprintf("has schema %d, this version knows schemas up to %d", migrations.Latest()+1, migrations.Latest())) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if files, _ := os.ReadDir(filepath.Join(dir, BackupFolder)); len(files) > 0 {
		t.Errorf("it was backed up: %v", files)
	}
}

func TestBackupBeforeMigrating(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Now: time.Now, Dir: dir})
	people(t, s, "ann")
	clock := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	s.now = func() time.Time { clock = clock.Add(time.Second); return clock }
	for range keepBackups + 2 {
		file, err := s.backupBefore(t.Context(), 1)
		must(t, err)
		if !strings.HasPrefix(filepath.Base(file), "keyhole-1-20261123T1200") {
			t.Errorf("named %s", file)
		}
	}
	files, err := os.ReadDir(filepath.Join(dir, BackupFolder))
	must(t, err)
	if len(files) != keepBackups || files[0].Name() != "keyhole-1-20261123T120003.000Z.db" {
		t.Errorf("the oldest go first: %v", files)
	}
	must(t, os.RemoveAll(filepath.Join(dir, BackupFolder)))

	// The next version's step fails: nothing is lost, and the copy made before it opens.
	broken := errors.New("the step is broken")
	s.steps = steps{2, func(context.Context, *sql.DB, migrations.Dialect) error {
		if files, _ := os.ReadDir(filepath.Join(dir, BackupFolder)); len(files) != 1 {
			t.Error("no backup before the step")
		}
		return broken
	}}
	if err := s.migrate(t.Context(), dir); !errors.Is(err, broken) || !strings.Contains(err.Error(), "stays at schema 1") {
		t.Errorf("a broken step: %v", err)
	}
	if _, err := s.Learner(t.Context(), "ann"); err != nil {
		t.Errorf("after a broken step: %v", err)
	}
	files, err = os.ReadDir(filepath.Join(dir, BackupFolder))
	must(t, err)
	copied := t.TempDir()
	must(t, os.Rename(filepath.Join(dir, BackupFolder, files[0].Name()), filepath.Join(copied, FileName)))
	if _, err := open(t, Options{Now: time.Now, Dir: copied}).Learner(t.Context(), "ann"); err != nil {
		t.Errorf("in the backup: %v", err)
	}
}

func TestBackupBesideARunningServer(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Now: time.Now, Dir: dir})
	people(t, s, "ann")
	_, _, err := s.Append(t.Context(), answer("ann", "k"))
	must(t, err)
	copied := t.TempDir()
	must(t, Backup(t.Context(), dir, filepath.Join(copied, FileName)))
	if err := Backup(t.Context(), dir, filepath.Join(copied, FileName)); err == nil {
		t.Error("a backup was overwritten")
	}
	restored := open(t, Options{Now: time.Now, Dir: copied})
	if got := keys(t, restored, progress.Filter{Learner: "ann"}); got != "k" {
		t.Errorf("the backup holds %q", got)
	}
	if found, err := restored.Check(t.Context()); err != nil || len(found) > 0 {
		t.Errorf("the backup is damaged: %v %v", found, err)
	}
}

func TestReadingBesideAndWithoutAServer(t *testing.T) {
	dir := t.TempDir()
	if _, err := OpenReadOnly(t.Context(), Options{Now: time.Now, Dir: dir}); !errors.Is(err, ErrNone) {
		t.Errorf("an empty folder: %v", err)
	}
	s := open(t, Options{Now: time.Now, Dir: dir})
	people(t, s, "ann")
	look := func(when string) {
		t.Helper()
		r, err := OpenReadOnly(t.Context(), Options{Now: time.Now, Dir: dir})
		must(t, err)
		if _, err := r.Learner(t.Context(), "ann"); err != nil {
			t.Errorf("%s: %v", when, err)
		}
		if err := r.CreateLearner(t.Context(), progress.Learner{ID: "x", Name: "x"}); !errors.Is(err, ErrReadOnly) {
			t.Errorf("%s: a write gives %v", when, err)
		}
		if _, err := r.read.Exec(`DELETE FROM learners`); err == nil {
			t.Errorf("%s: a write goes through", when)
		}
		if found, err := r.Check(t.Context()); err != nil || len(found) > 0 {
			t.Errorf("%s: %v %v", when, found, err)
		}
		must(t, r.Close())
	}
	look("beside a server")
	must(t, s.Close())
	look("without a server")
}

func TestCloseLeavesOneFile(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Now: time.Now, Dir: dir})
	people(t, s, "ann")
	if _, err := s.Learner(t.Context(), "ann"); err != nil {
		t.Fatal(err)
	}
	must(t, s.Close())
	for _, name := range []string{FileName + "-wal", FileName + "-shm"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.Size() > 0 {
			t.Errorf("%s stays with %d bytes", name, info.Size())
		}
	}
	if info, err := os.Stat(filepath.Join(dir, LockName)); err != nil || info.Size() != 0 {
		t.Errorf("the lock file after a clean stop: %v %v", info, err)
	}
	if s := open(t, Options{Now: time.Now, Dir: dir}); s.folder.unclean {
		t.Error("a clean stop is taken for an unclean one")
	}
}

// After an unclean stop the database is checked in the background, and damage is told.
func TestDamageIsNoticedAfterAnUncleanStop(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Now: time.Now, Dir: dir})
	people(t, s, "ann")
	for i := range 2000 {
		must(t, s.apply(t.Context(), func(x *tx) error {
			_, err := x.exec(`INSERT INTO settings (learner, name, value, at) VALUES ($1, $2, $3, 1)`, "ann", fmt.Sprint("name", i), strings.Repeat("v", 200))
			return err
		}))
		if i == 20 {
			break
		}
	}
	must(t, s.SaveSnapshot(t.Context(), "ann", "r", 1, []byte(strings.Repeat("w", 1<<20))))
	must(t, s.Close())
	must(t, os.WriteFile(filepath.Join(dir, LockName), []byte("process 1\n"), 0o600))

	sound := open(t, Options{Now: time.Now, Dir: dir})
	if !sound.folder.unclean {
		t.Fatal("an unclean stop is not noticed")
	}
	must(t, sound.Close())
	if err := sound.Damage(); err != nil {
		t.Errorf("a sound database: %v", err)
	}

	file := filepath.Join(dir, FileName)
	data, err := os.ReadFile(file)
	must(t, err)
	const page = 4096
	for at := 20 * page; at+page < 24*page; at++ {
		data[at] ^= 0xff
	}
	must(t, os.WriteFile(file, data, 0o600))
	must(t, os.WriteFile(filepath.Join(dir, LockName), []byte("process 1\n"), 0o600))
	damaged, err := Open(t.Context(), Options{Now: time.Now, Dir: dir})
	must(t, err)
	deadline := time.Now().Add(10 * time.Second)
	for damaged.Damage() == nil && time.Now().Before(deadline) {
		time.Sleep(5 * time.Millisecond)
	}
	if err := damaged.Damage(); !errors.Is(err, ErrDamaged) {
		t.Errorf("flipped pages: %v", err)
	}
	_ = damaged.Close()
}

func TestABlobThatChangedIsNoticed(t *testing.T) {
	s := open(t, Options{Now: time.Now, Dir: t.TempDir()})
	people(t, s, "ann")
	data := []byte("ciphertext")
	must(t, s.AppendEffects(t.Context(), "ann", "r", 1, nil, map[string][]byte{hashOf(data): data}))
	_, err := s.write.Exec(`UPDATE sandbox_blobs SET data = $1`, []byte("ciphertexu"))
	must(t, err)
	if _, err := s.Blob(t.Context(), "ann", "r", hashOf(data)); !errors.Is(err, ErrDamaged) {
		t.Errorf("a changed blob: %v", err)
	}
}

func TestAWorkerThatPanicsEndsAlone(t *testing.T) {
	s := open(t, Options{Now: time.Now, Dir: t.TempDir()})
	s.work("test", func() { panic("in a worker") })
	people(t, s, "ann")
}

// A database killed while its log was full of answers is readable at once, and its log is folded in on Close.
func TestTheLogOfAKilledServerIsRead(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childFolder+"="+dir, childRound+"=r")
	must(t, cmd.Start())
	wal := filepath.Join(dir, FileName+"-wal")
	for range 1000 {
		if info, err := os.Stat(wal); err == nil && info.Size() > 200_000 {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	must(t, cmd.Process.Kill())
	_ = cmd.Wait()
	r, err := OpenReadOnly(t.Context(), Options{Now: time.Now, Dir: dir})
	must(t, err)
	if keys(t, r, progress.Filter{Learner: "ann"}) == "" {
		t.Error("nothing is there")
	}
	must(t, r.Close())
}

// The start must not cost goose: its own table is read with one query.
func TestGooseAndTheFastPathAgree(t *testing.T) {
	s := open(t, Options{Now: time.Now, Dir: t.TempDir()})
	version, err := s.schema(t.Context(), s.write, "test")
	if err != nil || version != migrations.Latest() {
		t.Errorf("schema %d, %v; want %d", version, err, migrations.Latest())
	}
	must(t, migrations.Up(t.Context(), s.write, s.dialect.name)) // again: nothing to do
	var n sql.NullInt64
	must(t, s.write.QueryRow(`SELECT COUNT(*) FROM goose_db_version`).Scan(&n))
	if n.Int64 != migrations.Latest()+1 {
		t.Errorf("%d rows in goose's table", n.Int64)
	}
}
