package compliance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// waiverFormat is the version of the waiver file. It rises whenever a waiver
// that stands in an old file would cover something else.
const waiverFormat = 1

// waiverRow is a waiver as it stands in a file, with days for times.
type waiverRow struct {
	fields
	Created string `json:"created,omitempty"`
	Expires string `json:"expires"`
}

type fields Waiver

// ReadWaivers reads a waiver file:
//
//	{"version": 1, "waivers": [{
//	  "control": "iam.access-key-age", "resource": "AKIAIOSFODNN7EXAMPLE",
//	  "owner": "ana@example.com", "reason": "The supplier rotates in March.",
//	  "expires": "2027-03-31"}]}
//
// Each waiver is read by itself: the sound ones are given along with one error
// that names every fault by the waiver's place in the file. A member that is
// not known is a fault, since it may be what should narrow the waiver.
func ReadWaivers(r io.Reader) ([]Waiver, error) {
	var file struct {
		Version int               `json:"version"`
		Waivers []json.RawMessage `json:"waivers"`
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("compliance: waiver file: %w", err)
	}
	if err := strictly(b, &file); err != nil {
		return nil, fmt.Errorf("compliance: waiver file: %w", err)
	}
	if file.Version != waiverFormat {
		return nil, fmt.Errorf("compliance: waiver file: version %d is not version %d, which this library reads", file.Version, waiverFormat)
	}
	var all []Waiver
	var errs []error
	ids := map[string]bool{}
	for i, raw := range file.Waivers {
		w, err := readWaiver(raw)
		if err == nil && w.ID != "" && ids[w.ID] {
			err = fmt.Errorf("compliance: waiver %s stands twice", w.ID)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("compliance: waiver file: waiver number %d: %w", i+1, err))
			continue
		}
		ids[w.ID] = true
		all = append(all, w)
	}
	return all, errors.Join(errs...)
}

func readWaiver(raw []byte) (Waiver, error) {
	var row waiverRow
	if err := strictly(raw, &row); err != nil {
		return Waiver{}, err
	}
	w := Waiver(row.fields)
	for _, d := range []struct {
		name, text string
		to         *time.Time
	}{{"created", row.Created, &w.Created}, {"expires", row.Expires, &w.Expires}} {
		if d.text == "" {
			continue
		}
		t, err := time.Parse(time.DateOnly, d.text)
		if err != nil {
			return w, fmt.Errorf("%s: %q is not a day such as 2027-03-31", d.name, d.text)
		}
		*d.to = t
	}
	return w, w.Validate()
}

// WriteWaivers writes what ReadWaivers reads. A waiver that would not be read
// again is an error, and then nothing is written.
func WriteWaivers(to io.Writer, ws []Waiver) error {
	file := struct {
		Version int         `json:"version"`
		Waivers []waiverRow `json:"waivers"`
	}{waiverFormat, []waiverRow{}}
	for _, w := range ws {
		if err := w.Validate(); err != nil {
			return err
		}
		row := waiverRow{fields: fields(w), Expires: w.Expires.UTC().Format(time.DateOnly)}
		if !w.Created.IsZero() {
			row.Created = w.Created.UTC().Format(time.DateOnly)
		}
		file.Waivers = append(file.Waivers, row)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(file); err != nil {
		return fmt.Errorf("compliance: waiver file: %w", err)
	}
	if _, err := to.Write(b.Bytes()); err != nil {
		return fmt.Errorf("compliance: waiver file: %w", err)
	}
	return nil
}

// strictly decodes one JSON value and refuses members that v does not have.
func strictly(b []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("more than one JSON value")
	}
	return nil
}
