package trail

import (
	"bytes"
	"encoding/json"
	"io"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	goccy "github.com/goccy/go-json"
	"github.com/klauspost/compress/gzip"
	"github.com/valyala/fastjson"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
	"github.com/awsposture/posture/detective/trail/trailtest"
)

const perFile = 500

// corpus is the short preset: 20,000 records in files of 500.
var corpus = sync.OnceValue(func() (files [][]byte) {
	g := NewGenerator(1)
	for range 40 {
		files = append(files, g.Document(nil, perFile))
	}
	return files
})

var zipped = sync.OnceValue(func() (files [][]byte) {
	for _, f := range corpus() {
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, 6)
		z.Write(f)
		z.Close()
		files = append(files, b.Bytes())
	}
	return files
})

// agers make later events of the corpus.
var agers = sync.OnceValue(func() (as []*Ager) {
	for _, f := range corpus() {
		as = append(as, NewAger(f))
	}
	return as
})

// age moves the corpus on by the time it covers.
func age() {
	zipped() // as it was first
	for _, a := range agers() {
		a.Age(400 * time.Second)
	}
}

func size(files [][]byte) (n int) {
	for _, f := range files {
		n += len(f)
	}
	return n
}

func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// measure runs f over the corpus and reports megabytes of JSON per second of
// CPU time, and what was allocated per event.
func measure(b *testing.B, f func()) {
	b.Helper()
	n := size(corpus())
	f() // warm: indexes and buffers are filled
	b.SetBytes(int64(n))
	runtime.GC()
	var m0, m1 runtime.MemStats
	runtime.ReadMemStats(&m0)
	start := cpu()
	for b.Loop() {
		f()
	}
	used := cpu() - start
	runtime.ReadMemStats(&m1)
	b.ReportMetric(float64(n)*float64(b.N)/used.Seconds()/1e6, "cpuMB/s")
	b.ReportMetric(float64(m1.TotalAlloc-m0.TotalAlloc)/float64(b.N)/float64(len(corpus())*perFile), "B/event")
}

func engine(tb testing.TB, rules []rule.Rule) *rule.Engine {
	tb.Helper()
	set, err := rule.Compile(rules)
	if err != nil {
		tb.Fatal(err)
	}
	return set.Engine(&rule.Options{Lateness: time.Hour})
}

// measureEngine is the same as measure for judging events. Each round is about
// later events with new ids, so that windows have what they have in a stream:
// an engine that sees one corpus again and again only recognizes duplicates.
// It begins when windows have been open and closed for a while.
func measureEngine(b *testing.B, rules []rule.Rule, inflate func(file int) []byte) {
	b.Helper()
	g := engine(b, rules)
	files, hits := corpus(), 0
	round := func() {
		for i := range files {
			for e, err := range trail.Bytes("f", inflate(i)) {
				if err != nil {
					b.Fatal(err)
				}
				hits += len(g.Event(e))
			}
		}
	}
	for range 12 {
		age()
		round()
	}
	b.SetBytes(int64(size(files)))
	hits = 0
	var used time.Duration
	var allocated uint64
	for b.Loop() {
		b.StopTimer()
		age()
		var m0, m1 runtime.MemStats
		runtime.ReadMemStats(&m0)
		start := cpu()
		b.StartTimer()
		round()
		used += cpu() - start
		runtime.ReadMemStats(&m1)
		allocated += m1.TotalAlloc - m0.TotalAlloc
	}
	events := float64(b.N) * float64(len(files)*perFile)
	b.ReportMetric(float64(size(files))*float64(b.N)/used.Seconds()/1e6, "cpuMB/s")
	b.ReportMetric(float64(allocated)/events, "B/event")
	b.ReportMetric(float64(hits)/events, "hits/event")
}

func raw(i int) []byte { return corpus()[i] }

