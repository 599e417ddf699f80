package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// batchSize is the most changes that share one COMMIT. Measured: 128 gives twelve times the durable answers of 1.
	batchSize = 128
	// queueSize is how many changes may wait before a caller has to.
	queueSize = 1024
	// batchTries is how often a batch is tried when PostgreSQL asks for it.
	batchTries = 8
	// firstPause is the wait before the second try; it doubles.
	firstPause = 2 * time.Millisecond
)

// writer is the group commit: one goroutine takes what is queued, runs each change in a savepoint of one transaction,
// commits, and only then answers all. It never waits on a timer: alone, a change is committed at once.
type writer struct {
	store *Store
	queue chan *change
	kept  statements

	mu    sync.RWMutex // held for reading while queueing, for writing to close the queue
	ended bool
}

// change is one caller's writes. do may run more than once and must leave its results only in what it captured.
type change struct {
	do    func(*tx) error
	err   error
	done  chan struct{}
	taken atomic.Bool // by the writer, or by a caller that gave up: whoever sets it first
}

func newWriter(s *Store) *writer {
	return &writer{store: s, queue: make(chan *change, queueSize)}
}

// apply runs do in the next batch and returns after COMMIT. A caller whose context ends while the change still
// waits gets the context's error and nothing is written; once the change has begun, its true outcome is awaited.
func (s *Store) apply(ctx context.Context, do func(*tx) error) error {
	if s.writer == nil {
		return ErrReadOnly
	}
	c := &change{do: do, done: make(chan struct{})}
	if err := s.writer.put(ctx, c); err != nil {
		return err
	}
	select {
	case <-c.done:
	case <-ctx.Done():
		if c.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		<-c.done
	}
	return c.err
}

func (w *writer) put(ctx context.Context, c *change) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.ended {
		return ErrClosed
	}
	select {
	case w.queue <- c:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// end lets no more changes in; the loop finishes those that are queued.
func (w *writer) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.ended {
		w.ended = true
		close(w.queue)
	}
}

func (w *writer) loop() {
	defer w.kept.close()
	for first := range w.queue {
		batch := make([]*change, 0, batchSize)
		batch = take(batch, first)
	drain:
		for len(batch) < batchSize {
			select {
			case c, more := <-w.queue:
				if !more {
					break drain
				}
				batch = take(batch, c)
			default:
				break drain
			}
		}
		if len(batch) == 0 {
			continue
		}
		err := w.commit(batch)
		for _, c := range batch {
			if err != nil {
				c.err = err
			}
			close(c.done)
		}
	}
}

func take(batch []*change, c *change) []*change {
	if c.taken.CompareAndSwap(false, true) {
		return append(batch, c)
	}
	return batch // its caller gave up
}

// commit writes the batch durably. An error is the whole batch's; an error of one change stays in that change.
func (w *writer) commit(batch []*change) error {
	pause := firstPause
	for tries := 1; ; tries++ {
		err := w.try(batch)
		if err == nil {
			return nil
		}
		if tries == batchTries || !w.store.dialect.again(err) {
			return w.store.dialect.explain(err)
		}
		time.Sleep(pause)
		pause *= 2
	}
}

func (w *writer) try(batch []*change) (err error) {
	ctx := context.Background() // a caller that leaves must not undo its neighbours
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the store's writer failed: %v", p)
			w.store.log.Error("the store's writer failed", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		}
	}()
	raw, err := w.store.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = raw.Rollback() }() // after Commit it does nothing

	t := &tx{ctx: ctx, raw: raw, kept: &w.kept}
	for _, c := range batch {
		if c.err, err = w.one(t, c, len(batch) > 1); err != nil {
			return err
		}
	}
	if len(batch) == 1 && batch[0].err != nil {
		return nil // nothing to keep: the deferred rollback ends it
	}
	if err := raw.Commit(); err != nil {
		return err
	}
	w.prepare(ctx, t.missing)
	return nil
}

// one runs a change. its is the change's own error; all is an error after which the transaction is lost.
func (w *writer) one(t *tx, c *change, fenced bool) (its, all error) {
	if fenced {
		if _, err := t.raw.ExecContext(t.ctx, `SAVEPOINT one_change`); err != nil {
			return nil, err
		}
	}
	err := safely(func() error { return c.do(t) })
	if err != nil && w.store.dialect.again(err) {
		return nil, err
	}
	if !fenced {
		return w.store.dialect.explain(err), nil
	}
	if err != nil {
		if _, lost := t.raw.ExecContext(t.ctx, `ROLLBACK TO SAVEPOINT one_change`); lost != nil {
			return nil, errors.Join(err, lost) // a full disk undoes the whole transaction by itself
		}
	}
	if _, lost := t.raw.ExecContext(t.ctx, `RELEASE SAVEPOINT one_change`); lost != nil {
		return nil, lost
	}
	return w.store.dialect.explain(err), nil
}

// prepare prepares between transactions what the last one had to run unprepared: the only connection is free now.
func (w *writer) prepare(ctx context.Context, queries []string) {
	for _, q := range queries {
		if _, err := w.kept.of(ctx, w.store.write, q); err != nil {
			w.store.log.Warn("a statement is not prepared", "query", q, "error", err)
		}
	}
}

func safely(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("a change failed: %v\n%s", p, debug.Stack())
		}
	}()
	return do()
}

// tx is the transaction a change writes in.
type tx struct {
	ctx     context.Context
	raw     *sql.Tx
	kept    *statements
	missing []string
}

// exec runs a statement and returns how many rows it touched.
func (t *tx) exec(query string, args ...any) (int64, error) {
	var result sql.Result
	var err error
	if stmt, ok := t.kept.ready(query); ok {
		result, err = t.raw.StmtContext(t.ctx, stmt).ExecContext(t.ctx, args...)
	} else {
		t.missing = append(t.missing, query)
		result, err = t.raw.ExecContext(t.ctx, query, args...)
	}
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// row runs a query for one row.
func (t *tx) row(query string, args ...any) *sql.Row {
	if stmt, ok := t.kept.ready(query); ok {
		return t.raw.StmtContext(t.ctx, stmt).QueryRowContext(t.ctx, args...)
	}
	t.missing = append(t.missing, query)
	return t.raw.QueryRowContext(t.ctx, query, args...)
}
