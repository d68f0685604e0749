package cover

import (
	"fmt"
	"strings"
	"testing"

	"github.com/awsposture/posture/detective/trail/rule"
)

// BenchmarkThemes covers fifteen requirements of ten names each by thirty
// filters.
func BenchmarkThemes(b *testing.B) {
	var required []rule.Expr
	var have []rule.Expr
	for i := range 15 {
		var names []string
		for j := range 10 {
			names = append(names, fmt.Sprintf("($.eventName=Call%dOf%d)", j, i))
		}
		required = append(required, parse(b, "{"+strings.Join(names, " || ")+"}"))
		have = append(have, parse(b, "{($.eventSource = example.amazonaws.com) && ("+strings.Join(names, " || ")+")}"),
			parse(b, "{($.eventSource != example.amazonaws.com) && ("+strings.Join(names, " || ")+")}"))
	}
	for b.Loop() {
		for _, r := range required {
			if res := Cover(r, have, nil); !res.Covered {
				b.Fatal(res)
			}
		}
	}
}
