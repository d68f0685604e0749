package digest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// chain validates digests of one trail, sorted from the oldest.
func (v *verifier) chain(ctx context.Context, s *stream, c []*digestFile) error {
	backfill := c[0].key.Backfill
	byObject := map[string]*digestFile{}
	for _, d := range c {
		byObject[d.Object] = d
	}
	for i := len(c) - 1; i >= 0; i-- {
		d := c[i]
		// The signature is in the object's own metadata and, for all but the
		// newest, in the digest that follows it.
		var next *digestFile
		for _, n := range c[i+1:] {
			if n.PreviousObject != nil && *n.PreviousObject == d.Object {
				next = n
				break
			}
		}
		if err := v.signature(ctx, s, d, next); err != nil {
			return err
		}
		if next != nil {
			v.remembered(s, d, next)
		}
		if backfill {
			continue
		}
		switch {
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
	if s.From.IsZero() || c[0].Start.Before(s.From) {
		s.From = c[0].Start
	}
	if newest.end.After(s.To) {
		s.To = newest.end
	}
	return nil
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

// signature checks the digest's signature with the region's keys.
func (v *verifier) signature(ctx context.Context, s *stream, d, next *digestFile) error {
	signature := d.signature
	if signature == "" && next != nil && next.PreviousSignature != nil {
		signature = *next.PreviousSignature
	}
	if signature == "" {
		s.add(Finding{Problem: Unsigned, Object: d.origin, From: d.Start, To: d.end})
		return nil
	}
	from, to := d.Start, d.end.Add(delay)
	if !d.generated.IsZero() {
		from, to = d.generated.Add(-time.Hour), d.generated.Add(time.Hour)
	}
	keys, err := v.keys.PublicKeys(ctx, s.Region, from, to)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s.add(Finding{Problem: KeyMissing, Object: d.origin, Detail: err.Error()})
		return nil
	}
	for _, k := range keys {
		if k.Fingerprint == d.Fingerprint {
			if err := d.verify(k.DER, signature); err != nil {
				s.add(Finding{Problem: SignatureWrong, Object: d.origin, From: d.Start, To: d.end, Detail: err.Error()})
			}
			return nil
		}
	}
	s.add(Finding{Problem: KeyMissing, Object: d.origin, Detail: "no key with the fingerprint " + d.Fingerprint})
	return nil
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

// logs checks the listed files, and looks for others.
func (v *verifier) logs(ctx context.Context, s *stream, digests []*digestFile) error {
	listed := map[string]string{}
	for _, d := range digests {
		for _, l := range d.Logs {
			if err := ctx.Err(); err != nil {
				return err
			}
			name := l.Bucket + "/" + l.Object
			if hash, ok := listed[l.Object]; ok {
				if !strings.EqualFold(hash, l.Hash) {
					s.add(Finding{Problem: LogTwice, Object: name, Detail: "again in " + d.origin})
				}
				continue
			}
			listed[l.Object] = l.Hash
			if d.end.Before(v.o.From) || d.Start.After(v.o.To) {
				continue
			}
			s.Logs++
			v.log(ctx, s, d, l, name)
		}
	}
	for key, o := range s.logs {
		if _, ok := listed[key]; ok {
			continue
		}
		at := o.key.Delivered
		if at.Before(v.o.From) || !at.Before(v.o.To) || v.o.Now.Sub(at) < time.Hour+delay {
			continue
		}
		// A span without digests is not covered; its files are no extras.
		for _, d := range digests {
			if !d.key.Backfill && !at.Before(d.Start) && at.Before(d.end) {
				s.add(Finding{Problem: LogUnlisted, Object: o.name(), Detail: "no digest lists it; " + d.origin + " covers its time"})
				break
			}
		}
	}
	return nil
}

func (v *verifier) log(ctx context.Context, s *stream, d *digestFile, l logFile, name string) {
	o, ok := s.logs[l.Object]
	if !ok || o.bucket != "" && o.bucket != l.Bucket {
		s.add(Finding{Problem: LogMissing, Object: name, From: d.Start, To: d.end})
		return
	}
	if l.Algorithm != "" && l.Algorithm != "SHA-256" {
		s.add(Finding{Problem: DigestInvalid, Object: d.origin, Detail: "hash algorithm " + l.Algorithm})
		return
	}
	data, invalid, unreadable := v.read(ctx, o)
	switch {
	case unreadable != nil:
		s.add(Finding{Problem: Unreadable, Object: name, Detail: unreadable.Error()})
	case invalid != nil:
		s.add(Finding{Problem: LogInvalid, Object: name, Detail: invalid.Error()})
	default:
		sum := sha256.Sum256(data)
		if !strings.EqualFold(hex.EncodeToString(sum[:]), l.Hash) {
			s.add(Finding{Problem: LogAltered, Object: name, From: d.Start, To: d.end})
		}
	}
}
