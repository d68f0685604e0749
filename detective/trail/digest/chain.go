package digest

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail"
)

// chain validates digests of one trail, sorted from the oldest.
func (v *verifier) chain(ctx context.Context, s *stream, c []*digestFile) error {
	backfill := c[0].key.Backfill
	byObject := map[string]*digestFile{}
	// By object, the digests that remember it. Backfill digests are not made in
	// the order of the hours they are for, so that these may be older.
	after := map[string][]*digestFile{}
	for _, d := range c {
		byObject[d.Object] = d
		if d.PreviousObject != nil {
			after[*d.PreviousObject] = append(after[*d.PreviousObject], d)
		}
	}
	for i := len(c) - 1; i >= 0; i-- {
		d := c[i]
		// The signature is in the object's own metadata and, for all but the
		// newest, in the digest that follows it.
		known, err := v.signature(ctx, s, d, after[d.Object], overlaps(c, i) && !backfill)
		if err != nil {
			return err
		}
		for _, next := range after[d.Object] {
			v.remembered(s, d, next)
		}
		if known && !backfill {
			if s.From.IsZero() || d.Start.Before(s.From) {
				s.From = d.Start
			}
			if d.end.After(s.To) {
				s.To = d.end
			}
		}
		switch {
		case backfill:
			// They say nothing of the time between them: only that one is gone.
			if p := d.PreviousObject; p != nil && byObject[*p] == nil && s.lost[*p].IsZero() && !v.before(*p) {
				s.add(Finding{Problem: DigestMissing, Object: d.Bucket + "/" + *p, Detail: d.origin + " follows it"})
			}
		case d.PreviousObject == nil:
			if d.Start.After(v.o.From) {
				from := v.o.From
				if i > 0 && c[i-1].end.After(from) {
					from = c[i-1].end
				}
				if from.Before(d.Start) {
					s.add(Finding{Problem: Started, Object: d.origin, From: from, To: d.Start})
				}
			}
		case !s.lost[*d.PreviousObject].IsZero(): // reported already
		case byObject[*d.PreviousObject] == nil && d.Start.After(v.o.From):
			// Everything between the next older digest that is there and this
			// one is missing, hour by hour.
			from := v.o.From
			if i > 0 && c[i-1].end.After(from) {
				from = c[i-1].end
			}
			v.hole(s, DigestMissing, *d.PreviousObject, from, d.Start)
		case i > 0 && byObject[*d.PreviousObject] != nil && !byObject[*d.PreviousObject].end.Equal(d.Start):
			s.add(Finding{Problem: DigestMissing, Object: d.origin, From: byObject[*d.PreviousObject].end, To: d.Start, Detail: "its start is not the end of the digest before"})
		}
	}
	if backfill {
		return nil
	}
	newest := c[len(c)-1]
	reached := newest.end
	for _, at := range s.lost {
		if at.After(reached) {
			reached = at
		}
	}
	until := v.o.Now.Add(-delay)
	if l, ok := v.o.Latest[Place{s.Account, s.Region}]; ok {
		until = l
	}
	if v.o.To.Before(until) {
		until = v.o.To
	}
	// A digest covers an hour: only a whole hour that lacks one is missing.
	if !reached.Add(time.Hour).After(until) {
		v.hole(s, TailMissing, "", reached, until)
	}
	return nil
}

// before reports whether a digest was made before the span; backups and life
// cycles may have removed it.
func (v *verifier) before(object string) bool {
	k, err := trail.ParseKey(object)
	return err == nil && k.Delivered.Before(v.o.From)
}

// overlaps reports whether another digest of the chain covers part of the time
// of the i-th.
func overlaps(c []*digestFile, i int) bool {
	return slices.ContainsFunc(c, func(d *digestFile) bool {
		return d != c[i] && d.Start.Before(c[i].end) && c[i].Start.Before(d.end)
	})
}

// hole reports missing digests, or that they are pending.
func (v *verifier) hole(s *stream, p Problem, object string, from, to time.Time) {
	if slices.Contains(v.o.Failing, Place{s.Account, s.Region}) && v.o.Now.Sub(from) < 24*time.Hour {
		p = Pending
	}
	if p == DigestMissing {
		hours := max(int(to.Sub(from)/time.Hour), 1)
		for h := range hours {
			end := from.Add(time.Duration(h+1) * time.Hour)
			f := Finding{Problem: p, From: from.Add(time.Duration(h) * time.Hour), To: end}
			if h == hours-1 {
				f.Object, f.To = object, to
			}
			s.add(f)
		}
		return
	}
	s.add(Finding{Problem: p, Object: object, From: from, To: to})
}

// signature checks the digest's signature with the region's keys. It reports
// whether it is right.
func (v *verifier) signature(ctx context.Context, s *stream, d *digestFile, after []*digestFile, overlaps bool) (bool, error) {
	signature := d.signature
	for _, next := range after {
		if signature == "" && next.PreviousSignature != nil {
			signature = *next.PreviousSignature
		}
	}
	if signature == "" {
		// Only the last digest before a gap or the present has no follower.
		p := Unsigned
		if overlaps {
			p = Outside
		}
		s.add(Finding{Problem: p, Object: d.origin, From: d.Start, To: d.end})
		return false, nil
	}
	from, to := d.Start, d.end.Add(delay)
	if !d.generated.IsZero() {
		from, to = d.generated.Add(-time.Hour), d.generated.Add(time.Hour)
	}
	keys, err := v.keys.PublicKeys(ctx, s.Region, from, to)
	if err != nil {
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		s.add(Finding{Problem: KeyMissing, Object: d.origin, Detail: err.Error()})
		return false, nil
	}
	for _, k := range keys {
		if k.Fingerprint == d.Fingerprint {
			err := d.verify(k.DER, signature)
			if err != nil {
				s.add(Finding{Problem: SignatureWrong, Object: d.origin, From: d.Start, To: d.end, Detail: err.Error()})
			}
			return err == nil, nil
		}
	}
	s.add(Finding{Problem: KeyMissing, Object: d.origin, Detail: "no key with the fingerprint " + d.Fingerprint})
	return false, nil
}

// remembered compares a digest with what the next one says of it: an attacker
// who replaces a digest together with its metadata cannot change that.
func (v *verifier) remembered(s *stream, d, next *digestFile) {
	bad := func(what string) {
		s.add(Finding{Problem: Replaced, Object: d.origin, From: d.Start, To: d.end, Detail: what + " is not what " + next.origin + " remembers"})
	}
	if next.PreviousHashAlg != nil && *next.PreviousHashAlg != "SHA-256" {
		bad("the hash algorithm")
	} else if next.PreviousHash == nil || !strings.EqualFold(*next.PreviousHash, d.hash) {
		bad("the hash")
	}
	if d.signature != "" && (next.PreviousSignature == nil || !strings.EqualFold(*next.PreviousSignature, d.signature)) {
		bad("the signature")
	}
}
