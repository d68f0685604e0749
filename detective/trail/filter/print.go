package filter

import (
	"strings"
)

// String is the pattern in canonical form; parsing it gives the same pattern.
func (p *Pattern) String() string {
	var b strings.Builder
	b.WriteString("{ ")
	if p.root != nil {
		p.root.print(&b, 0)
	}
	b.WriteString(" }")
	return b.String()
}

func printList(b *strings.Builder, xs []node, sep string, prec, outer int) {
	if prec < outer {
		b.WriteString("(")
	}
	for i, x := range xs {
		if i > 0 {
			b.WriteString(sep)
		}
		x.print(b, prec+1)
	}
	if prec < outer {
		b.WriteString(")")
	}
}

func (x or) print(b *strings.Builder, outer int) { printList(b, x, " || ", 1, outer) }

func (x and) print(b *strings.Builder, outer int) { printList(b, x, " && ", 2, outer) }

func (t *test) print(b *strings.Builder, _ int) {
	b.WriteString("(" + t.sel.String() + " " + opText[t.op])
	if t.op <= Ge {
		switch t.form {
		case asNumber:
			b.WriteString(" " + t.text)
		case asRegexp:
			b.WriteString(" %" + t.text + "%")
		default:
			b.WriteString(` "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(t.text) + `"`)
		}
	}
	b.WriteString(")")
}
