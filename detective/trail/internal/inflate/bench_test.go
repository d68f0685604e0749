package inflate

import (
	"bytes"
	"compress/gzip"
	"io"
	"testing"
)

// BenchmarkRecords inflates records of CloudTrail's kind with this package and
// with compress/gzip.
func BenchmarkRecords(b *testing.B) {
	text := texts()["records"]
	src := zip(b, text, 6)
	b.Run("inflate", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		var d Decoder
		var out []byte
		var err error
		for b.Loop() {
			if out, _, err = d.member(out[:0], src, unlimited); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("compress-gzip", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		var z gzip.Reader
		out := make([]byte, len(text))
		for b.Loop() {
			if err := z.Reset(bytes.NewReader(src)); err != nil {
				b.Fatal(err)
			}
			if _, err := io.ReadFull(&z, out); err != nil {
				b.Fatal(err)
			}
		}
	})
}
