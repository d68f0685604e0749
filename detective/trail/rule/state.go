package rule

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
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
	Key     []string     `json:"key"`
	Entries []entryState `json:"entries,omitempty"`
	Early   bool         `json:"early,omitempty"`
	Seen    int64        `json:"seen,omitempty"`
}

type entryState struct {
	At     int64    `json:"at"`
	Until  int64    `json:"until,omitempty"`
	Rule   string   `json:"rule"`
	Ref    EventRef `json:"ref"`
	Values []string `json:"values,omitempty"`
	Who    string   `json:"who,omitempty"`
	Sess   string   `json:"session,omitempty"`
}

const stateVersion = 2

// Save writes the state of all windows as JSON. An engine that loads it goes on
// as if it had never stopped.
func (g *Engine) Save(w io.Writer) error {
	st := state{stateVersion, g.max, g.Late, g.Dropped, map[string]windowState{}}
	for i, win := range g.corr {
		if win == nil {
			continue
		}
		ws := windowState{Closed: win.closed, Start: win.start}
		groups := make([]*group, 0, len(win.groups))
		for _, gr := range win.groups {
			groups = append(groups, gr)
		}
		slices.SortFunc(groups, func(a, b *group) int { return strings.Compare(a.key, b.key) })
		for _, gr := range groups {
			gs := groupState{Key: texts([]byte(gr.key)), Early: gr.early, Seen: gr.seen}
			if win.c.Kind != FirstSeen {
				win.sort(gr)
			}
			for _, en := range gr.entries() {
				ev := en.unpack()
				gs.Entries = append(gs.Entries, entryState{en.at, en.until, g.set.rules[en.rule].ID, ev.ref, en.val.texts(), ev.who, ev.sess})
			}
			ws.Groups = append(ws.Groups, gs)
		}
		st.Windows[g.set.rules[i].ID] = ws
	}
	return json.NewEncoder(w).Encode(st)
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
	g.max, g.Late, g.Dropped = st.Max, st.Late, st.Dropped
	var errs []error
	for id, ws := range st.Windows {
		i, ok := g.set.byID[id]
		if !ok || g.corr[i] == nil {
			errs = append(errs, fmt.Errorf("rule: state: no correlation %q", id))
			continue
		}
		win := newWindow(g, i)
		win.closed, win.start = ws.Closed, ws.Start
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
		key = appendText(key, k)
	}
	if w.groups[string(key)] != nil {
		return
	}
	gr := w.group(key)
	gr.early, gr.seen = gs.Early, gs.Seen
	for _, es := range gs.Entries {
		rule, ok := w.g.set.byID[es.Rule]
		if !ok {
			continue
		}
		ev := evidence{es.Ref, es.Who, es.Sess}
		var packed []byte
		for _, v := range es.Values {
			packed = appendText(packed, v)
		}
		w.append(gr, entry{at: es.At, until: es.Until, rule: int32(rule), note: ev.pack(), val: w.value(packed)})
	}
	if w.c.Kind == FirstSeen && gr.seen != 0 {
		w.idle.put(gr, gr.seen+int64(w.c.Within))
	}
	switch {
	case gr.len() > 0:
		w.sort(gr)
		w.due.put(gr, gr.entries()[0].at)
	case w.c.Kind != FirstSeen:
		w.drop(gr)
	}
}
