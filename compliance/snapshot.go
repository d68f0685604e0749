package compliance

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
)

// mark is the hash in a fingerprint. Its version is 1.
type mark [16]byte

const markVersion = "1-"

func markOf(fingerprint string) (p mark, ok bool) {
	h, found := strings.CutPrefix(fingerprint, markVersion)
	if !found || len(h) != 2*len(p) {
		return p, false
	}
	_, err := hex.Decode(p[:], []byte(h))
	return p, err == nil
}

func (p mark) String() string { return markVersion + hex.EncodeToString(p[:]) }

// Snapshot is the verdict of every finding of one assessment, small enough to
// keep until the next one.
type Snapshot struct {
	at       time.Time
	ran      map[scanned]ran
	verdicts map[mark]posture.Status // failing ones too
	failing  map[mark]Failing
	former   map[mark]mark     // the fingerprint under a control's former id → that under its id
	renamed  map[string]string // a control's former id → its id
}

// scanned is one control at one place, and ran is how it ran there.
type scanned struct {
	Control string        `json:"control"`
	Place   posture.Place `json:"place"`
}

type ran struct {
	params   string
	complete bool // nothing of it is unknown, so what it does not list is not there
}

// Failing is a failing finding as a snapshot keeps it.
type Failing struct {
	Fingerprint string           `json:"fingerprint"`
	Control     string           `json:"control"`
	Place       posture.Place    `json:"place"` // where its control looked
	Resource    posture.Resource `json:"resource"`
	Sub         string           `json:"sub,omitempty"`
	Severity    posture.Severity `json:"severity"`
	Owner       string           `json:"owner,omitempty"`
	Waived      bool             `json:"waived,omitempty"`
}

func newSnapshot(at time.Time) *Snapshot {
	return &Snapshot{at: at.UTC(), ran: map[scanned]ran{}, verdicts: map[mark]posture.Status{}, failing: map[mark]Failing{}, former: map[mark]mark{}, renamed: map[string]string{}}
}

// Snapshot gives what has passed through Items, nil unless the assessor keeps it.
func (r *Run) Snapshot() *Snapshot { return r.snapshot }

func (s *Snapshot) add(res posture.Result, item *Item, params string) {
	f := &item.Finding
	p, ok := markOf(f.Fingerprint())
	key := scanned{res.Control.ID, res.Place}
	how, again := s.ran[key]
	if !again {
		how = ran{params, true}
	}
	if !ok || f.Status == posture.Unknown || how.params != params {
		how.complete = false
	}
	if old, there := s.ran[key]; !there || old != how {
		s.ran[key] = how
	}
	if !ok {
		return
	}
	if old, twice := s.verdicts[p]; twice && badness(old) > badness(f.Status) {
		return // the worse of two verdicts on one thing stands
	}
	s.verdicts[p] = f.Status
	delete(s.failing, p)
	if f.Status == posture.Fail {
		s.failing[p] = Failing{p.String(), res.Control.ID, res.Place, f.Resource, f.Sub, f.Severity, item.Owner, item.Waiver != nil}
	}
	for _, id := range res.Control.Replaces {
		s.renamed[id] = res.Control.ID
		old := posture.Finding{Control: id, Resource: f.Resource, Sub: f.Sub}
		if q, ok := markOf(old.Fingerprint()); ok {
			s.former[q] = p
		}
	}
}

// stopped notes that not all findings of a result were seen.
func (s *Snapshot) stopped(res posture.Result) {
	key := scanned{res.Control.ID, res.Place}
	how := s.ran[key]
	how.complete = false
	s.ran[key] = how
}

func badness(s posture.Status) int {
	return slices.Index([]posture.Status{posture.NotApplicable, posture.Pass, posture.Unknown, posture.Fail}, s)
}

// snapshotFormat is the version of the snapshot's JSON form.
const snapshotFormat = 1

type snapshotJSON struct {
	Version  int               `json:"version"`
	At       time.Time         `json:"at"`
	Ran      []ranJSON         `json:"ran"`
	Failing  []Failing         `json:"failing"`
	Verdicts map[string]string `json:"verdicts"` // by status: the other hashes, 16 bytes each, in order, in base64
	Former   string            `json:"former,omitempty"`
	Renamed  map[string]string `json:"renamed,omitempty"`
}

type ranJSON struct {
	scanned
	Params   string `json:"params,omitempty"`
	Complete bool   `json:"complete"`
}

