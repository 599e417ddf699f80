package store

import (
	"fmt"
	"runtime/debug"
)

// work runs a background task that must not take the server down: a panic is logged and ends the task only.
// Close waits for it.
func (s *Store) work(name string, task func()) {
	s.tasks.Add(1)
	go func() {
		defer s.tasks.Done()
		defer func() {
			if p := recover(); p != nil {
				s.log.Error("a background task of the store failed", "task", name, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			}
		}()
		task()
	}()
}
