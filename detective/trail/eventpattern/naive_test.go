package eventpattern

import (
	"encoding/json"
	"math/rand/v2"
	"net/netip"
	"regexp"
	"strings"
	"testing"
)

// naive judges a pattern on decoded JSON, sharing nothing with the compiler:
// it flattens the event into paths with the array elements they go through.
func naive(pattern, event any) bool {
	p, ok := pattern.(map[string]any)
	if !ok {
		return false
	}
	// An array stands for any one of its objects.
	if list, ok := event.([]any); ok {
		found := false
		for _, el := range list {
			switch el.(type) {
			case map[string]any, []any:
				found = found || hasObject(el)
				if hasObject(el) && naive(pattern, el) {
					return true
				}
			}
		}
		if found {
			return false
		}
		event = nil
	}
	e, _ := event.(map[string]any)
	for k, v := range p {
		if k == "$or" {
			some := false
			for _, alt := range v.([]any) {
				some = some || naive(alt, e)
			}
			if !some {
				return false
			}
			continue
		}
		if sub, ok := v.(map[string]any); ok {
			if !naive(sub, e[k]) {
				return false
			}
			continue
		}
		val, present := e[k]
		some := false
		for _, m := range v.([]any) {
			some = some || naiveLeaf(m, val, present)
		}
		if !some {
			return false
		}
	}
	return true
}

func hasObject(x any) bool {
	switch x := x.(type) {
	case map[string]any:
		return true
	case []any:
		for _, el := range x {
			if hasObject(el) {
				return true
			}
		}
	}
	return false
}

func leaves(v any, present bool) []any {
	if !present {
		return nil
	}
	switch v := v.(type) {
	case map[string]any:
		return nil
	case []any:
		var out []any
		for _, el := range v {
			out = append(out, leaves(el, true)...)
		}
		return out
	}
	return []any{v}
}

func naiveLeaf(m, val any, present bool) bool {
	vs := leaves(val, present)
	if op, ok := m.(map[string]any); ok {
		if want, ok := op["exists"]; ok {
			return (len(vs) > 0) == want.(bool)
		}
	}
	for _, v := range vs {
		if naiveOne(m, v) {
			return true
		}
	}
	return false
}

func naiveOne(m, v any) bool {
	op, ok := m.(map[string]any)
	if !ok {
		return m == v
	}
	s, isText := v.(string)
	for name, arg := range op {
		switch name {
		case "prefix":
			return isText && strings.HasPrefix(s, arg.(string))
		case "suffix":
			return isText && strings.HasSuffix(s, arg.(string))
		case "equals-ignore-case":
			return isText && strings.EqualFold(s, arg.(string))
		case "wildcard":
			re := regexp.MustCompile(`(?s)\A` + strings.ReplaceAll(regexp.QuoteMeta(arg.(string)), `\*`, `.*`) + `\z`)
			return isText && re.MatchString(s)
		case "numeric":
			n, isNum := v.(float64)
			l := arg.([]any)
			for i := 0; i < len(l); i += 2 {
				b := l[i+1].(float64)
				isNum = isNum && map[string]bool{"<": n < b, "<=": n <= b, ">": n > b, ">=": n >= b, "=": n == b}[l[i].(string)]
			}
			return isNum
		case "cidr":
			ip, err := netip.ParseAddr(s)
			return err == nil && netip.MustParsePrefix(arg.(string)).Contains(ip)
		case "anything-but":
			switch arg := arg.(type) {
			case []any:
				for _, a := range arg {
					if a == v {
						return false
					}
				}
				return true
			case map[string]any:
				return !naiveOne(arg, v)
			}
			return arg != v
		}
	}
	return false
}

func TestAgainstNaive(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	pick := func(xs ...string) string { return xs[r.IntN(len(xs))] }
	leaf := func() string {
		var out []string
		for range 1 + r.IntN(2) {
			out = append(out, pick(`"a"`, `"ab"`, `1`, `5`, `true`, `null`, `""`, `{"prefix":"a"}`, `{"suffix":"b"}`, `{"equals-ignore-case":"AB"}`, `{"wildcard":"a*b"}`,
				`{"numeric":[">",1,"<=",5]}`, `{"cidr":"10.0.0.0/8"}`, `{"exists":true}`, `{"exists":false}`, `{"anything-but":["a","ab"]}`, `{"anything-but":[1,5]}`, `{"anything-but":{"prefix":"a"}}`))
		}
		return "[" + strings.Join(out, ",") + "]"
	}
	var obj func(depth int) string
	obj = func(depth int) string {
		var ms []string
		for _, k := range []string{"x", "y", "z"} {
			switch n := r.IntN(5); {
			case n < 2:
				ms = append(ms, `"`+k+`":`+leaf())
			case n == 2 && depth > 0:
				ms = append(ms, `"`+k+`":`+obj(depth-1))
			}
		}
		if r.IntN(5) == 0 && depth > 0 {
			ms = append(ms, `"$or":[`+obj(0)+","+obj(0)+`]`)
		}
		if len(ms) == 0 {
			ms = append(ms, `"x":`+leaf())
		}
		return "{" + strings.Join(ms, ",") + "}"
	}
	var val func(depth int) string
	val = func(depth int) string {
		if depth > 0 {
			switch r.IntN(4) {
			case 0, 1:
				var ms []string
				for _, k := range []string{"x", "y", "z"} {
					if r.IntN(3) > 0 {
						ms = append(ms, `"`+k+`":`+val(depth-1))
					}
				}
				return "{" + strings.Join(ms, ",") + "}"
			case 2:
				var els []string
				for range r.IntN(4) {
					els = append(els, val(depth-1))
				}
				return "[" + strings.Join(els, ",") + "]"
			}
		}
		return pick(`"a"`, `"ab"`, `"AB"`, `"acb"`, `1`, `3`, `5`, `true`, `false`, `null`, `""`, `"10.1.1.1"`)
	}
	hits := 0
	for range 20000 {
		pt := `{"detail":{"requestParameters":` + obj(2) + `}}`
		ev := `{"detail":{"requestParameters":` + val(4) + `}}`
		p, err := Parse([]byte(pt))
		if err != nil {
			t.Fatalf("%s: %v", pt, err)
		}
		var jp, je any
		if json.Unmarshal([]byte(pt), &jp) != nil || json.Unmarshal([]byte(ev), &je) != nil {
			t.Fatal("not JSON")
		}
		want := naive(jp, je)
		if want {
			hits++
		}
		if got := matches(t, p.EnvelopeExpr(), ev); got != want {
			t.Fatalf("%s\non %s\ngot %v, want %v\n%s", pt, ev, got, want, p.EnvelopeExpr())
		}
	}
	if hits < 500 {
		t.Errorf("only %d match", hits)
	}
}
