package digest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

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
			// A trail writes its digests and logs under one prefix; the logs of a
			// trail without validation that lie beside them are no extras.
			if d.key.Prefix == o.key.Prefix && d.key.Organization == o.key.Organization && !d.key.Backfill && !at.Before(d.Start) && at.Before(d.end) {
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
