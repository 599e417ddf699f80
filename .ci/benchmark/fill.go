package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"

	"keyhole/quiz/progress"
	"keyhole/quiz/store"
)

// fillBytes is how large the database is that a start-up is measured on.
const fillBytes = 30 << 20

// fill makes a data folder with a database of fillBytes: journal entries of 200 learners besides the solo one.
func fill(dir string) error {
	ctx := context.Background()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	db, err := store.Open(ctx, store.Options{Dir: dir, Now: time.Now})
	if err != nil {
		return err
	}
	defer db.Close()
	for n := range 200 {
		if err := db.CreateLearner(ctx, progress.Learner{ID: fmt.Sprintf("bench-%d", n), Name: "Bench", Created: time.Now()}); err != nil {
			return err
		}
	}
	detail, _ := json.Marshal(map[string]any{"chosen": []string{"one", "two"}, "order": []string{"one", "two", "three", "four"}, "confidence": "fairly", "ms": 23456})
	for size(dir) < fillBytes {
		var wg sync.WaitGroup
		failed := make(chan error, 64)
		for worker := range 64 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for range 100 {
					id := uuid.NewString()
					_, _, err := db.Append(ctx, progress.Entry{ID: id, Learner: fmt.Sprintf("bench-%d", worker), Key: id, Kind: progress.Answered,
						Item: "q/bench", Revision: "1", At: time.Now(), Detail: detail})
					if err != nil {
						failed <- err
						return
					}
				}
			}()
		}
		wg.Wait()
		select {
		case err := <-failed:
			return err
		default:
		}
	}
	return nil
}

// size is the bytes of every file of the folder, the write-ahead log included.
func size(dir string) (total int64) {
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, f := range files {
		if info, err := os.Stat(f); err == nil && !info.IsDir() {
			total += info.Size()
		}
	}
	return total
}
