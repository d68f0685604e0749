package trail

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/lineage"
	"github.com/awsposture/posture/detective/trail/rule"
)

const perFile = 500

// The short preset is 20,000 records, the standard one 200,000, for which the
// processor cannot remember how the branches went the last time.
var filesFlag = flag.Int("files", 40, "files of 500 records in the corpus")

// corpus are the files to read.
var corpus = sync.OnceValue(func() (files [][]byte) {
	g := NewGenerator(1)
	for range *filesFlag {
		files = append(files, g.Document(nil, perFile))
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
	for _, a := range agers() {
		a.Age(time.Duration(len(corpus())) * 10 * time.Second)
	}
}

var archives [][]byte

// zip compresses the corpus as it is now.
func zip() {
	archives = archives[:0]
	for _, f := range corpus() {
		var b bytes.Buffer
		z, err := gzip.NewWriterLevel(&b, 6)
		if err != nil {
			panic(err)
		}
		if _, err = z.Write(f); err == nil {
			err = z.Close()
		}
		if err != nil {
			panic(err)
		}
		archives = append(archives, b.Bytes())
	}
}

func zipped() [][]byte {
	if archives == nil {
		zip()
	}
	return archives
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

// measured is a case. Run goes through the files [from, to) of the corpus.
type measured struct {
	name   string
	before func() // not measured, once a round
	run    func(from, to int) error
	warm   int // rounds before measuring
}

// engineCase judges. Each round is about later events with new ids, so that
// windows have what they have in a stream: an engine that sees one corpus again
// and again only recognizes duplicates. It is measured when windows have been
// opened and closed for a while.
func engineCase(name string, rules []rule.Rule, hits *int, with ...extra) measured {
	set, err := rule.Compile(rules)
	if err != nil {
		panic(err)
	}
	g := set.Engine(&rule.Options{Lateness: time.Hour})
	m := measured{name: name, before: age, warm: 12}
	var z trail.Gzip
	var out []byte
	var seen trail.Dedupe
	var store lineage.Store
	gz, hash, past := slices.Contains(with, gzipped), slices.Contains(with, hashed), slices.Contains(with, known)
	if gz {
		m.before = func() { age(); zip() }
	}
	m.run = func(from, to int) error {
		for i := from; i < to; i++ {
			f := corpus()[i]
			if gz {
				if out, err = z.Inflate(out, archives[i], 1<<30); err != nil {
					return err
				}
				f = out
			}
			if hash {
				sum = sha256.Sum256(f)
			}
			for e, err := range trail.Bytes("f", f) {
				if err != nil {
					return err
				}
				if past {
					if seen.Seen(e) {
						continue
					}
					store.Add(e)
				}
				*hits += len(g.Event(e))
			}
		}
		return nil
	}
	return m
}

// extra is what a case does beside judging.
type extra int

const (
	gzipped extra = iota // the files are inflated first
	hashed               // as they are where digests are checked
	known                // duplicates are dropped and lineage is learned
)

var sum [sha256.Size]byte

func scan(from, to int) error {
	n := 0
	for _, f := range corpus()[from:to] {
		for e, err := range trail.Bytes("f", f) {
			if err != nil {
				return err
			}
			n += len(e.JSON())
		}
	}
	return some(n)
}

var only = flag.String("cases", "", "names of the cases to measure, joined by commas; default all")

func cases(hits *int) []measured {
	all := allCases(hits)
	if *only == "" {
		return all
	}
	names := strings.Split(*only, ",")
	return slices.DeleteFunc(all, func(m measured) bool { return !slices.Contains(names, m.name) })
}

func allCases(hits *int) []measured {
	with := func(n int) []rule.Rule { return append(BuiltIn(), Like(n, 1)...) }
	return []measured{
		{name: "scan", run: scan},
		{name: "fastjson", run: fastjsonGets()},
		{name: "goccy", run: goccyStruct},
		{name: "jsonmap", run: jsonMap},
		{name: "gunzip", before: func() { zipped() }, run: gunzip(&fast{})},
		{name: "inflate", before: func() { zipped() }, run: gunzip(&trail.Gzip{})},
		engineCase("rules60", Like(60, 1), hits),
		engineCase("builtin60", with(60), hits),
		engineCase("builtin800", with(800), hits),
		engineCase("gzip60", with(60), hits, gzipped),
		engineCase("known60", with(60), hits, gzipped, known),
		engineCase("hashed60", with(60), hits, gzipped, hashed),
	}
}

// part runs a case on some files and returns the CPU time and what was
// allocated.
func (m *measured) part(b *testing.B, from, to int) (used time.Duration, allocated uint64) {
	b.Helper()
	var m0, m1 runtime.MemStats
	runtime.ReadMemStats(&m0)
	start := cpu()
	if err := m.run(from, to); err != nil {
		b.Fatal(err)
	}
	used = cpu() - start
	runtime.ReadMemStats(&m1)
	return used, m1.TotalAlloc - m0.TotalAlloc
}

// round runs a case once.
func (m *measured) round(b *testing.B) (used time.Duration, allocated uint64) {
	b.Helper()
	if m.before != nil {
		m.before()
	}
	return m.part(b, 0, len(corpus()))
}

// BenchmarkCase measures each case by itself: megabytes of JSON per second of
// CPU time, bytes allocated and findings per event.
func BenchmarkCase(b *testing.B) {
	var hits int
	for _, m := range cases(&hits) {
		b.Run(m.name, func(b *testing.B) {
			for ; m.warm >= 0; m.warm-- {
				m.round(b)
			}
			hits = 0
			var used time.Duration
			var allocated uint64
			for b.Loop() {
				b.StopTimer()
				u, a := m.round(b)
				used, allocated = used+u, allocated+a
				b.StartTimer()
			}
			n, events := float64(size(corpus()))*float64(b.N), float64(b.N)*float64(len(corpus())*perFile)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(n/used.Seconds()/1e6, "cpuMB/s")
			b.ReportMetric(float64(allocated)/events, "B/event")
			b.ReportMetric(float64(hits)/events, "hits/event")
		})
	}
}

// ratios are what cases are to each other, and what they are to be, 0 where that
// only is of interest.
var ratios = []struct {
	over, under string
	wanted      float64
}{
	{"scan", "fastjson", 2.5},
	{"scan", "goccy", 0},
	{"rules60", "fastjson", 1.4},
	{"rules60", "goccy", 1.4},
	{"rules60", "jsonmap", 20},
	{"builtin60", "fastjson", 1.4},
	{"builtin60", "goccy", 0},
	{"builtin60", "jsonmap", 0},
	{"builtin60", "scan", 0},
	{"builtin800", "builtin60", .5},
	{"inflate", "gunzip", 1.5},
	{"gzip60", "gunzip", .6},
	{"known60", "gzip60", 0},
	{"hashed60", "gzip60", .6},
}

var floors = flag.Bool("floors", false, "fail where a ratio is less than two thirds of what it is to be")

// BenchmarkSideBySide runs all cases in turn, a few files each, so that a busy
// machine is as busy for each. It reports what they are to each other over all
// rounds, and the best round of each.
func BenchmarkSideBySide(b *testing.B) {
	const slice = 8
	var hits int
	all := cases(&hits)
	best, sum := map[string]time.Duration{}, map[string]time.Duration{}
	for i := range all {
		for ; all[i].warm > 0; all[i].warm-- {
			all[i].round(b)
		}
	}
	for b.Loop() {
		age()
		zip()
		used := map[string]time.Duration{}
		for from := 0; from < len(corpus()); from += slice {
			for i := range all {
				u, _ := all[i].part(b, from, min(from+slice, len(corpus())))
				used[all[i].name] += u
			}
		}
		for name, u := range used {
			sum[name] += u
			if old, ok := best[name]; !ok || u < old {
				best[name] = u
			}
		}
	}
	for i := range all {
		b.ReportMetric(float64(size(corpus()))/best[all[i].name].Seconds()/1e6, all[i].name+"-MB/s")
	}
	for _, r := range ratios {
		over, under := sum[r.over], sum[r.under]
		if over == 0 || under == 0 {
			continue
		}
		is := under.Seconds() / over.Seconds()
		b.ReportMetric(is, r.over+"/"+r.under)
		if *floors && is*3 < r.wanted*2 {
			b.Errorf("%s is %.2f times as fast as %s, which is less than two thirds of %.1f", r.over, is, r.under, r.wanted)
		}
	}
	b.ReportMetric(0, "ns/op")
}
