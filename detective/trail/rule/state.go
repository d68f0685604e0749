package rule

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"time"
	"unicode/utf8"
)

// state is what an engine must not forget over a restart.
type state struct {
	Version int                    `json:"version"`
	Max     time.Time              `json:"max"`
	Late    int64                  `json:"late"`
	Dropped int64                  `json:"dropped"`
	Windows map[string]windowState `json:"windows"`
}

type windowState struct {
	Closed int64        `json:"closed"`
	Start  int64        `json:"start"`
	Groups []groupState `json:"groups"`
}

type groupState struct {
	Key     []savedText  `json:"key"`
	Entries []entryState `json:"entries,omitempty"`
	Early   bool         `json:"early,omitempty"`
	Seen    int64        `json:"seen,omitempty"`
}

type entryState struct {
	At     int64       `json:"at"`
	Until  int64       `json:"until,omitempty"`
	Rule   string      `json:"rule"`
	Ref    EventRef    `json:"ref"`
	Values []savedText `json:"values,omitempty"`
	Who    string      `json:"who,omitempty"`
	Sess   string      `json:"session,omitempty"`
}

// savedText is written as a string when it can be, or else as its bytes in an array.
type savedText string

func (t savedText) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(t)) {
		return json.Marshal(string(t))
	}
	return json.Marshal([][]byte{[]byte(t)})
}

func (t *savedText) UnmarshalJSON(b []byte) error {
	if b[0] != '[' {
		return json.Unmarshal(b, (*string)(t))
	}
	var raw [1][]byte
	err := json.Unmarshal(b, &raw)
	*t = savedText(raw[0])
	return err
}

func savedTexts(packed string) (out []savedText) {
	for _, t := range texts(packed) {
		out = append(out, savedText(t))
	}
	return out
}

const stateVersion = 2

// Save writes the state of all windows as JSON. An engine that loads it goes on
// as if it had never stopped.
func (g *Engine) Save(w io.Writer) error {
	st := state{stateVersion, timeOf(g.max), g.Late, g.Dropped, map[string]windowState{}}
	for i, win := range g.corr {
		if win == nil {
			continue
		}
		ws := windowState{Closed: win.closed, Start: win.start}
		for _, gr := range win.groups {
			gs := groupState{Key: savedTexts(gr.key), Early: gr.early}
			if gr.sights != nil {
				gs.Seen = gr.seen
				for i := range gr.runs {
					gs.Entries = append(gs.Entries, g.saved([]entry{gr.runs[i].entry})...)
					gs.Entries[i].Until = gr.runs[i].until
				}
			} else {
				win.expire(gr, win.closed)
				win.sort(gr)
				gs.Entries = g.saved(gr.entries())
			}
			ws.Groups = append(ws.Groups, gs)
		}
		if win.quiet != nil {
			for key, es := range win.quiet.all() {
				ws.Groups = append(ws.Groups, groupState{Key: savedTexts(key), Entries: g.saved(es)})
			}
		}
		slices.SortFunc(ws.Groups, func(a, b groupState) int { return slices.Compare(a.Key, b.Key) })
		st.Windows[g.set.rules[i].ID] = ws
	}
	return json.NewEncoder(w).Encode(st)
}

func (g *Engine) saved(es []entry) []entryState {
	out := make([]entryState, len(es))
	for i, ev := range unpack(es) {
		out[i] = entryState{At: es[i].at, Rule: g.set.rules[es[i].rule].ID, Ref: ev.ref, Values: savedTexts(es[i].vals), Who: ev.who, Sess: ev.sess}
	}
	return out
}

// Load restores what Save wrote. Windows of rules that are no longer there are
// forgotten; their ids are returned in an error after all others are restored.
// So are, without an error, matches of single rules that are gone.
func (g *Engine) Load(r io.Reader) error {
	var st state
	if err := json.NewDecoder(r).Decode(&st); err != nil {
		return fmt.Errorf("rule: state: %w", err)
	}
	if st.Version != stateVersion {
		return fmt.Errorf("rule: state: unknown version %d", st.Version)
	}
	g.max, g.Late, g.Dropped = 0, st.Late, st.Dropped
	if !st.Max.IsZero() {
		g.max = st.Max.UnixNano()
	}
	// What holds early is said when the next match comes, as without a restart.
	defer func(early bool) { g.opt.Early = early }(g.opt.Early)
	g.opt.Early = false
	var errs []error
	for id, ws := range st.Windows {
		i, ok := g.set.byID[id]
		if !ok || g.corr[i] == nil {
			errs = append(errs, fmt.Errorf("rule: state: no correlation %q", id))
			continue
		}
		win := newWindow(g, i)
		win.closed, win.start = max(ws.Closed, 0), ws.Start
		for _, gs := range ws.Groups {
			win.restore(gs)
		}
		g.corr[i] = win
	}
	return errors.Join(errs...)
}

func (w *window) restore(gs groupState) {
	var key []byte
	for _, k := range gs.Key {
		key = appendText(key, string(k))
	}
	var gr *group
	hash := maphash.Bytes(w.g.seed, key)
	if w.c.Kind == FirstSeen || gs.Early {
		if w.quiet != nil {
			w.quiet.wake(w.quiet.bucket(hash))
		}
		if gr = w.find(key, hash); gr == nil {
			gr = w.group(key, hash)
		}
		if gr.early = gs.Early; gr.sights != nil {
			gr.seen = gs.Seen
		}
	}
	for _, es := range gs.Entries {
		rule, ok := w.g.set.byID[es.Rule]
		if !ok {
			continue
		}
		ev := evidence{es.Ref, es.Who, es.Sess}
		var vals []byte
		for _, v := range es.Values {
			vals = appendText(vals, string(v))
		}
		en := entry{at: es.At, rule: int32(rule)}
		en.about(ev.pack())
		if w.c.Kind == FirstSeen {
			gr.runs = append(gr.runs, run{en, es.Until})
		} else {
			w.enter(key, en, vals)
		}
	}
	switch {
	case w.c.Kind == FirstSeen:
		slices.SortFunc(gr.runs, func(a, b run) int { return a.compare(&b.entry) })
		if len(gr.runs) > 0 {
			w.due.put(gr, gr.runs[0].at)
		}
		if gr.seen != 0 {
			w.idle.put(gr, gr.seen+int64(w.c.Within))
		}
	case gr != nil && gr.len() == 0:
		w.drop(gr)
	}
}
