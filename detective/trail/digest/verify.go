package digest

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail"
)

// Place is an account and region that must have a chain.
type Place struct{ Account, Region string }

// Options say what to validate.
type Options struct {
	From, To time.Time // the span; From is required, a zero To means Now
	Now      time.Time // the time to judge by; required
	// Expect lists the chains that must exist: the accounts of the trail times
	// their enabled regions. Without it a region that is gone is not missed.
	Expect []Place
	// Latest is, by place, when the last digest was delivered according to
	// GetTrailStatus; the chain must reach it. Else it must reach two hours
	// before Now, or To.
	Latest map[Place]time.Time
	// Failing lists the places whose digest delivery is known to fail
	// (LatestDigestDeliveryError): holes younger than a day are pending there.
	Failing []Place
	// Origin maps an object of a copy to where it lay in S3. The default takes
	// bucket and key as listed; an empty bucket is not compared.
	Origin func(trail.Object) (bucket, key string)
	// MaxInflated bounds each file; default 200 MB.
	MaxInflated int64
}

// delay is how long after its hour a digest may take.
const delay = 2 * time.Hour

// Verify validates the digests and log files that the listing holds. The listing
// must hold both kinds for the span, one hour more on each side, and of each
// object the current version alone; the errors it
// yields make every result unknown. The error is the context's.
func Verify(ctx context.Context, src trail.Source, keys Keys, o Options) (Report, error) {
	v := &verifier{o: o, keys: keys, streams: map[Place]*stream{}, inflater: &trail.Gzip{}}
	if v.o.Now.IsZero() || v.o.From.IsZero() {
		return Report{}, fmt.Errorf("digest: options without From or Now")
	}
	if v.o.To.IsZero() || v.o.To.After(v.o.Now) {
		v.o.To = v.o.Now
	}
	if v.o.MaxInflated <= 0 {
		v.o.MaxInflated = 200 << 20
	}
	var listing []error
	for obj, err := range src {
		if cerr := ctx.Err(); cerr != nil {
			return Report{}, cerr
		}
		if err != nil {
			listing = append(listing, err)
			continue
		}
		v.place(obj)
	}
	for _, p := range v.o.Expect {
		v.stream(p)
	}
	rep := Report{From: v.o.From, To: v.o.To}
	for _, s := range v.streams {
		if err := v.check(ctx, s); err != nil {
			return rep, err
		}
		for _, err := range listing {
			s.add(Finding{Problem: Unreadable, Detail: "listing: " + err.Error()})
		}
		s.Status = Intact
		for _, f := range s.Findings {
			s.Status = s.Status.worse(f.Problem.Status())
		}
		rep.Streams = append(rep.Streams, s.Stream)
	}
	slices.SortFunc(rep.Streams, func(a, b Stream) int {
		if c := strings.Compare(a.Account, b.Account); c != 0 {
			return c
		}
		return strings.Compare(a.Region, b.Region)
	})
	return rep, nil
}

type verifier struct {
	o        Options
	keys     Keys
	streams  map[Place]*stream
	inflater trail.Inflater
	in, out  []byte
}

type stream struct {
	Stream
	digests []object
	lost    map[string]time.Time // digests that are there but were not readable or valid, by key
	seen    map[string]bool      // the digests listed
	logs    map[string]object    // by bucket/key, or key alone where the bucket is not known
}

type object struct {
	trail.Object
	key         trail.ObjectKey
	bucket, obj string // the origin
}

func (o object) name() string { return strings.TrimPrefix(o.bucket+"/"+o.obj, "/") }

func (v *verifier) stream(p Place) *stream {
	s := v.streams[p]
	if s == nil {
		s = &stream{Stream: Stream{Account: p.Account, Region: p.Region}, lost: map[string]time.Time{}, seen: map[string]bool{}, logs: map[string]object{}}
		v.streams[p] = s
	}
	return s
}

