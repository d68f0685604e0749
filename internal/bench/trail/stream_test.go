package trail

import (
	"flag"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

var streamGB = flag.Float64("stream", 0, "gigabytes of records to generate and judge in TestStream")

// TestStream judges a stream that is made on the fly, with all built-in rules
// and 60 others, and prints what memory it took: go test -run Stream -stream 10.
// Memory must be the same after a third of it and at its end.
func TestStream(t *testing.T) {
	total := *streamGB * 1e9
	if total == 0 {
		t.Skip("no -stream")
	}
	set, err := rule.Compile(append(BuiltIn(), Like(60, 1)...))
	if err != nil {
		t.Fatal(err)
	}
	g := set.Engine(&rule.Options{Lateness: time.Hour})
	gen := NewGenerator(7)
	var doc []byte
	var read, next, third float64
	var events, hits int
	var judging time.Duration
	for read < total {
		doc = gen.Document(doc[:0], perFile)
		start := cpu()
		for e, err := range trail.Bytes("f", doc) {
			if err != nil {
				t.Fatal(err)
			}
			events++
			hits += len(g.Event(e))
		}
		judging += cpu() - start
		if read += float64(len(doc)); read >= next {
			next += total / 12
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			t.Logf("%5.1f GB: heap %3d MB, resident %3d MB, %d findings, %d matches dropped, %d late", read/1e9, m.HeapAlloc>>20, resident()>>20, hits, g.Dropped, g.Late)
			if heap := float64(m.HeapAlloc); third == 0 && read > total/3 {
				third = heap
			} else if third > 0 && heap > 1.25*third {
				t.Errorf("the heap grew from %.0f to %.0f bytes", third, heap)
			}
		}
	}
	t.Logf("%d events, %.0f MB/s of JSON per second of CPU time", events, read/judging.Seconds()/1e6)
}

// resident is the memory that the process holds, 0 where that is not known.
func resident() int64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	f := strings.Fields(string(b))
	if len(f) < 2 {
		return 0
	}
	n, err := strconv.ParseInt(f[1], 10, 64)
	if err != nil {
		return 0
	}
	return n * int64(os.Getpagesize())
}
