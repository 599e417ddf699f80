//go:build unix

package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// cluster is the one PostgreSQL of a test run; each test has a database of its own in it.
var cluster struct {
	once   sync.Once
	err    error
	dir    string
	server *exec.Cmd
	number int
	mu     sync.Mutex
}

var errNoPostgres = errors.New("initdb is not on the PATH")

// postgresDatabase gives a fresh database. Without PostgreSQL the test is skipped, unless KEYHOLE_REQUIRE names it.
func postgresDatabase(t testing.TB) string {
	t.Helper()
	cluster.once.Do(func() { cluster.err = startPostgres() })
	if errors.Is(cluster.err, errNoPostgres) && !strings.Contains(os.Getenv("KEYHOLE_REQUIRE"), "postgres") {
		t.Skip("PostgreSQL: " + cluster.err.Error())
	}
	must(t, cluster.err)
	cluster.mu.Lock()
	cluster.number++
	name := fmt.Sprintf("test%d", cluster.number)
	cluster.mu.Unlock()
	conn, err := pgx.Connect(t.Context(), address("postgres"))
	must(t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	_, err = conn.Exec(t.Context(), `CREATE DATABASE `+name)
	must(t, err)
	return address(name)
}

func address(database string) string {
	return "postgres:///" + database + "?host=" + cluster.dir + "&user=postgres"
}

// startPostgres makes a cluster that listens on a socket only. initdb refuses root, so root becomes user postgres.
func startPostgres() error {
	initdb, err := exec.LookPath("initdb")
	if err != nil {
		return errNoPostgres
	}
	if initdb, err = filepath.EvalSymlinks(initdb); err != nil {
		return err
	}
	if cluster.dir, err = os.MkdirTemp("/tmp", "kh"); err != nil { // short: a socket's path has about 100 bytes
		return err
	}
	as := &syscall.SysProcAttr{}
	if os.Geteuid() == 0 {
		u, err := user.Lookup("postgres")
		if err != nil {
			return err
		}
		uid, _ := strconv.ParseUint(u.Uid, 10, 32)
		gid, _ := strconv.ParseUint(u.Gid, 10, 32)
		as.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		if err := os.Chown(cluster.dir, int(uid), int(gid)); err != nil {
			return err
		}
	}
	data := filepath.Join(cluster.dir, "data")
	create := exec.Command(initdb, "-D", data, "-U", "postgres", "-A", "trust", "-N", "--no-instructions", "-E", "UTF8", "--locale=C")
	create.Dir, create.SysProcAttr = cluster.dir, as
	if out, err := create.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	cluster.server = exec.Command(filepath.Join(filepath.Dir(initdb), "postgres"), "-D", data, "-k", cluster.dir, "-c", "listen_addresses=",
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=32MB", "-c", "logging_collector=off")
	cluster.server.Dir, cluster.server.SysProcAttr = cluster.dir, as
	if err := cluster.server.Start(); err != nil {
		return err
	}
	for range 300 {
		conn, dial := pgx.Connect(context.Background(), address("postgres"))
		if dial == nil {
			return conn.Close(context.Background())
		}
		err = dial
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("PostgreSQL does not answer: %w", err)
}

func stopPostgres() {
	if cluster.server != nil && cluster.server.Process != nil {
		_ = cluster.server.Process.Signal(os.Interrupt)
		_ = cluster.server.Wait()
	}
	if cluster.dir != "" {
		_ = os.RemoveAll(cluster.dir)
	}
}
