// Package schema knows what CloudTrail records look like: which service records
// which event name, which names are API or IAM names that never appear, and
// which members a record has.
//
// The table of names is not complete, and cannot be: services add names every
// week. What is not in it is unknown, never wrong. As of 2026-09.
package schema

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed names.txt
var namesText string

type tables struct {
	sources map[string][]string            // by normalized name
	names   map[string]map[string]struct{} // by source
	folded  map[string]string              // lower-case name → name
}

var load = sync.OnceValue(func() tables {
	t := tables{map[string][]string{}, map[string]map[string]struct{}{}, map[string]string{}}
	for line := range strings.Lines(namesText) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		t.names[f[0]] = map[string]struct{}{}
		for _, n := range f[1:] {
			t.sources[n] = append(t.sources[n], f[0])
			t.names[f[0]][n] = struct{}{}
			t.folded[strings.ToLower(n)] = n
		}
	}
	return t
})

// Sources lists the event sources that record an event name; none when the
// name is not known. Do not change the list.
func Sources(name string) []string { return load().sources[Normalize(name)] }

// KnownSource reports whether the table has names for an event source.
func KnownSource(source string) bool { return load().names[source] != nil }

// Names lists the names known of a source, sorted.
func Names(source string) []string {
	var out []string
	for n := range load().names[source] {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// EventSources lists the event sources, sorted.
func EventSources() []string {
	var out []string
	for s := range load().names {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// Spelling is the known event name that differs from name only in case, or "".
func Spelling(name string) string { return load().folded[strings.ToLower(name)] }

// Normalize removes the API date that some services append to their names:
// UpdateFunctionCode20150331v2 and UpdateDistribution2020_05_31.
func Normalize(name string) string {
	s := name
	if i := strings.LastIndexByte(s, 'v'); i > 0 && i == len(s)-2 && isDigit(s[i+1]) {
		s = s[:i]
	}
	if n := len(s); n > 8 && allDigits(s[n-8:]) && (s[n-8:n-6] == "20" || s[n-8:n-6] == "19") {
		return s[:n-8]
	}
	if n := len(s); n > 10 && s[n-6] == '_' && s[n-3] == '_' && allDigits(s[n-10:n-6]+s[n-5:n-3]+s[n-2:]) {
		return s[:n-10]
	}
	return name
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}
