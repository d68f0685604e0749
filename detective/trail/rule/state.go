package rule

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
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
	Closed int64    `json:"closed"`
	Start  int64    `json:"start"`
	Groups []*group `json:"groups"`
}

// Save writes the state of all windows as JSON. An engine that loads it goes on
// as if it had never stopped.
func (g *Engine) Save(w io.Writer) error {
	st := state{1, g.max, g.Late, g.Dropped, map[string]windowState{}}
	for i, win := range g.corr {
		if win == nil {
			continue
		}
		ws := windowState{Closed: win.closed, Start: win.start}
		for _, gr := range win.groups {
			ws.Groups = append(ws.Groups, gr)
		}
		slices.SortFunc(ws.Groups, func(a, b *group) int { return slices.Compare(a.Key, b.Key) })
		st.Windows[g.set.rules[i].ID] = ws
	}
	return json.NewEncoder(w).Encode(st)
}

// Load restores what Save wrote. Windows of rules that are no longer there are
// forgotten; their ids are returned in an error after all others are restored.
func (g *Engine) Load(r io.Reader) error {
	var st state
	if err := json.NewDecoder(r).Decode(&st); err != nil {
		return fmt.Errorf("rule: state: %w", err)
	}
	if st.Version != 1 {
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
		for _, gr := range ws.Groups {
			if gr != nil {
				win.groups[joinKey(gr.Key)] = gr
			}
		}
		g.corr[i] = win
	}
	return errors.Join(errs...)
}
