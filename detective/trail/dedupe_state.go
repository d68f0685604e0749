package trail

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// dedupeMagic begins the saved form; its last byte is the version.
const dedupeMagic = "tdedupe1"

// Save writes what was seen, sixteen bytes an event. A Dedupe that loads it
// goes on as if it had never stopped.
func (d *Dedupe) Save(w io.Writer) error {
	head := binary.BigEndian.AppendUint64([]byte(dedupeMagic), uint64(d.newest))
	for _, n := range []int64{d.start, d.Evicted, d.Dropped, int64(len(d.seen[0])), int64(len(d.seen[1]))} {
		head = binary.BigEndian.AppendUint64(head, uint64(n))
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	for _, gen := range d.seen {
		keys := make([]byte, 0, 16*len(gen))
		for _, k := range sortedKeys(gen) {
			keys = append(keys, k[:]...)
		}
		if _, err := w.Write(keys); err != nil {
			return err
		}
	}
	return nil
}

// sortedKeys puts the keys in order, so that equal states are saved alike.
func sortedKeys(gen map[[16]byte]struct{}) [][16]byte {
	keys := make([][16]byte, 0, len(gen))
	for k := range gen {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b [16]byte) int { return bytes.Compare(a[:], b[:]) })
	return keys
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
	var seen [2]map[[16]byte]struct{}
	for i := range seen {
		if n[4+i] < 0 {
			return errors.New("trail: dedupe state: a negative size")
		}
		seen[i] = map[[16]byte]struct{}{}
		for range n[4+i] {
			var k [16]byte
			if _, err := io.ReadFull(r, k[:]); err != nil {
				return fmt.Errorf("trail: dedupe state: %w", err)
			}
			seen[i][k] = struct{}{}
		}
	}
	if len(seen[1]) == 0 && n[1] == 0 {
		seen[1] = nil // nothing was ever seen
	}
	d.seen, d.newest, d.start, d.Evicted, d.Dropped = seen, n[0], n[1], n[2], n[3]
	return nil
}
