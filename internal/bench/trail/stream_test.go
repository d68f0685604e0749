package trail

import (
	"bufio"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

var (
	streamGB = flag.Float64("stream", 0, "gigabytes of records to generate and judge in TestStream")
	source   = flag.Bool("source", false, "be the process that generates them")
)

// TestSource writes documents, each after its length, to file 3 until nobody
// reads them. It is a process of its own, so that what generating takes is not
// measured.
func TestSource(t *testing.T) {
	if !*source {
		t.Skip("no -source")
	}
	out := bufio.NewWriterSize(os.NewFile(3, "documents"), 1<<20)
	gen := NewGenerator(7)
	var doc []byte
	for {
		doc = gen.Document(doc[:0], perFile)
		if _, err := out.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(doc)))); err != nil {
			return
		}
		if _, err := out.Write(doc); err != nil {
			return
		}
	}
}

// documents starts that process.
func documents(t *testing.T) io.Reader {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestSource$", "-source")
	cmd.ExtraFiles = []*os.File{w}
	if err = cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = r.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	if err = w.Close(); err != nil {
		t.Fatal(err)
	}
	return r
}

// next reads the next document into doc.
func next(r io.Reader, doc []byte) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, fmt.Errorf("the generator ended: %w", err)
	}
	n := int(binary.LittleEndian.Uint32(head[:]))
	if n > 1<<30 {
		return nil, errors.New("a document without end")
	}
	if cap(doc) < n {
		doc = make([]byte, n+n/4)
	}
	_, err := io.ReadFull(r, doc[:n])
	return doc[:n], err
}

// full is after how many bytes all that is bounded has come to its bound.
const full = 2.5e9

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
	docs := documents(t)
	var doc []byte
	var read, due, third float64
	var events, hits int
	var judging time.Duration
	for read < total {
		if doc, err = next(docs, doc); err != nil {
			t.Fatal(err)
		}
		start := cpu()
		for e, err := range trail.Bytes("f", doc) {
			if err != nil {
				t.Fatal(err)
			}
			events++
			hits += len(g.Event(e))
		}
		judging += cpu() - start
		if read += float64(len(doc)); read >= due {
			due += total / 12
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			t.Logf("%5.1f GB: heap %3d MB, resident %3d MB, %d findings, %d matches dropped, %d late", read/1e9, m.HeapAlloc>>20, resident()>>20, hits, g.Dropped, g.Late)
			if heap := float64(m.HeapAlloc); third == 0 && read > max(total/3, full) {
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
