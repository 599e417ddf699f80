package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"keyhole/content"
)

// loadTime is how long each load runs.
const loadTime = 5 * time.Second

// client keeps its connections and follows no redirect: an answer is durable when the 303 arrives.
func client(connections int) *http.Client {
	return &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       20 * time.Second,
	}
}

// load calls one from n goroutines for loadTime and returns the sorted times.
func load(n int, one func() error) ([]time.Duration, error) {
	var mu sync.Mutex
	var all []time.Duration
	var failed atomic.Value
	var wg sync.WaitGroup
	end := time.Now().Add(loadTime)
	for range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var mine []time.Duration
			for time.Now().Before(end) {
				began := time.Now()
				if err := one(); err != nil {
					failed.Store(err)
					return
				}
				mine = append(mine, time.Since(began))
			}
			mu.Lock()
			all = append(all, mine...)
			mu.Unlock()
		}()
	}
	wg.Wait()
	if err, ok := failed.Load().(error); ok {
		return nil, err
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	return all, nil
}

func print(what string, n int, all []time.Duration) {
	if len(all) == 0 {
		fmt.Printf("%s: nothing came back\n", what)
		return
	}
	at := func(share float64) time.Duration {
		return all[int(share*float64(len(all)-1))].Round(10 * time.Microsecond)
	}
	fmt.Printf("%s at %d clients: %.0f a second, p50 %v, p99 %v\n", what, n, float64(len(all))/loadTime.Seconds(), at(0.5), at(0.99))
}

// pages loads the question page, closed loop, with as many clients as keep two cores busy.
func pages(base string) error {
	library, err := content.Embedded()
	if err != nil {
		return err
	}
	const clients = 8
	c := client(clients)
	address := base + "/practice/" + library.Questions[0].ID + "?a="
	all, err := load(clients, func() error {
		r, err := c.Get(address + uuid.NewString())
		if err != nil {
			return err
		}
		defer r.Body.Close()
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return err
		}
		if r.StatusCode != http.StatusOK {
			return fmt.Errorf("question page: %s", r.Status)
		}
		return nil
	})
	if err != nil {
		return err
	}
	print("question pages over HTTP", clients, all)
	return nil
}

// answers posts answers with a key each; every 303 is a durable answer.
func answers(base string) error {
	library, err := content.Embedded()
	if err != nil {
		return err
	}
	q := library.Questions[0]
	form := url.Values{}
	for _, o := range q.Options {
		if o.Correct {
			form.Add("option", o.ID)
		}
	}
	const clients = 64
	c := client(clients)
	all, err := load(clients, func() error {
		body := form.Encode() + "&key=" + uuid.NewString()
		r, err := c.Post(base+"/practice/"+q.ID, "application/x-www-form-urlencoded", strings.NewReader(body))
		if err != nil {
			return err
		}
		defer r.Body.Close()
		if r.StatusCode != http.StatusSeeOther {
			return fmt.Errorf("answer: %s", r.Status)
		}
		return nil
	})
	if err != nil {
		return err
	}
	print("durable answers over HTTP", clients, all)
	return nil
}
