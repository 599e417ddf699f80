package main

import (
	"context"
	"encoding/json"
	"fmt"

	"keyhole/quiz/progress"
)

// recorder carries lab events into the journal: labs does not know progress, so cmd joins them.
func recorder(s progress.Store, m *machine) func(ctx context.Context, learner, kind, item, key string, right bool, score float64, detail any) error {
	return func(ctx context.Context, learner, kind, item, key string, right bool, score float64, detail any) error {
		raw, err := json.Marshal(detail)
		if err != nil {
			return fmt.Errorf("recorder(%s, %s): %w", kind, item, err)
		}
		_, _, err = s.Append(ctx, progress.Entry{ID: newID(), Learner: learner, Key: key, Kind: progress.Kind(kind), Item: item,
			Right: right, Score: score, At: m.now(), Detail: raw})
		return err
	}
}
