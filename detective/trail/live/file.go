package live

import (
	"context"
	"errors"
	"os"
	"path/filepath"
)

// File stores the state in a file of that name. Another file, of that name and
// ".new", is written first and then takes its place, so that a crash leaves the
// old state or the new one.
type File string

// Load reads the file; nil when there is none.
func (f File) Load(context.Context) ([]byte, error) {
	b, err := os.ReadFile(string(f))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return b, err
}

// Save replaces the file. It is on the disk when Save returns: messages are
// deleted next.
func (f File) Save(_ context.Context, state []byte) error {
	name := string(f) + ".new"
	w, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = w.Write(state)
	if err == nil {
		err = w.Sync()
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	if err := os.Rename(name, string(f)); err != nil {
		return err
	}
	// The new name, too, must outlive a power failure.
	d, err := os.Open(filepath.Dir(string(f)))
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, os.ErrPermission) || errors.Is(err, errors.ErrUnsupported) {
		err = nil // a system on which directories cannot be synced
	}
	return errors.Join(err, d.Close())
}
