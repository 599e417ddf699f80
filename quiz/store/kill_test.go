package store

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"keyhole/quiz/progress"
)

// childFolder, when set, makes the test binary a child that appends answers until it is killed.
const (
	childFolder = "KEYHOLE_STORE_CHILD"
	childRetry  = "KEYHOLE_STORE_RETRY" // keys whose outcome the last child did not learn
	childRound  = "KEYHOLE_STORE_ROUND"
)

// child prints "try KEY" before an answer and "ack KEY" after Append has returned, never earlier.
func child(dir string) {
	s, err := Open(context.Background(), Options{Now: time.Now, Dir: dir})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	_ = s.CreateLearner(context.Background(), progress.Learner{ID: "ann", Name: "Ann"}) // there after the first round
	var out sync.Mutex
	say := func(word, key string) {
		out.Lock()
		defer out.Unlock()
		_, _ = os.Stdout.WriteString(word + " " + key + "\n")
	}
	add := func(key string) {
		say("try", key)
		if _, _, err := s.Append(context.Background(), answer("ann", key)); err != nil {
			say("error", err.Error())
			return
		}
		say("ack", key)
	}
	for _, key := range strings.Fields(os.Getenv(childRetry)) {
		add(key)
	}
	for worker := range 8 {
		go func() { // the process ends by being killed
			for i := 0; ; i++ {
				add(fmt.Sprintf("%s-%d-%d", os.Getenv(childRound), worker, i))
			}
		}()
	}
	select {}
}

// 30 rounds of kill -9 while answers are written: each acknowledged answer is there, none is there twice. What was
// sent without an answer is sent again in the next round, as a browser would.
func TestKillLosesNothing(t *testing.T) {
	const rounds = 30
	dir := t.TempDir()
	acked := map[string]bool{}
	var unsure []string
	for round := range rounds {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childFolder+"="+dir, childRetry+"="+strings.Join(unsure, " "), fmt.Sprintf("%s=r%d", childRound, round))
		out, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())
		tried, answers := map[string]bool{}, 0
		var kill *time.Timer
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			word, key, _ := strings.Cut(lines.Text(), " ")
			switch word {
			case "try":
				tried[key] = true
				if kill == nil { // from the first answer on, at any moment
					kill = time.AfterFunc(time.Duration(rand.IntN(250))*time.Millisecond, func() { _ = cmd.Process.Kill() })
				}
			case "ack":
				acked[key] = true
				delete(tried, key)
				answers++
			default:
				_ = cmd.Process.Kill()
				t.Fatalf("round %d: %s", round, lines.Text())
			}
		}
		_ = cmd.Wait() // killed
		if kill == nil {
			t.Fatalf("round %d wrote nothing", round)
		}
		unsure = unsure[:0]
		for key := range tried {
			unsure = append(unsure, key)
		}
	}

	s := open(t, Options{Now: time.Now, Dir: dir})
	entries, err := s.Entries(t.Context(), progress.Filter{Learner: "ann"})
	must(t, err)
	seen := map[string]int{}
	for _, e := range entries {
		seen[e.Key]++
	}
	lost, twice := 0, 0
	for key := range acked {
		if seen[key] == 0 {
			lost++
		}
	}
	for _, n := range seen {
		if n > 1 {
			twice++
		}
	}
	if lost > 0 || twice > 0 || len(acked) < 10*rounds {
		t.Errorf("%d acknowledged, %d of them lost, %d entries twice", len(acked), lost, twice)
	}
	if found, err := s.Check(t.Context()); err != nil || len(found) > 0 {
		t.Errorf("after the kills: %v %v", found, err)
	}
	t.Logf("%d kills, %d answers acknowledged, %d kept", rounds, len(acked), len(entries))
}