// WriteSnapshot writes s in a form of its own, the same bytes for the same
// verdicts.
func WriteSnapshot(to io.Writer, s *Snapshot) error {
	out := snapshotJSON{Version: snapshotFormat, At: s.at, Ran: []ranJSON{}, Failing: []Failing{}, Verdicts: map[string]string{}, Renamed: s.renamed}
	for key, how := range s.ran {
		out.Ran = append(out.Ran, ranJSON{key, how.params, how.complete})
	}
	slices.SortFunc(out.Ran, func(a, b ranJSON) int {
		return strings.Compare(a.Control+" "+a.Place.String(), b.Control+" "+b.Place.String())
	})
	by := map[posture.Status][]mark{}
	for p, status := range s.verdicts {
		if status == posture.Fail {
			out.Failing = append(out.Failing, s.failing[p])
			continue
		}
		by[status] = append(by[status], p)
	}
	slices.SortFunc(out.Failing, func(a, b Failing) int { return strings.Compare(a.Fingerprint, b.Fingerprint) })
	for status, ps := range by {
		slices.SortFunc(ps, compareMarks)
		out.Verdicts[status.String()] = pack(ps)
	}
	var pairs []mark
	for _, old := range slices.SortedFunc(maps.Keys(s.former), compareMarks) {
		pairs = append(pairs, old, s.former[old])
	}
	out.Former = pack(pairs)
	if err := json.NewEncoder(to).Encode(out); err != nil {
		return fmt.Errorf("compliance: snapshot: %w", err)
	}
	return nil
}

// ReadSnapshot reads what WriteSnapshot wrote.
func ReadSnapshot(from io.Reader) (*Snapshot, error) {
	b, err := io.ReadAll(from)
	if err != nil {
		return nil, fmt.Errorf("compliance: snapshot: %w", err)
	}
	var in snapshotJSON
	if err := strictly(b, &in); err != nil {
		return nil, fmt.Errorf("compliance: snapshot: %w", err)
	}
	if in.Version != snapshotFormat {
		return nil, fmt.Errorf("compliance: snapshot: version %d is not version %d, which this library reads", in.Version, snapshotFormat)
	}
	s := newSnapshot(in.At)
	maps.Copy(s.renamed, in.Renamed)
	for _, r := range in.Ran {
		s.ran[r.scanned] = ran{r.Params, r.Complete}
	}
	for i, f := range in.Failing {
		p, ok := markOf(f.Fingerprint)
		if !ok {
			return nil, fmt.Errorf("compliance: snapshot: failing finding %d: %q is not a fingerprint", i, f.Fingerprint)
		}
		s.verdicts[p], s.failing[p] = posture.Fail, f
	}
	for name, packed := range in.Verdicts {
		var status posture.Status
		if err := status.UnmarshalText([]byte(name)); err != nil || status == posture.Fail {
			return nil, fmt.Errorf("compliance: snapshot: %q is not a verdict that stands there", name)
		}
		ps, err := unpack(packed)
		if err != nil {
			return nil, fmt.Errorf("compliance: snapshot: verdicts %s: %w", name, err)
		}
		for _, p := range ps {
			if _, twice := s.verdicts[p]; twice {
				return nil, fmt.Errorf("compliance: snapshot: %s has two verdicts", p)
			}
			s.verdicts[p] = status
		}
	}
	pairs, err := unpack(in.Former)
	if err != nil || len(pairs)%2 != 0 {
		return nil, errors.New("compliance: snapshot: former fingerprints do not decode")
	}
	for i := 0; i < len(pairs); i += 2 {
		s.former[pairs[i]] = pairs[i+1]
	}
	return s, nil
}

func compareMarks(a, b mark) int { return slices.Compare(a[:], b[:]) }

func pack(ps []mark) string {
	b := make([]byte, 0, len(ps)*len(mark{}))
	for _, p := range ps {
		b = append(b, p[:]...)
	}
	return base64.StdEncoding.EncodeToString(b)
}

func unpack(s string) ([]mark, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil || len(b)%len(mark{}) != 0 {
		return nil, errors.New("not a list of hashes")
	}
	ps := make([]mark, 0, len(b)/len(mark{}))
	for c := range slices.Chunk(b, len(mark{})) {
		ps = append(ps, mark(c))
	}
	return ps, nil
}
