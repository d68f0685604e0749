package evidence

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"

	"github.com/awsposture/posture"
)

// jsonLines is the media type of JSON Lines.
const jsonLines = "application/jsonl"

// File gives the recording as a file of a bundle, "answers/111122223333.jsonl".
func (r Recording) File() File { return linesFile(answersName(r.Account), r.lines()) }

func answersName(account string) string { return "answers/" + account + ".jsonl" }

// OpenRecording reads an account's recording out of a bundle. Verify the bundle
// first.
func OpenRecording(fsys fs.FS, account string) (Recording, error) {
	name := answersName(account)
	if err := checkName(name); err != nil {
		return Recording{}, fmt.Errorf("evidence: %w", err)
	}
	f, err := openRegular(fsys, name)
	if err != nil {
		return Recording{}, err
	}
	r, err := ReadRecording(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return r, fmt.Errorf("evidence: %q: %w", name, err)
	}
	if r.Account != account {
		return r, fmt.Errorf("evidence: %q is the recording of account %q", name, r.Account)
	}
	return r, nil
}

// Findings gives the findings of results as the file "findings.jsonl", one a
// line in the order of the results, encoded as they are written.
func Findings(results []posture.Result) File {
	return linesFile("findings.jsonl", func(yield func([]byte, error) bool) {
		for _, r := range results {
			for _, f := range r.Findings {
				b, err := json.Marshal(f)
				if err != nil {
					err = fmt.Errorf("evidence: finding of %s on %s: %w", f.Control, f.Resource, err)
				}
				if !yield(append(b, '\n'), err) {
					return
				}
			}
		}
	})
}

// Judgement is what one control was judged with at one place.
type Judgement struct {
	Control string          `json:"control"`
	Place   posture.Place   `json:"place"`
	Params  []posture.Param `json:"params"`
}

// Parameters gives what each control was judged with, those without parameters
// too, as the file "parameters.jsonl", one Judgement a line in the order of the results.
func Parameters(results []posture.Result) File {
	return linesFile("parameters.jsonl", func(yield func([]byte, error) bool) {
		for _, r := range results {
			j := Judgement{r.Control.ID, r.Place, r.Control.Params}
			if j.Params == nil {
				j.Params = []posture.Param{}
			}
			if !yield(line(j)) {
				return
			}
		}
	})
}

// line is a value as one line of JSON Lines.
func line(v any) ([]byte, error) {
	b := canonical(v)
	if b == nil {
		return nil, fmt.Errorf("evidence: a %T does not encode", v)
	}
	return append(b, '\n'), nil
}

func linesFile(name string, lines iter.Seq2[[]byte, error]) File {
	return File{name, jsonLines, func() (io.ReadCloser, error) {
		next, stop := iter.Pull2(lines)
		return &linesReader{next: next, stop: stop}, nil
	}}
}

// linesReader reads lines that are made when they are asked for.
type linesReader struct {
	next func() ([]byte, error, bool)
	stop func()
	rest []byte
}

func (r *linesReader) Read(b []byte) (int, error) {
	for len(r.rest) == 0 {
		line, err, more := r.next()
		if err != nil {
			return 0, err
		}
		if !more {
			return 0, io.EOF
		}
		r.rest = line
	}
	n := copy(b, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func (r *linesReader) Close() error {
	r.stop()
	return nil
}
