package digest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/awsposture/posture/detective/trail"
)

const name = "example-trail"

func TestAttacks(t *testing.T) {
	const region = "eu-central-1"
	dk := func(h int) string { return digestKey(region, at(h), "") }
	lk := func(h, i int) string {
		return logKey(region, at(h).Add(time.Duration(10+i)*time.Minute), fmt.Sprintf("uniq%02d%010d", h, i))
	}
	for title, c := range map[string]struct {
		attack func(b bucket)
		opt    func(o *Options)
		want   string // problems, sorted
		status Status
	}{
		"nothing": {func(bucket) {}, nil, "", Intact},
		"the newest digests are deleted": {func(b bucket) {
			for h := 9; h <= 10; h++ {
				delete(b, dk(h))
			}
		}, nil, "newest digests missing", Broken},
		"three digests in the middle are deleted": {func(b bucket) {
			for h := 4; h <= 6; h++ {
				delete(b, dk(h))
			}
		}, nil, "digest missing,digest missing,digest missing", Broken},
		"a digest is changed": {func(b bucket) {
			b.edit(dk(5), false, func(d map[string]any) { d["newestEventTime"] = "x" })
		}, nil, "digest replaced,signature wrong", Broken},
		"a digest is replaced and signed anew": {func(b bucket) {
			b.edit(dk(5), true, func(d map[string]any) { d["newestEventTime"] = "x" })
		}, nil, "digest replaced,digest replaced", Broken},
		"the newest digest is changed": {func(b bucket) {
			b.edit(dk(10), false, func(d map[string]any) { d["newestEventTime"] = "x" })
		}, nil, "signature wrong", Broken},
		"a digest is moved": {func(b bucket) {
			to := digestKey(region, at(5).Add(time.Second), "")
			b[to] = b[dk(5)]
			delete(b, dk(5))
		}, nil, "digest moved,time differs", Broken},
		"a digest is no digest":       {func(b bucket) { b[dk(10)].data = zipped([]byte("{}")) }, nil, "digest invalid", Broken},
		"a second member in a digest": {func(b bucket) { b[dk(5)].data = append(b[dk(5)].data, zipped([]byte("x"))...) }, nil, "digest invalid", Broken},
		"a log file is deleted":       {func(b bucket) { delete(b, lk(3, 0)) }, nil, "log file missing", Broken},
		"a log file is changed":       {func(b bucket) { b[lk(3, 0)].data = zipped([]byte(`{"Records":[]}`)) }, nil, "log file altered", Broken},
		"a second member in a log":    {func(b bucket) { b[lk(3, 0)].data = append(b[lk(3, 0)].data, zipped([]byte("x"))...) }, nil, "log file invalid", Broken},
		"bytes after a log":           {func(b bucket) { b[lk(3, 0)].data = append(b[lk(3, 0)].data, "x"...) }, nil, "log file invalid", Broken},
		"a truncated log":             {func(b bucket) { b[lk(3, 0)].data = b[lk(3, 0)].data[:20] }, nil, "log file invalid", Broken},
		"a log file is injected":      {func(b bucket) { b[lk(3, 7)] = &stored{data: zipped([]byte("{}"))} }, nil, "log file unlisted", Broken},
		"a young log is not listed yet": {func(b bucket) {
			b[logKey(region, at(10).Add(-time.Minute), "uniqueuniqueuniq")] = &stored{data: zipped([]byte("{}"))}
		}, nil, "", Intact},
		"an object with an odd name": {func(b bucket) {
			b["AWSLogs/111122223333/CloudTrail/"+region+"/2026/03/01/extra.json.gz"] = &stored{data: zipped([]byte("{}"))}
		}, nil, "unexpected object", Broken},
		"listed twice with different hashes": {func(b bucket) {
			b.edit(dk(10), true, func(d map[string]any) {
				d["logFiles"] = append(d["logFiles"].([]any), map[string]any{"s3Bucket": name, "s3Object": lk(3, 0), "hashValue": "00", "hashAlgorithm": "SHA-256"})
			})
		}, nil, "log file listed twice", Broken},
		"another hash algorithm": {func(b bucket) {
			b.edit(dk(10), true, func(d map[string]any) { d["logFiles"].([]any)[0].(map[string]any)["hashAlgorithm"] = "MD5" })
		}, nil, "digest invalid", Broken},
		"a log cannot be read":    {func(b bucket) { b[lk(3, 0)].fail = errors.New("AccessDenied") }, nil, "object not readable", Unknown},
		"a digest cannot be read": {func(b bucket) { b[dk(10)].fail = errors.New("AccessDenied") }, nil, "object not readable", Unknown},
		"the metadata is lost":    {func(b bucket) { b[dk(10)].meta = nil }, nil, "signature not available", Incomplete},
		"old metadata is lost":    {func(b bucket) { b[dk(5)].meta = nil }, nil, "", Intact},
		"hours are missing while delivery fails": {
			func(b bucket) { delete(b, dk(9)); delete(b, dk(10)) },
			func(o *Options) { o.Failing = []Place{{"111122223333", region}} }, "digest pending", Incomplete,
		},
		"a region is gone": {func(bucket) {}, func(o *Options) { o.Expect = []Place{{"111122223333", "us-west-2"}} }, "no digests", Broken},
		"the trail's status names a later digest": {func(bucket) {}, func(o *Options) {
			o.To, o.Now = at(14), at(14)
			o.Latest = map[Place]time.Time{{"111122223333", region}: at(13)}
		}, "newest digests missing", Broken},
		"an unknown key": {func(b bucket) {
			b.edit(dk(10), true, func(d map[string]any) { d["digestPublicKeyFingerprint"] = "gone" })
		}, nil, "public key not found", Unknown},
	} {
		b := bucket{}
		b.build(region, 10, chainOptions{})
		c.attack(b)
		o := Options{From: at(0), To: at(12), Now: at(12)}
		if c.opt != nil {
			c.opt(&o)
		}
		rep, err := Verify(t.Context(), b.source(), &fakeKeys{}, o)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range rep.Streams {
			for _, f := range s.Findings {
				got = append(got, string(f.Problem))
			}
		}
		sort.Strings(got)
		if strings.Join(got, ",") != c.want || rep.Status() != c.status {
			j, _ := json.MarshalIndent(rep, "", " ")
			t.Errorf("%s: %q, status %s, want %q, %s\n%s", title, got, rep.Status(), c.want, c.status, j)
		}
	}
}

