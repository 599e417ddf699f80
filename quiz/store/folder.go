package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// LockName is the file that one server holds locked. It also remembers an unclean stop: it holds a line while a
// server runs, and is emptied by a clean one.
const LockName = "keyhole.lock"

// folder is a data folder held by this process.
type folder struct {
	dir     string
	lock    *os.File
	unclean bool // the last server did not end by Close
}

// lockFolder takes the data folder for this process, or says in one sentence why not.
func lockFolder(dir string) (*folder, error) {
	if dir == "" {
		return nil, errors.New("no data folder was named")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("the data folder %s cannot be found: %w", dir, err)
	}
	if err := makeFolder(dir); err != nil {
		return nil, err
	}
	if kind := networkKind(dir); kind != "" {
		return nil, fmt.Errorf("the data folder %s is on a network drive (%s), where the database cannot be kept safe; choose a local folder", dir, kind)
	}
	file, err := os.OpenFile(filepath.Join(dir, LockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the data folder %s cannot be written: %w", dir, cause(err))
	}
	if err := tryLock(file); err != nil {
		text, _ := io.ReadAll(io.LimitReader(file, 200)) // only to name the process
		_ = file.Close()
		if errors.Is(err, errLocked) {
			return nil, inUse(dir, string(text))
		}
		return nil, fmt.Errorf("the data folder %s cannot be locked: %w", dir, cause(err))
	}
	f := &folder{dir: dir, lock: file}
	if err := f.mark(); err != nil {
		_ = f.unlock(false)
		return nil, fmt.Errorf("the data folder %s cannot be written: %w", dir, cause(err))
	}
	return f, nil
}

// makeFolder makes the last part of the path only: a mistyped path is not built.
func makeFolder(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		parent := filepath.Dir(dir)
		if _, err := os.Stat(parent); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("the data folder %s cannot be made because %s does not exist", dir, parent)
		}
		if err := os.Mkdir(dir, 0o700); err != nil {
			return fmt.Errorf("the data folder %s cannot be made: %w", dir, cause(err))
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("the data folder %s cannot be used: %w", dir, cause(err))
	}
	if !info.IsDir() {
		return fmt.Errorf("the data folder %s is a file, not a folder", dir)
	}
	return nil
}

// mark notes how the last server ended and that one is running now.
func (f *folder) mark() error {
	info, err := f.lock.Stat()
	if err != nil {
		return err
	}
	f.unclean = info.Size() > 0
	if err := f.lock.Truncate(0); err != nil {
		return err
	}
	if _, err := f.lock.WriteAt(fmt.Appendf(nil, "process %d\n", os.Getpid()), 0); err != nil {
		return err
	}
	return f.lock.Sync() // else a power cut would look like a clean stop
}

// unlock gives the folder free; clean empties the file, so that the next start need not check the database.
func (f *folder) unlock(clean bool) error {
	var errs []error
	if clean {
		errs = append(errs, f.lock.Truncate(0))
	}
	return errors.Join(append(errs, f.lock.Close())...) // closing unlocks
}

func inUse(dir, text string) error {
	who := ""
	if line := strings.TrimSpace(text); strings.HasPrefix(line, "process ") {
		who = " (" + line + ")"
	}
	return fmt.Errorf("%s: %w%s", dir, ErrInUse, who)
}

// cause strips the path that the sentence already names.
func cause(err error) error {
	var e *fs.PathError
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}
