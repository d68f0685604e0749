package live

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
)

// The stored state: this, the length of the engine's part, the engine's part,
// the ids of events that were judged, and a checksum of all before it.
const stateMagic = "posture-live-1\n"

func (w *worker) save(out *bytes.Buffer) error {
	var engine bytes.Buffer
	if err := w.engine.Save(&engine); err != nil {
		return err
	}
	out.WriteString(stateMagic)
	out.Write(binary.BigEndian.AppendUint64(nil, uint64(engine.Len())))
	out.Write(engine.Bytes())
	if err := w.dedupe.Save(out); err != nil {
		return err
	}
	out.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(out.Bytes())))
	return nil
}

var errDamaged = errors.New("live: the stored state is damaged or of another version; without it windows begin anew")

// restore takes up the stored state. Windows of rules that are no longer there
// are forgotten and reported.
func (w *worker) restore(ctx context.Context) error {
	if w.c.Store == nil {
		return nil
	}
	state, err := w.c.Store.Load(ctx)
	if err != nil {
		return fmt.Errorf("live: loading the state: %w", err)
	}
	if state == nil {
		return nil
	}
	rest, ok := bytes.CutPrefix(state, []byte(stateMagic))
	if !ok || len(rest) < 12 || crc32.ChecksumIEEE(state[:len(state)-4]) != binary.BigEndian.Uint32(state[len(state)-4:]) {
		return errDamaged
	}
	n := binary.BigEndian.Uint64(rest)
	if rest = rest[8 : len(rest)-4]; n > uint64(len(rest)) {
		return errDamaged
	}
	engine, err := w.known(rest[:n])
	if err == nil {
		err = w.engine.Load(bytes.NewReader(engine))
	}
	if err == nil {
		err = w.dedupe.Load(bytes.NewReader(rest[n:]))
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	return nil
}

// known leaves out of an engine's state what the rules of today do not have.
func (w *worker) known(engine []byte) ([]byte, error) {
	var all map[string]json.RawMessage
	var windows map[string]json.RawMessage
	if err := json.Unmarshal(engine, &all); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(all["windows"], &windows); err != nil {
		return nil, err
	}
	correlates := map[string]bool{}
	for _, r := range w.c.Rules.Rules() {
		correlates[r.ID] = r.Correlate != nil
	}
	for id := range windows {
		if !correlates[id] {
			w.c.Report(Problem{Err: fmt.Errorf("live: the state holds windows of the rule %q, which is not loaded; they are forgotten", id)})
			delete(windows, id)
		}
	}
	var err error
	if all["windows"], err = json.Marshal(windows); err != nil {
		return nil, err
	}
	return json.Marshal(all)
}