func TestStartedGapAndSpan(t *testing.T) {
	b := bucket{}
	b.build("eu-central-1", 10, chainOptions{restartAt: 5, fingerprint: "spki"})
	k := &fakeKeys{}
	rep, err := Verify(t.Context(), b.source(), k, Options{From: at(0), To: at(12), Now: at(12)})
	if err != nil {
		t.Fatal(err)
	}
	s := rep.Streams[0]
	// The restart follows the digest before it without a hole in time.
	if s.Status != Intact || s.Digests != 10 || s.Logs != 20 || !s.From.Equal(at(0)) || !s.To.Equal(at(10)) {
		t.Errorf("%+v", s)
	}
	if !slices.Contains(k.asked, "eu-central-1 3h0m0s") {
		t.Errorf("keys were asked for %v", k.asked[0])
	}
	// Logging was off for an hour.
	delete(b, digestKey("eu-central-1", at(5), ""))
	rep, err = Verify(t.Context(), b.source(), k, Options{From: at(0), To: at(12), Now: at(12)})
	if err != nil {
		t.Fatal(err)
	}
	if f := rep.Streams[0].Findings; len(f) != 1 || f[0].Problem != Started || !f[0].From.Equal(at(4)) || !f[0].To.Equal(at(5)) || rep.Status() != Incomplete {
		t.Errorf("%+v", rep)
	}
	// Its files are not called extras: nothing vouches for that hour.
	rep, err = Verify(t.Context(), b.source(), k, Options{From: at(6), To: at(12), Now: at(12)})
	if err != nil || rep.Status() != Intact {
		t.Errorf("a span after the gap: %+v %v", rep, err)
	}
}

