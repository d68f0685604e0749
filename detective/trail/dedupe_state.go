package trail

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
)

// dedupeMagic begins the saved form; its last byte is the version.
const dedupeMagic = "tdedupe1"

// Save writes what was seen, sixteen bytes an event. A Dedupe that loads it
// goes on as if it had never stopped.
func (d *Dedupe) Save(w io.Writer) error {
	gens := [2]*idSet{{}, {}}
	if d.seen[1] != nil {
		gens = d.seen
	}
	head := binary.BigEndian.AppendUint64([]byte(dedupeMagic), uint64(d.newest))
	for _, n := range []int64{d.start, d.Evicted, d.Dropped, int64(gens[0].n), int64(gens[1].n)} {
		head = binary.BigEndian.AppendUint64(head, uint64(n))
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	for _, gen := range gens {
		keys := make([]byte, 0, 16*gen.n)
		for _, k := range gen.sorted() { // so that equal states are saved alike
			keys = append(keys, k[:]...)
		}
		if _, err := w.Write(keys); err != nil {
			return err
		}
	}
	return nil
}

// Load restores what Save wrote. Max and Window stay as they are. After an
// error the state is as it was before.
func (d *Dedupe) Load(r io.Reader) error {
	var head [len(dedupeMagic) + 6*8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return fmt.Errorf("trail: dedupe state: %w", err)
	}
	if string(head[:len(dedupeMagic)]) != dedupeMagic {
		return errors.New("trail: dedupe state: not one, or of another version")
	}
	var n [6]int64
	for i := range n {
		n[i] = int64(binary.BigEndian.Uint64(head[len(dedupeMagic)+8*i:]))
	}
	seen, seed := [2]*idSet{{}, {}}, maphash.MakeSeed()
	for i := range seen {
		if n[4+i] < 0 {
			return errors.New("trail: dedupe state: a negative size")
		}
		for range n[4+i] {
			var k [16]byte
			if _, err := io.ReadFull(r, k[:]); err != nil {
				return fmt.Errorf("trail: dedupe state: %w", err)
			}
			if hash := maphash.Bytes(seed, k[:]); !seen[i].has(&k, hash) {
				seen[i].add(&k, hash, seed)
			}
		}
	}
	if seen[1].n == 0 && n[1] == 0 {
		seen = [2]*idSet{} // nothing was ever seen
	}
	d.seen, d.seed, d.newest, d.start, d.Evicted, d.Dropped = seen, seed, n[0], n[1], n[2], n[3]
	return nil
}
