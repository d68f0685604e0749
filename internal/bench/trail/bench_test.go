package trail

import (
	"bytes"
	"flag"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
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
		a.Age(400 * time.Second)
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
func engineCase(name string, rules []rule.Rule, hits *int, gz bool) measured {
	set, err := rule.Compile(rules)
	if err != nil {
		panic(err)
	}
	g := set.Engine(&rule.Options{Lateness: time.Hour})
	m := measured{name: name, before: age, warm: 12}
	var z trail.Gzip
	var out []byte
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
			for e, err := range trail.Bytes("f", f) {
				if err != nil {
					return err
				}
				*hits += len(g.Event(e))
			}
		}
		return nil
	}
	return m
}

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
		engineCase("rules60", Like(60, 1), hits, false),
		engineCase("builtin60", with(60), hits, false),
		engineCase("builtin800", with(800), hits, false),
		engineCase("gzip60", with(60), hits, true),
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
	for _, pair := range [][2]string{{"builtin60", "fastjson"}, {"builtin60", "goccy"}, {"builtin60", "jsonmap"}, {"builtin60", "scan"}, {"builtin800", "builtin60"}, {"gzip60", "gunzip"}, {"inflate", "gunzip"}, {"scan", "goccy"}, {"scan", "fastjson"}} {
		if sum[pair[0]] == 0 || sum[pair[1]] == 0 {
			continue
		}
		b.ReportMetric(sum[pair[1]].Seconds()/sum[pair[0]].Seconds(), fmt.Sprintf("%s/%s", pair[0], pair[1]))
	}
	b.ReportMetric(0, "ns/op")
}