func TestSeveralRegionsAndBackfill(t *testing.T) {
	b := bucket{}
	b.build("eu-central-1", 3, chainOptions{})
	b.build("us-east-1", 3, chainOptions{})
	b.build("eu-south-1", 3, chainOptions{})
	late := logKey("us-east-1", at(1).Add(30*time.Minute), "lateuniquelateun")
	data := []byte(`{"Records":[]}`)
	b[late] = &stored{data: zipped(data)}
	check := func() map[string]Status {
		rep, err := Verify(t.Context(), b.source(), &fakeKeys{}, Options{From: at(0), To: at(5), Now: at(5)})
		if err != nil {
			t.Fatal(err)
		}
		m := map[string]Status{}
		for _, s := range rep.Streams {
			m[s.Region] = s.Status
		}
		return m
	}
	if m := check(); m["eu-central-1"] != Intact || m["us-east-1"] != Broken || m["eu-south-1"] != Unknown {
		t.Errorf("before the backfill: %v", m)
	}
	key, _, _ := b.sign(map[string]any{
		"digestStartTime": at(0).Format(time.RFC3339), "digestEndTime": at(3).Format(time.RFC3339), "digestS3Bucket": name, "digestS3Object": digestKey("us-east-1", at(3), "_backfill"),
		"digestPublicKeyFingerprint": "fp", "digestSignatureAlgorithm": "SHA256withRSA", "previousDigestSignature": nil,
		"logFiles": []any{map[string]any{"s3Bucket": name, "s3Object": late, "hashValue": strings.ToUpper(sum(data)), "hashAlgorithm": "SHA-256"}},
	})
	b[key].meta["x-amz-meta-backfill-generation-timestamp"] = at(4).Format(time.RFC3339)
	if m := check(); m["us-east-1"] != Intact {
		t.Errorf("after the backfill: %v", m)
	}
}

func TestOfflineCopy(t *testing.T) {
	b := bucket{}
	b.build("eu-central-1", 4, chainOptions{})
	src := func(yield func(trail.Object, error) bool) {
		for o, err := range b.source() {
			o.Bucket, o.Key = "", "copy/"+o.Key
			if !yield(o, err) {
				return
			}
		}
	}
	rep, err := Verify(t.Context(), src, &fakeKeys{}, Options{From: at(0), To: at(6), Now: at(6), Origin: func(o trail.Object) (string, string) {
		return "", strings.TrimPrefix(o.Key, "copy/")
	}})
	if err != nil || rep.Status() != Intact {
		t.Errorf("%+v %v", rep, err)
	}
	if _, err := Verify(t.Context(), src, &fakeKeys{}, Options{}); err == nil {
		t.Error("options without a span were accepted")
	}
	failing := func(yield func(trail.Object, error) bool) {
		for o, err := range src {
			yield(o, err)
		}
		yield(trail.Object{}, errors.New("listing broke off"))
	}
	rep, err = Verify(t.Context(), failing, &fakeKeys{}, Options{From: at(0), To: at(6), Now: at(6), Origin: func(o trail.Object) (string, string) {
		return "", strings.TrimPrefix(o.Key, "copy/")
	}})
	if err != nil || rep.Status() != Unknown {
		t.Errorf("a listing with an error: %v %v", rep.Status(), err)
	}
}

// TestAnyByte: whichever byte of whichever stored object changes, the chain is
// not intact (the gzip header's time and name bytes are not content).
func TestAnyByte(t *testing.T) {
	b := bucket{}
	b.build("eu-central-1", 2, chainOptions{})
	for key, s := range b {
		for i := 10; i < len(s.data); i += 7 {
			old := s.data[i]
			s.data[i] ^= 0x41
			rep, err := Verify(t.Context(), b.source(), &fakeKeys{}, Options{From: at(0), To: at(4), Now: at(4)})
			if err != nil {
				t.Fatal(err)
			}
			if rep.Status() == Intact {
				t.Errorf("byte %d of %s changed, and all is well", i, key)
			}
			s.data[i] = old
		}
	}
}