func BenchmarkScan(b *testing.B) {
	measure(b, func() {
		for _, f := range corpus() {
			for _, err := range trail.Bytes("f", f) {
				if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

func BenchmarkRules60(b *testing.B) { measureEngine(b, Like(60, 1), raw) }
func BenchmarkBuiltInAnd60(b *testing.B) {
	measureEngine(b, append(BuiltIn(), Like(60, 1)...), raw)
}

func BenchmarkBuiltInAnd800(b *testing.B) {
	measureEngine(b, append(BuiltIn(), Like(800, 1)...), raw)
}

var eleven = []string{"eventVersion", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent", "errorCode", "eventID", "eventType", "recipientAccountId"}

func BenchmarkPeerFastjson(b *testing.B) {
	var p fastjson.Parser
	var n int
	measure(b, func() {
		for _, f := range corpus() {
			v, err := p.ParseBytes(f)
			if err != nil {
				b.Fatal(err)
			}
			for _, r := range v.GetArray("Records") {
				for _, k := range eleven {
					n += len(r.GetStringBytes(k))
				}
			}
		}
	})
}

func BenchmarkPeerGoccy(b *testing.B) {
	type record struct {
		EventVersion, EventTime, EventSource, EventName, AwsRegion, SourceIPAddress, UserAgent, ErrorCode, EventID, EventType, RecipientAccountID string
	}
	measure(b, func() {
		for _, f := range corpus() {
			var doc struct{ Records []record }
			if err := goccy.Unmarshal(f, &doc); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkPeerEncodingJSONMap(b *testing.B) {
	measure(b, func() {
		for _, f := range corpus() {
			var doc map[string]any
			if err := json.Unmarshal(f, &doc); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// fast is klauspost's gunzip as an inflater.
type fast struct {
	z  gzip.Reader
	in bytes.Reader
}

func (f *fast) Inflate(dst, src []byte, limit int64) ([]byte, error) {
	f.in.Reset(src)
	if err := f.z.Reset(&f.in); err != nil {
		return dst[:0], err
	}
	f.z.Multistream(false)
	dst = dst[:0]
	for {
		if len(dst) == cap(dst) {
			dst = append(dst, 0)[:len(dst)]
		}
		n, err := f.z.Read(dst[len(dst):cap(dst)])
		dst = dst[:len(dst)+n]
		if int64(len(dst)) > limit {
			return dst, trail.ErrTooLarge
		}
		if err == io.EOF {
			if f.in.Len() > 0 {
				return dst, trail.ErrTrailing
			}
			return dst, nil
		}
		if err != nil {
			return dst, err
		}
	}
}

func BenchmarkPeerGunzip(b *testing.B) {
	var z fast
	var out []byte
	measure(b, func() {
		for _, f := range zipped() {
			var err error
			if out, err = z.Inflate(out, f, 1<<30); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkGzipBuiltInAnd60 inflates the files as they were and judges them as
// they are by now, which costs the same.
func BenchmarkGzipBuiltInAnd60(b *testing.B) {
	var z fast
	var out []byte
	zipped()
	measureEngine(b, append(BuiltIn(), Like(60, 1)...), func(i int) []byte {
		var err error
		if out, err = z.Inflate(out, zipped()[i], 1<<30); err != nil {
			b.Fatal(err)
		}
		return corpus()[i]
	})
}

// TestCorpus prints what the corpus looks like, and holds its parameters.
func TestCorpus(t *testing.T) {
	var sizes []int
	var read, failed, service int
	names := map[string]bool{}
	set, err := rule.Compile(append(BuiltIn(), Like(60, 1)...))
	if err != nil {
		t.Fatal(err)
	}
	g := set.Engine(nil)
	hit := 0
	for _, f := range corpus() {
		if !json.Valid(f) {
			t.Fatal("the corpus is no JSON")
		}
		for e, err := range trail.Bytes("f", f) {
			if err != nil {
				t.Fatal(err)
			}
			sizes = append(sizes, len(e.JSON()))
			if ro, _ := e.ReadOnly(); ro {
				read++
			}
			if e.ErrorCode() != "" {
				failed++
			}
			if e.ByService() {
				service++
			}
			names[e.Source()+e.Name()] = true
			if len(g.Match(nil, e)) > 0 {
				hit++
			}
		}
	}
	slices.Sort(sizes)
	n := len(sizes)
	pct := func(p float64) int { return sizes[int(p*float64(n-1))] }
	t.Logf("%d records, %d MB; bytes p10 %d p50 %d p90 %d p99 %d max %d; %d names; read %d%%, failed %d%%, by services %d%%; a rule's condition holds of %d%%",
		n, size(corpus())>>20, pct(.1), pct(.5), pct(.9), pct(.99), sizes[n-1], len(names), 100*read/n, 100*failed/n, 100*service/n, 100*hit/n)
	hist := map[int]int{}
	for _, s := range sizes {
		b := 0
		for 256<<b < s {
			b++
		}
		hist[b]++
	}
	for b := range 12 {
		if hist[b] > 0 {
			t.Logf("up to %7d bytes: %6d", 256<<b, hist[b])
		}
	}
	if pct(.5) < 1100 || pct(.5) > 1600 || pct(.99) > 3000 {
		t.Error("the sizes are not those of CloudTrail")
	}
}

// TestSameAsSlow compares every verdict on a part of the corpus with the slow
// evaluator's.
func TestSameAsSlow(t *testing.T) {
	rules := append(BuiltIn(), Like(800, 1)...)
	set, err := rule.Compile(rules)
	if err != nil {
		t.Fatal(err)
	}
	g := set.Engine(nil)
	i := 0
	for e, err := range trail.Bytes("f", corpus()[0]) {
		if err != nil {
			t.Fatal(err)
		}
		if i++; i > 60 {
			break
		}
		got := g.Match(nil, e)
		for k, r := range set.Rules() {
			if r.Expr == nil {
				continue
			}
			want, err := trailtest.Slow(r.Expr, e.JSON())
			if err != nil {
				t.Fatal(err)
			}
			if slices.Contains(got, k) != want {
				t.Fatalf("%s on %s: %v", r.ID, e.JSON(), !want)
			}
		}
	}
}
