package posture

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"sync"
)

// FileJournal is a journal in a file, one JSON line an entry, synced before
// Append returns. It is locked against a second writer while it is open.
type FileJournal struct {
	mu   sync.Mutex
	file *os.File
	last int // number of the last entry
	size int64
}

// OpenJournal opens the journal at path, or begins one there. A last line that
// was cut by a crash is removed: what it would have announced was not called.
// A journal that is open elsewhere is ErrJournalBusy.
func OpenJournal(path string) (*FileJournal, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockFile(f); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %s: %w", ErrJournalBusy, path, err), f.Close())
	}
	j := &FileJournal{file: f}
	if err := j.mend(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return j, nil
}

// mend cuts an unfinished last line and finds the last entry's number.
func (j *FileJournal) mend() error {
	r := bufio.NewReader(j.file)
	for {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		j.size += int64(len(line))
		j.last++
	}
	if err := j.file.Truncate(j.size); err != nil {
		return err
	}
	return j.file.Sync()
}

// Append implements Journal.
func (j *FileJournal) Append(_ context.Context, e Entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if e.Seq != j.last+1 {
		return ErrJournalBusy
	}
	line, err := marshal(e)
	if err != nil {
		return err
	}
	line = append(line, '\n')
	if _, err := j.file.WriteAt(line, j.size); err != nil {
		// What was written of it must not stand before the next line.
		return errors.Join(err, j.file.Truncate(j.size))
	}
	if err := j.file.Sync(); err != nil {
		return err
	}
	j.size += int64(len(line))
	j.last++
	return nil
}

// Read implements Journal.
func (j *FileJournal) Read(ctx context.Context) iter.Seq2[Entry, error] {
	j.mu.Lock()
	size := j.size
	j.mu.Unlock()
	return linesJournal{io.NewSectionReader(j.file, 0, size)}.Read(ctx)
}

// Close lets the journal go.
func (j *FileJournal) Close() error { return j.file.Close() }

// ReadJournal is a journal to read and check only, from the lines of a FileJournal.
func ReadJournal(r io.Reader) Journal { return linesJournal{r} }

type linesJournal struct{ r io.Reader }

// Append refuses: the journal is for reading.
func (linesJournal) Append(context.Context, Entry) error {
	return errors.New("posture: this journal is for reading")
}

// Read implements Journal.
func (l linesJournal) Read(context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		r := bufio.NewReader(l.r)
		for n := 1; ; n++ {
			line, err := r.ReadBytes('\n')
			if errors.Is(err, io.EOF) && len(bytes.TrimSpace(line)) == 0 {
				return
			}
			var e Entry
			if err == nil || errors.Is(err, io.EOF) {
				err = readEntry(bytes.TrimSuffix(line, []byte("\n")), &e)
			}
			if err != nil {
				yield(Entry{}, fmt.Errorf("posture: journal line %d: %w", n, err))
				return
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// readEntry reads a line, to the byte as Append wrote it: what decodes alike and
// is written otherwise was changed by somebody.
func readEntry(line []byte, e *Entry) error {
	if err := strictly(line, e); err != nil {
		return err
	}
	if again, err := marshal(*e); err != nil || !bytes.Equal(again, line) {
		return errors.New("it is not as the journal writes entries")
	}
	return nil
}
