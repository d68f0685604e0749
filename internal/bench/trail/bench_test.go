package trail

import (
	"bytes"
	"fmt"
	"runtime"
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

// a measured case goes once through the corpus.
type measured struct {
	name   string
	before func() // not measured
	run    func() error
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
	var z fast
	var out []byte
	if gz {
		m.before = func() { age(); zip() }
	}
	m.run = func() error {
		for i, f := range corpus() {
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

func scan() error {
	n := 0
	for _, f := range corpus() {
		for e, err := range trail.Bytes("f", f) {
			if err != nil {
				return err
			}
			n += len(e.JSON())
		}
	}
	return some(n)
}

func cases(hits *int) []measured {
	with := func(n int) []rule.Rule { return append(BuiltIn(), Like(n, 1)...) }
	return []measured{
		{name: "scan", run: scan},
		{name: "fastjson", run: fastjsonGets()},
		{name: "goccy", run: goccyStruct},
		{name: "jsonmap", run: jsonMap},
		{name: "gunzip", before: func() { zipped() }, run: gunzip()},
		engineCase("rules60", Like(60, 1), hits, false),
		engineCase("builtin60", with(60), hits, false),
		engineCase("builtin800", with(800), hits, false),
		engineCase("gzip60", with(60), hits, true),
	}
}

// round runs a case once and returns the CPU time and the bytes allocated.
func (m *measured) round(b *testing.B) (used time.Duration, allocated uint64) {
	b.Helper()
	if m.before != nil {
		m.before()
	}
	var m0, m1 runtime.MemStats
	runtime.ReadMemStats(&m0)
	start := cpu()
	if err := m.run(); err != nil {
		b.Fatal(err)
	}
	used = cpu() - start
	runtime.ReadMemStats(&m1)
	return used, m1.TotalAlloc - m0.TotalAlloc
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

// BenchmarkSideBySide runs all cases in turn, so that a busy machine is as busy
// for each, and reports the best round of each and what they are to each other.
func BenchmarkSideBySide(b *testing.B) {
	var hits int
	all := cases(&hits)
	best := map[string]time.Duration{}
	for i := range all {
		for ; all[i].warm > 0; all[i].warm-- {
			all[i].round(b)
		}
	}
	for b.Loop() {
		for i := range all {
			runtime.GC()
			used, _ := all[i].round(b)
			if old, ok := best[all[i].name]; !ok || used < old {
				best[all[i].name] = used
			}
		}
	}
	for i := range all {
		b.ReportMetric(float64(size(corpus()))/best[all[i].name].Seconds()/1e6, all[i].name+"-MB/s")
	}
	for _, pair := range [][2]string{{"builtin60", "fastjson"}, {"builtin60", "goccy"}, {"builtin60", "jsonmap"}, {"builtin800", "builtin60"}, {"gzip60", "gunzip"}, {"scan", "goccy"}} {
		b.ReportMetric(best[pair[1]].Seconds()/best[pair[0]].Seconds(), fmt.Sprintf("%s/%s", pair[0], pair[1]))
	}
	b.ReportMetric(0, "ns/op")
}
