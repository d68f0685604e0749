package policy

import (
	"strconv"
	"strings"
)

// Pos is a place in the text of a policy. The zero Pos is no place: the
// element was not read from text.
type Pos struct {
	Offset int `json:"offset"` // bytes from the start, counted from 0
	Line   int `json:"line"`   // counted from 1
	Column int `json:"column"` // bytes from the start of the line, counted from 1
}

// String returns line:column, or "-" for no place.
func (p Pos) String() string {
	if p.Line == 0 {
		return "-"
	}
	return strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
}

// Problem is one thing that makes a policy invalid.
type Problem struct {
	Code    string `json:"code"` // stable, such as "json-duplicate-member"
	Policy  string `json:"policy,omitempty"`
	Pos     Pos    `json:"pos"`
	Path    string `json:"path,omitempty"` // Statement[1].Condition.StringLike
	Message string `json:"message"`
}

// Error returns policy:line:column: path: message.
func (p Problem) Error() string {
	var b strings.Builder
	if p.Policy != "" {
		b.WriteString(p.Policy)
		b.WriteByte(':')
	}
	if p.Pos.Line > 0 {
		b.WriteString(p.Pos.String())
		b.WriteByte(':')
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	if p.Path != "" {
		b.WriteString(p.Path)
		b.WriteString(": ")
	}
	b.WriteString(p.Message)
	return b.String()
}

// Problems are all that is wrong with a policy, in the order of the text.
type Problems []Problem

// Error returns every problem, one a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// err returns the problems as an error, or a nil error for none.
func (ps Problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}
