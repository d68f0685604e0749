package sigma

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

const story = `
action: global
logsource: {product: aws, service: cloudtrail}
author: Mira Example
license: DRL-1.1
level: high
---
title: Failed sign-in
name: failed
detection: {s: {eventName: ConsoleLogin, errorMessage: Failed authentication}, condition: s}
---
title: Sign-in
name: signin
detection: {s: {eventName: ConsoleLogin, errorMessage: null}, condition: s}
---
title: Guessed password
name: guessed
correlation:
  type: temporal_ordered
  rules: [many, signin]
  group-by: [who]
  aliases: {who: {many: userIdentity.userName, signin: userIdentity.userName}}
  timespan: 30m
---
title: Many failures
name: many
correlation:
  type: event_count
  rules: [failed]
  group-by: userIdentity.userName
  timespan: 10m
  condition: {gte: 3}
---
title: Spray
id: spray
detection: {s: {eventName: ConsoleLogin, errorMessage: Failed authentication}, timeframe: 10m, condition: 's | count(userIdentity.userName) by sourceIPAddress >= 2'}
---
title: Not the tester
filter:
  rules: [spray]
  selection: {sourceIPAddress: 192.0.2.99}
  condition: not selection
`

func TestCorrelationsFiltersAndGlobals(t *testing.T) {
	rules := load(t, &Collection{}, story)
	for _, r := range rules {
		if r.Author != "Mira Example" || r.License != "DRL-1.1" || r.Level != "high" {
			t.Errorf("%s lost its author, licence or level", r.ID)
		}
		if silent := r.ID != "guessed" && r.ID != "spray"; r.Silent != silent {
			t.Errorf("%s: silent %v", r.ID, r.Silent)
		}
	}
	set, err := rule.Compile(rules)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(min int, user, ip, msg string, id int) string {
		at := time.Date(2026, 3, 1, 10, min, 0, 0, time.UTC).Format(time.RFC3339)
		m := ""
		if msg != "" {
			m = `,"errorMessage":"Failed authentication"`
		}
		return fmt.Sprintf(`{"eventTime":%q,"eventName":"ConsoleLogin","userIdentity":{"userName":%q},"sourceIPAddress":%q,"eventID":"%d"%s}`, at, user, ip, id, m)
	}
	log := strings.Join([]string{
		sign(9, "ann", "192.0.2.1", "", 4), sign(1, "ann", "192.0.2.1", "x", 1), sign(2, "ann", "192.0.2.1", "x", 2), sign(3, "ann", "192.0.2.1", "x", 3),
		sign(20, "bob", "192.0.2.2", "x", 5), sign(21, "eve", "192.0.2.2", "x", 6),
		sign(20, "bob", "192.0.2.99", "x", 7), sign(21, "eve", "192.0.2.99", "x", 8),
	}, "\n")
	var got []string
	for h, err := range set.Run(trail.Bytes("log", []byte(log)), nil) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, h.Rule+" "+strings.Join(h.Group, ","))
	}
	slices.Sort(got)
	if want := []string{"guessed ann", "spray 192.0.2.2"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