// place puts an object into its stream.
func (v *verifier) place(obj trail.Object) {
	o := object{Object: obj, bucket: obj.Bucket, obj: obj.Key}
	if v.o.Origin != nil {
		o.bucket, o.obj = v.o.Origin(obj)
	}
	k, err := trail.ParseKey(o.obj)
	if err != nil {
		v.unexpected(o, err)
		return
	}
	o.key = k
	s := v.stream(Place{k.Account, k.Region})
	switch k.Class {
	case trail.DigestFile:
		if s.seen[o.name()] {
			return
		}
		s.seen[o.name()] = true
		if k.Delivered.After(v.o.From.Add(-delay)) && !k.Delivered.After(v.o.To.Add(delay)) || k.Backfill {
			s.digests = append(s.digests, o)
		}
	case trail.Log:
		s.logs[o.obj] = o
	}
}

// unexpected reports an object in the folder of log files or digests that
// CloudTrail would not have named so.
func (v *verifier) unexpected(o object, why error) {
	parts := strings.Split(o.obj, "/")
	for i := 1; i+1 < len(parts); i++ {
		if parts[i] == "CloudTrail" || parts[i] == "CloudTrail-Digest" {
			s := v.stream(Place{parts[i-1], parts[i+1]})
			s.add(Finding{Problem: Unexpected, Object: o.name(), Detail: why.Error()})
			return
		}
	}
}

// read fetches and inflates an object strictly. The result is valid until the
// next call.
func (v *verifier) read(ctx context.Context, o object) (data []byte, invalid, unreadable error) {
	rc, err := o.Open(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = rc.Close() }() // only read: what was read is checked
	v.in, err = appendLimited(v.in[:0], rc, v.o.MaxInflated)
	if err != nil {
		return nil, nil, err
	}
	v.out, err = v.inflater.Inflate(v.out, v.in, v.o.MaxInflated)
	return v.out, err, nil
}

func appendLimited(dst []byte, r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = trail.ErrTooLarge
	}
	return append(dst, b...), err
}

// check validates one stream.
func (v *verifier) check(ctx context.Context, s *stream) error {
	var digests []*digestFile
	for _, o := range s.digests {
		if err := ctx.Err(); err != nil {
			return err
		}
		d := v.load(ctx, s, o)
		if d == nil {
			s.lost[o.obj] = o.key.Delivered
			continue
		}
		digests = append(digests, d)
	}
	s.Digests = len(digests)
	// Each trail has a chain of its own, and backfill digests another.
	chains := map[string][]*digestFile{}
	for _, d := range digests {
		// Trails of two home regions may have one name.
		id := fmt.Sprint(d.key.Trail, " ", d.key.Home, " ", d.key.Backfill)
		chains[id] = append(chains[id], d)
	}
	regular := false
	for _, c := range chains {
		slices.SortFunc(c, func(a, b *digestFile) int { return a.end.Compare(b.end) })
		if err := v.chain(ctx, s, c); err != nil {
			return err
		}
		regular = regular || !c[0].key.Backfill
	}
	if !regular && len(s.lost) == 0 {
		s.add(Finding{Problem: StreamMissing, From: v.o.From, To: v.o.To})
	}
	return v.logs(ctx, s, digests)
}

// load reads and parses one digest.
func (v *verifier) load(ctx context.Context, s *stream, o object) *digestFile {
	data, invalid, unreadable := v.read(ctx, o)
	if unreadable != nil {
		s.add(Finding{Problem: Unreadable, Object: o.name(), Detail: unreadable.Error()})
		return nil
	}
	if invalid != nil {
		s.add(Finding{Problem: DigestInvalid, Object: o.name(), Detail: invalid.Error()})
		return nil
	}
	d, err := parse(data)
	if err != nil {
		s.add(Finding{Problem: DigestInvalid, Object: o.name(), Detail: err.Error()})
		return nil
	}
	d.key, d.origin = o.key, o.name()
	for k, val := range o.Metadata {
		switch strings.TrimPrefix(strings.ToLower(k), "x-amz-meta-") {
		case "signature":
			d.signature = val
		case "backfill-generation-timestamp":
			d.generated, _ = time.Parse(time.RFC3339, val)
		}
	}
	if o.obj != d.Object || o.bucket != "" && o.bucket != d.Bucket {
		s.add(Finding{Problem: DigestMoved, Object: o.name(), Detail: "it belongs at " + d.Bucket + "/" + d.Object})
	}
	if d.end.UTC().Format("20060102T150405Z") != o.key.Delivered.Format("20060102T150405Z") {
		s.add(Finding{Problem: TimeDiffers, Object: o.name(), Detail: "digestEndTime is " + d.EndText})
	}
	return d
}
