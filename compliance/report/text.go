package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

// valid makes every string of an item UTF-8, so that all formats print the same
// characters and the fingerprint is that of what they print.
func valid(it compliance.Item) compliance.Item {
	f, c, r := &it.Finding, &it.Control, &it.Finding.Resource
	for _, s := range []*string{
		&it.Owner, &f.Control, &f.Sub, &f.Detail, &r.Partition, &r.Account, &r.Region, &r.Type, &r.ID, &r.ARN,
		&c.ID, &c.Title, &c.Doc, &c.Resource,
	} {
		*s = utf(*s)
	}
	if w := it.Waiver; w != nil && !(utf8.ValidString(w.Control) && utf8.ValidString(w.Resource) && utf8.ValidString(w.Sub) && utf8.ValidString(w.Owner) && utf8.ValidString(w.Reason)) {
		v := *w
		v.Control, v.Resource, v.Sub, v.Owner, v.Reason = utf(v.Control), utf(v.Resource), utf(v.Sub), utf(v.Owner), utf(v.Reason)
		it.Waiver = &v
	}
	if k := f.Cause; k != nil && !(utf8.ValidString(string(k.Kind)) && utf8.ValidString(k.Message) && utf8.ValidString(k.Operation) && utf8.ValidString(k.Code) && utf8.ValidString(k.Layer)) {
		v := *k
		v.Kind, v.Message, v.Operation, v.Code, v.Layer = posture.CauseKind(utf(string(v.Kind))), utf(v.Message), utf(v.Operation), utf(v.Code), utf(v.Layer)
		f.Cause = &v
	}
	if !validTags(f.Tags) {
		tags := map[string]string{}
		for _, k := range slices.Sorted(maps.Keys(f.Tags)) {
			tags[utf(k)] = utf(f.Tags[k])
		}
		f.Tags = tags
	}
	if i := slices.IndexFunc(it.Requirements, func(q compliance.Ref) bool { return !utf8.ValidString(q.String()) }); i >= 0 {
		it.Requirements = slices.Clone(it.Requirements)
		for i, q := range it.Requirements {
			it.Requirements[i] = compliance.Ref{Framework: utf(q.Framework), Version: utf(q.Version), ID: utf(q.ID)}
		}
	}
	return it
}

func utf(s string) string { return strings.ToValidUTF8(s, "\ufffd") }

func validTags(m map[string]string) bool {
	for k, v := range m {
		if !utf8.ValidString(k) || !utf8.ValidString(v) {
			return false
		}
	}
	return true
}

// shown makes what cannot be seen visible: control characters, those that turn
// the direction of writing, and those that no XML document may hold become
// \u202e. Line ends become \n, tabs stay.
func shown(s string) string {
	if !slices.ContainsFunc([]byte(s), func(b byte) bool { return b < ' ' || b > '~' }) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '\r' && strings.HasPrefix(s[i+1:], "\n"):
		case r == '\r', r == '\u0085', r == '\u2028', r == '\u2029':
			b.WriteByte('\n')
		case r == '\n', r == '\t':
			b.WriteRune(r)
		case unicode.IsControl(r), hides(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r) // utf8.RuneError for a byte that is no UTF-8
		}
	}
	return b.String()
}

func hides(r rune) bool {
	switch {
	case r == '\u061c', r >= '\u200b' && r <= '\u200f' && r != '\u200d' && r != '\u200c', r >= '\u202a' && r <= '\u202e',
		r >= '\u2060' && r <= '\u206f', r == '\ufeff', r >= '\ufff9' && r <= '\ufffb', r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef,
		r >= 0xe0000 && r <= 0xe007f:
		return true
	}
	return false
}

// line is shown on one line, without space at its ends.
func line(s string) string {
	s = shown(s)
	if strings.ContainsAny(s, "\n\t") {
		s = strings.NewReplacer("\n", " ", "\t", " ").Replace(s)
	}
	return strings.TrimSpace(s)
}

// cut shortens s to at most n characters as AWS counts them, UTF-16 units.
func cut(s string, n int) string {
	units := 0
	end := 0 // of what fits together with the ellipsis
	for i, r := range s {
		if units <= n-1 {
			end = i
		}
		if units++; r > 0xffff {
			units++
		}
	}
	if units <= n {
		return s
	}
	return s[:end] + "…"
}

// stamp is a time in UTC to the second; "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

// day is the date of a time in UTC.
func day(t time.Time) string {
	if t.IsZero() {
		return "no date"
	}
	return t.UTC().Format("2006-01-02")
}

// refs lists requirements, separated by a space.
func refs(rs []compliance.Ref) string {
	all := make([]string, len(rs))
	for i, r := range rs {
		all[i] = r.String()
	}
	return line(strings.Join(all, " "))
}

// tagList is "key=value" for each tag, sorted.
func tagList(tags map[string]string) string {
	all := make([]string, 0, len(tags))
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		all = append(all, k+"="+tags[k])
	}
	return line(strings.Join(all, " "))
}

// places lists where was looked.
func places(ps []posture.Place) string {
	all := make([]string, len(ps))
	for i, p := range ps {
		all[i] = line(p.String())
	}
	return strings.Join(all, ", ")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
