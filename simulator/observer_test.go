package simulator

import (
	"context"
	"strings"
	"testing"

	"keyhole/labs/call"
	"keyhole/simulator/world"
)

// A bucket whose policy refuses everybody, the root too, in an account whose organization does as well.
const closedWorld = `{"accounts":[{"id":"111122223333","name":"acme","users":[{"name":"admin","policies":{"all":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}}}]}],
"buckets":[{"name":"shut","account":"111122223333","policy":{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::shut","arn:aws:s3:::shut/*"]}]}}]}`

func TestObserverIsRefusedByNoPolicy(t *testing.T) {
	w, err := ParseWorld([]byte(closedWorld), WorldOptions{Seed: "observer"})
	if err != nil {
		t.Fatal(err)
	}
	s := New(Options{World: w})
	root, _ := w.KeyOf("111122223333", "")
	ask := func(sim *Simulator, key world.AccessKey, operation string) int {
		t.Helper()
		c := &call.Client{Transport: sim.Client(Transport{Secure: true, TLS: "1.3", Network: "internet"}), Endpoint: "https://s3.us-east-1.amazonaws.com",
			Now: w.Now, Credentials: call.Credentials{AccessKey: key.ID, Secret: key.Secret}}
		params := map[string]any{"Bucket": "shut"}
		if strings.HasPrefix(operation, "iam:") {
			params = nil
		}
		out, err := c.Do(context.Background(), operation, params)
		if err != nil {
			t.Fatal(err)
		}
		return out.Status
	}
	if got := ask(s, root, "GetBucketVersioning"); got != 403 {
		t.Fatalf("the root got %d, which the policy refuses", got)
	}
	watcher, key, err := s.Observer("111122223333")
	if err != nil {
		t.Fatal(err)
	}
	for _, operation := range []string{"GetBucketVersioning", "ListObjectsV2", "GetBucketPolicy", "iam:ListUsers"} {
		if got := ask(watcher, key, operation); got != 200 {
			t.Errorf("the observer's %s: %d", operation, got)
		}
	}
	if _, known := w.AccessKey(key.ID); known {
		t.Error("the observer's key works outside of the copy")
	}
	if got := ask(s, root, "GetBucketVersioning"); got != 403 {
		t.Errorf("after an observer looked, the root got %d", got)
	}
	if _, _, err := s.Observer("000000000000"); err == nil || !strings.Contains(err.Error(), "000000000000") {
		t.Errorf("an account that is not there: %v", err)
	}
}
