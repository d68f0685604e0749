package evidence

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
)

// recordingVersion is the version of the form in which recordings are written.
const recordingVersion = 1

// maxLine bounds one exchange as written: two bodies, in base64, and escapes.
const maxLine = 512 << 20

type recordingHead struct {
	Version int `json:"version"`
	Recording
	Count int `json:"exchanges"`
}

// WriteTo writes the recording as JSON Lines: a head, then one exchange a line.
// The same recording gives the same bytes.
func (r Recording) WriteTo(w io.Writer) (int64, error) {
	var total int64
	for line, err := range r.lines() {
		if err != nil {
			return total, err
		}
		n, err := w.Write(line)
		total += int64(n)
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

func (r Recording) lines() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		r.Exchanges = slices.Clone(r.Exchanges)
		r.sort()
		if !yield(line(recordingHead{recordingVersion, r, len(r.Exchanges)})) {
			return
		}
		for i := range r.Exchanges {
			if !yield(line(&r.Exchanges[i])) {
				return
			}
		}
	}
}

// ReadRecording reads what WriteTo wrote, and nothing else: an unknown member,
// another version, or a count that is not that of the lines is an error that
// names the line. The exchanges read before it are given beside it.
func ReadRecording(r io.Reader) (Recording, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	lines.Split(wholeLines)
	if !lines.Scan() {
		return Recording{}, fmt.Errorf("evidence: recording: %w", errors.Join(errors.New("it has no head"), lines.Err()))
	}
	var head recordingHead
	if err := decodeCanonical(lines.Bytes(), &head); err != nil {
		return Recording{}, fmt.Errorf("evidence: recording: line 1: %w", err)
	}
	if head.Version != recordingVersion {
		return Recording{}, fmt.Errorf("evidence: recording: version %d is not version %d, which this library reads", head.Version, recordingVersion)
	}
	out := head.Recording
	for n := 2; lines.Scan(); n++ {
		var e Exchange
		if err := decodeCanonical(lines.Bytes(), &e); err != nil {
			return out, fmt.Errorf("evidence: recording: line %d: %w", n, err)
		}
		if e.Call < 1 || e.Attempt < 1 {
			return out, fmt.Errorf("evidence: recording: line %d: call %d, attempt %d: both count from 1", n, e.Call, e.Attempt)
		}
		out.Exchanges = append(out.Exchanges, e)
	}
	if err := lines.Err(); err != nil {
		return out, fmt.Errorf("evidence: recording: after line %d: %w", len(out.Exchanges)+1, err)
	}
	if len(out.Exchanges) != head.Count {
		return out, fmt.Errorf("evidence: recording: has %d exchanges, its head says %d", len(out.Exchanges), head.Count)
	}
	return out, nil
}

var errCut = errors.New("the last line has no end")

// wholeLines splits at newlines and takes no line without one.
func wholeLines(b []byte, atEOF bool) (int, []byte, error) {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return i + 1, b[:i], nil
	}
	if atEOF && len(b) > 0 {
		return 0, nil, errCut
	}
	return 0, nil, nil
}
