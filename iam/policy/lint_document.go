package policy

import (
	"strconv"
	"strings"
)

// document checks the policy as a whole.
func (l *linter) document() {
	d := l.d
	if d.Version != Version2012 && len(d.Problems) == 0 {
		l.add("version-missing", Pos{}, "Version", "without "+Version2012+" policy variables are plain text", `add "Version": "`+Version2012+`"`)
	}
	if d.ID != "" && !d.Kind.takesPrincipal() || d.ID != "" && d.Kind == RCP {
		l.add("id-not-allowed", Pos{}, "Id", "a policy of kind "+d.Kind.String()+" takes no Id", "remove it")
	}
	l.size()
	l.storable()
	l.sids()
}

func (l *linter) size() {
	limit := l.opts.MaxSize
	if limit == 0 {
		limit = SizeLimit(l.d.Kind, l.opts.Service)
	}
	if n := l.d.Size(); limit > 0 && n > limit {
		l.add("size-over-limit", Pos{}, "", "the policy has "+strconv.Itoa(n)+" characters as AWS counts them, the limit is "+strconv.Itoa(limit), "")
	}
}

// storable: IAM keeps tab, line feed, carriage return and U+0020 to U+00FF.
func (l *linter) storable() {
	switch l.d.Kind {
	case Identity, Boundary, Trust, Session:
	default:
		return
	}
	line, start := 1, 0
	for i, c := range l.d.Source {
		switch {
		case c == '\n':
			line++
			start = i + 1
		case c > 0xff || c < ' ' && c != '\t' && c != '\r':
			l.add("character-not-storable", Pos{Offset: i, Line: line, Column: i - start + 1}, "", "IAM does not store the character "+strconv.QuoteRune(c), "")
			return
		}
	}
}

func (l *linter) sids() {
	seen := map[string]int{}
	for i := range l.d.Statements {
		s := &l.d.Statements[i]
		l.path = "Statement[" + strconv.Itoa(i) + "].Sid"
		switch first, again := seen[s.Sid]; {
		case s.Sid == "":
		case again:
			l.add("sid-duplicate", s.Pos, "", "the Sid "+strconv.Quote(s.Sid)+" is that of statement "+strconv.Itoa(first+1)+", too", "")
		case l.d.Kind != Resource && l.d.Kind != Endpoint && strings.IndexFunc(s.Sid, notAlphanumeric) >= 0:
			l.add("sid-invalid-characters", s.Pos, "", "a Sid has letters and digits only, not "+strconv.Quote(s.Sid), "")
		}
		if _, again := seen[s.Sid]; !again {
			seen[s.Sid] = i
		}
		l.path = ""
	}
}

func notAlphanumeric(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9')
}

// duplicates reports and returns statements that are the same as an earlier one
// but for their Sid.
func (l *linter) duplicates() (again []bool) {
	again = make([]bool, len(l.d.Statements))
	seen := map[string]int{}
	for i := range l.d.Statements {
		s := l.d.Statements[i]
		s.Sid = ""
		text, _ := s.MarshalJSON()
		if first, ok := seen[string(text)]; ok {
			again[i] = true
			l.path = "Statement[" + strconv.Itoa(i) + "]"
			l.add("statement-duplicate", s.Pos, "", "the same as statement "+strconv.Itoa(first+1), "remove it")
			continue
		}
		seen[string(text)] = i
	}
	return again
}
