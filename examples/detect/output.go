package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail/rule"
)

func writeJSON(out io.Writer, hits []rule.Hit) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for _, h := range hits {
		if err := enc.Encode(h); err != nil {
			return err
		}
	}
	return nil
}

// plain shows what the logs say in a terminal. Much of it is chosen by the
// caller, who may put control characters into it.
func plain(s string) string {
	q := strconv.Quote(s)
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
}

// alert is the findings of one rule about one principal, told together.
type alert struct {
	rule.Hit
	times  int
	events []rule.EventRef
}

func group(hits []rule.Hit) []*alert {
	var out []*alert
	seen := map[[2]string]*alert{}
	for _, h := range hits {
		key := [2]string{h.Rule, h.Principal}
		a := seen[key]
		if a == nil {
			a = &alert{Hit: h}
			seen[key] = a
			out = append(out, a)
		}
		a.times++
		a.Last = h.Last
		a.events = append(a.events, h.Events...)
		if h.Level != a.Level && slices.Index(levels, h.Level) > slices.Index(levels, a.Level) {
			a.Level = h.Level
		}
	}
	return out
}

func writeText(out io.Writer, hits []rule.Hit, rules []rule.Rule) error {
	b := bufio.NewWriter(out)
	if len(hits) == 0 {
		fmt.Fprintln(b, "Nothing was found.")
		return b.Flush()
	}
	byID := map[string]rule.Rule{}
	for _, r := range rules {
		byID[r.ID] = r
	}
	alerts := group(hits)
	for _, a := range alerts {
		a.write(b, byID[a.Rule].Look)
	}
	count := map[string]int{}
	for _, h := range hits {
		count[h.Level]++
	}
	var sums []string
	for i := len(levels) - 1; i >= 0; i-- {
		if n := count[levels[i]]; n > 0 {
			sums = append(sums, fmt.Sprintf("%d %s", n, levels[i]))
		}
	}
	fmt.Fprintf(b, "\n%d findings, told as %d: %s.\n", len(hits), len(alerts), strings.Join(sums, ", "))
	return b.Flush()
}

func (a *alert) write(b io.Writer, look string) {
	when := "(without a time)    "
	if !a.First.IsZero() {
		when = a.First.Format(time.RFC3339)
	}
	fmt.Fprintf(b, "%s %-8s %s (%s)", when, a.Level, plain(a.Title), plain(a.Rule))
	if t := techniques(a.Tags); t != "" {
		fmt.Fprintf(b, " %s", t)
	}
	if a.times > 1 {
		fmt.Fprintf(b, ", %d times until %s", a.times, a.Last.Format("15:04:05"))
	}
	fmt.Fprintln(b)
	if a.Author != "" {
		fmt.Fprintf(b, "    rule by %s, %s\n", plain(a.Author), plain(a.License))
	}
	if a.Principal != "" {
		fmt.Fprintf(b, "    by   %s\n", plain(a.Principal))
	}
	fmt.Fprintf(b, "    what %s\n", evidence(a.events))
	if len(a.Why) > 0 {
		fmt.Fprintf(b, "    why  %s\n", plain(strings.Join(a.Why, "; ")))
	}
	if a.Undecided {
		fmt.Fprintln(b, "    It could not be decided whether this is one: a policy with conditions, or left out of the log.")
	}
	if look != "" {
		fmt.Fprintf(b, "    look %s\n", look)
	}
}

// techniques are the ATT&CK techniques among a rule's tags.
func techniques(tags []string) string {
	var ts []string
	for _, t := range tags {
		if id, ok := strings.CutPrefix(t, "attack.t"); ok {
			ts = append(ts, "T"+strings.ToUpper(id))
		}
	}
	return strings.Join(ts, " ")
}

// evidence is the names and ids of the events, runs of one name together.
func evidence(refs []rule.EventRef) string {
	var out []string
	for i := 0; i < len(refs); {
		j := i + 1
		for j < len(refs) && refs[j].Name == refs[i].Name {
			j++
		}
		text := plain(refs[i].Name) + " " + plain(refs[i].ID)
		if j-i > 1 {
			text = fmt.Sprintf("%s ×%d", plain(refs[i].Name), j-i)
		}
		out = append(out, text)
		i = j
	}
	return strings.Join(out, ", ")
}
