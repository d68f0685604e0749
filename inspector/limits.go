package inspector

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// Limits say what is to be scanned and how fresh a scan must be.
type Limits struct {
	// Scans are the scans wanted of each type. Default DefaultScans.
	Scans map[string][]Scan
	// Agent and Agentless are how old the last scan of an instance may be. Default
	// 24 hours and 7 days. Images and functions are scanned when they change and
	// when a vulnerability becomes known: their last scan must not be older than
	// Asset.Changed, and not than Other where that is set.
	Agent, Agentless, Other time.Duration
}

// DefaultScans are the scans wanted of each type: packages of everything, and
// the network paths to instances.
func DefaultScans() map[string][]Scan {
	return map[string][]Scan{TypeInstance: {PackageScan, NetworkScan}, TypeImage: {PackageScan}, TypeFunction: {PackageScan}}
}

// judge says what a row proves of an asset.
func (l Limits) judge(r Record, a Asset, row Row, now time.Time) Record {
	e := Explain(row.Reason)
	r = fill(r, row)
	r.Verdict, r.Fixable, r.Why = e.Verdict, e.Fixable, strings.TrimSpace(e.Means+" "+e.Do)
	switch {
	case e.Verdict == Proven:
		return l.proven(r, a, row, now)
	case row.Reason == "EXCLUDED_BY_TAG" && a.Accepted != "":
		r.Verdict, r.Fixable, r.Why = Excluded, false, "A tag excludes the resource, which was accepted: "+a.Accepted
	case e.Verdict == Lapsed && row.InUse > 0:
		r.Verdict, r.Why = Blind, fmt.Sprintf("%s It is in use by %s.", r.Why, plural(int(row.InUse), "task or pod", "tasks and pods"))
	}
	return r
}

// proven looks whether a scan that went well is one that counts.
func (l Limits) proven(r Record, a Asset, row Row, now time.Time) Record {
	limit := l.Other
	if row.Type == TypeInstance {
		if limit = l.Agent; row.Mode == "EC2_AGENTLESS" {
			limit = l.Agentless
		}
	}
	switch age := now.Sub(row.LastScanned); {
	case !row.Active:
		r.Verdict, r.Why = Undecided, "Inspector says that the scan went well and that scanning is inactive."
	case row.LastScanned.IsZero():
		r.Verdict, r.Why = Undecided, "Inspector does not say when it was last scanned."
	case row.LastScanned.Before(a.Changed):
		r.Verdict, r.Fixable, r.Why = Blind, true, fmt.Sprintf("It changed at %s and was last scanned before that, at %s.", stamp(a.Changed), stamp(row.LastScanned))
	case limit > 0 && age > limit:
		r.Verdict, r.Fixable, r.Why = Blind, true, fmt.Sprintf("It was last scanned at %s, which is longer ago than %s.", stamp(row.LastScanned), limit)
	default:
		r.Why = "Last scanned at " + stamp(row.LastScanned) + "."
	}
	return r
}

func (l Limits) orDefault() Limits {
	if l.Scans == nil {
		l.Scans = DefaultScans()
	}
	l.Agent, l.Agentless = cmp.Or(l.Agent, day), cmp.Or(l.Agentless, 7*day)
	return l
}

// String says the limits in words.
func (l Limits) String() string {
	l = l.orDefault()
	var scans []string
	for _, typ := range sortedKeys(l.Scans) {
		for _, s := range l.Scans[typ] {
			scans = append(scans, typ+" "+string(s))
		}
	}
	s := fmt.Sprintf("%s; instances within %s, without agent within %s", strings.Join(scans, ", "), l.Agent, l.Agentless)
	if l.Other > 0 {
		s += fmt.Sprintf(", others within %s", l.Other)
	}
	return s
}
