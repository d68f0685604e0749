package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"

	"github.com/awsposture/posture"
)

// jsonLines is the media type of JSON Lines.
const jsonLines = "application/jsonl"

// File gives the recording as a file of a bundle, "answers/111122223333.jsonl".
func (r Recording) File() (File, error) {
	var b bytes.Buffer
	if _, err := r.WriteTo(&b); err != nil {
		return File{}, err
	}
	return Bytes(answersName(r.Account), jsonLines, b.Bytes()), nil
}

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
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil && r.Account != account {
		err = fmt.Errorf("evidence: %q is the recording of account %q", name, r.Account)
	}
	return r, err
}

// Findings gives the findings of results as the file "findings.jsonl", one a
// line in the order of the results.
func Findings(results []posture.Result) (File, error) {
	var all []byte
	for _, r := range results {
		for _, f := range r.Findings {
			b, err := json.Marshal(f)
			if err != nil {
				return File{}, fmt.Errorf("evidence: finding of %s on %s: %w", f.Control, f.Resource, err)
			}
			all = append(append(all, b...), '\n')
		}
	}
	return Bytes("findings.jsonl", jsonLines, all), nil
}

// Judgement is what one control was judged with at one place.
type Judgement struct {
	Control string          `json:"control"`
	Place   posture.Place   `json:"place"`
	Params  []posture.Param `json:"params"`
}

// Parameters gives what each control was judged with, those without parameters
// too, as the file "parameters.jsonl", one a line in the order of the results.
func Parameters(results []posture.Result) File {
	var all []byte
	for _, r := range results {
		j := Judgement{r.Control.ID, r.Place, r.Control.Params}
		if j.Params == nil {
			j.Params = []posture.Param{}
		}
		all = append(append(all, canonical(j)...), '\n')
	}
	return Bytes("parameters.jsonl", jsonLines, all)
}

// ReadSignature reads a bundle's signature, which Prove needs. It does not
// verify it.
func ReadSignature(fsys fs.FS) (Signature, error) {
	b, err := readSmall(fsys, SignatureName, maxSignature)
	if err != nil {
		return Signature{}, err
	}
	var s Signature
	if err := decodeCanonical(b, &s); err != nil {
		return Signature{}, fmt.Errorf("evidence: %s: %w", SignatureName, err)
	}
	return s, nil
}
