// Package store keeps learners, journal, runs and sandboxes in SQLite, or in PostgreSQL for hosting, with one SQL text.
package store

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"keyhole/migrations"
	"keyhole/quiz/progress"
)

// Errors of Open and of a store that cannot write. Each message is a whole sentence for a person, except that Open
// adds the folder in front.
var (
	ErrInUse    = errors.New("another Keyhole is already using this data folder")
	ErrReadOnly = errors.New("this store was opened for reading only")
	ErrClosed   = errors.New("the store is closed")
	ErrFull     = errors.New("the disk is full, nothing was saved")
	ErrNone     = errors.New("there is no Keyhole database yet; start keyhole serve once")
	ErrDamaged  = errors.New("the database is damaged; restore a backup")
)

// errNoClock is a mistake of the program, not of a person: refused at once, and not at the first answer.
var errNoClock = errors.New("store: Options.Now is required")

// Options say where the data is and what time it is. Now and one of Dir and DSN are required.
type Options struct {
	Dir    string           // folder of the SQLite database; made when only its last part is missing
	DSN    string           // "postgres://…": PostgreSQL instead of Dir
	Now    func() time.Time // required: stamps what the caller left without a time
	NewID  func() string    // nil: UUIDv7
	Logger *slog.Logger     // nil: nothing is logged
}

// Store implements progress.Store and, without knowing it, labs.Store. It is safe for concurrent use. A writing
// method returns after COMMIT with the data on the disk, or with an error.
type Store struct {
	now   func() time.Time
	newID func() string
	log   *slog.Logger

	dialect dialect
	steps   steps
	write   *sql.DB // one connection; nil when opened for reading
	read    *sql.DB // read-only pool
	reads   statements
	writer  *writer

	folder *folder // nil for PostgreSQL
	tasks  sync.WaitGroup
	stop   context.CancelFunc // ends background tasks
	health health
	close  sync.Once
}

var _ progress.Store = (*Store)(nil)

// Open opens the store for reading and writing, with the schema brought up to date (after a backup). Its errors are
// one sentence each: ErrInUse, progress.ErrNewer, or what is wrong with the folder.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Now == nil {
		return nil, errNoClock
	}
	s := start(o)
	var err error
	if o.DSN != "" {
		err = s.openPostgres(ctx, o.DSN)
	} else {
		err = s.openSQLite(ctx, o)
	}
	if err != nil {
		return nil, errors.Join(err, s.release(false))
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	s.writer = newWriter(s)
	s.work("writer", s.writer.loop)
	if s.folder != nil && s.folder.unclean {
		s.work("quick check", func() { s.quickCheck(background) })
	}
	return s, nil
}

// OpenReadOnly opens the store beside a running server; it takes no lock and never migrates. Writing methods return
// ErrReadOnly. ErrNone when there is no database.
func OpenReadOnly(ctx context.Context, o Options) (*Store, error) {
	if o.Now == nil {
		return nil, errNoClock
	}
	s := start(o)
	var err error
	if o.DSN != "" {
		err = s.readPostgres(ctx, o.DSN)
	} else {
		err = s.readSQLite(ctx, o.Dir)
	}
	if err != nil {
		return nil, errors.Join(err, s.release(false))
	}
	return s, nil
}

func start(o Options) *Store {
	s := &Store{now: o.Now, newID: o.NewID, log: o.Logger, steps: steps{migrations.Latest(), migrations.Up}}
	if s.newID == nil {
		s.newID = func() string { return uuid.Must(uuid.NewV7()).String() }
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	return s
}

// Close answers what is queued, brings the log into the database file and gives the folder free. Later calls do
// nothing. Methods called afterwards return ErrClosed.
func (s *Store) Close() error {
	var err error
	s.close.Do(func() {
		if s.writer != nil {
			s.writer.end()
		}
		if s.stop != nil {
			s.stop()
		}
		s.tasks.Wait()
		err = s.release(true)
	})
	return err
}

// release closes what is open, readers first: the last connection of SQLite can then remove the log.
func (s *Store) release(clean bool) error {
	var errs []error
	s.reads.close()
	if s.read != nil {
		errs = append(errs, s.read.Close())
	}
	if s.write != nil {
		if clean {
			errs = append(errs, s.dialect.settle(s.write))
		}
		errs = append(errs, s.write.Close())
	}
	if s.folder != nil {
		errs = append(errs, s.folder.unlock(clean && errors.Join(errs...) == nil))
	}
	return errors.Join(errs...)
}

func milliseconds(t time.Time) int64 { return t.UnixMilli() }

func fromMilliseconds(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
