package policy

import (
	"bytes"
	"encoding/json"
	"math/big"
	"net/netip"
	"strings"
	"testing"
)

// What is read is written and read again the same; nothing panics.
func FuzzParse(f *testing.F) {
	f.Add(uint8(Resource), []byte(bothForms))
	f.Add(uint8(Identity), []byte(`{"Statement":{"Effect":"Allow","Action":["a:b",1,null],"Resource":"*","Condition":{"Null":{"a:k":true}}}}`))
	f.Add(uint8(SCP), []byte(`{"Statement":[{"Effect":"Deny","NotAction":"\u00e9\ud83d\ude00"}],"Statement":7}`))
	f.Fuzz(func(t *testing.T, k uint8, text []byte) {
		d, err := Parse(Kind(k), "", text)
		if d == nil {
			t.Fatal("no document")
		}
		for i := range d.Statements {
			if s := &d.Statements[i]; s.Pos.Offset >= len(text) || s.End > len(text) {
				t.Fatalf("statement at %d to %d of %d bytes", s.Pos.Offset, s.End, len(text))
			}
		}
		if err != nil {
			return
		}
		// Everything this reader takes, the standard one takes.
		if !json.Valid(text) {
			t.Fatal("read what is not JSON")
		}
		first, err := d.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(Kind(k), "", first)
		if err != nil {
			t.Fatalf("%s\nfrom %s: %v", first, text, err)
		}
		if second, _ := again.MarshalJSON(); !bytes.Equal(first, second) {
			t.Fatalf("%s became %s", first, second)
		}
		Lint(d, nil)
	})
}

// The fast matchers agree with the one that tries everything.
func FuzzGlob(f *testing.F) {
	f.Add("b/*a*a*a*b", "b/aaaaaaaaa")
	f.Add("*é?", "aéé")
	f.Add("a*?b**", "a:b")
	f.Fuzz(func(t *testing.T, pattern, s string) {
		if len(pattern) > 40 || len(s) > 80 || !validText(pattern, s) {
			return
		}
		toks := tokenize(pattern, language{wildcards: true}, nil)
		chars, _ := (&slow{r: &Request{}}).spell(pattern, true, false)
		want := fits(chars, []rune(s), never)
		if got := glob(toks, s, 0, nil); got != want {
			t.Errorf("glob %q %q: %v", pattern, s, got)
		}
		if got := globMixed(toks, s, nil); got != want {
			t.Errorf("globMixed %q %q: %v", pattern, s, got)
		}
		if got := byteGlob(pattern, []byte(s)); isASCII(pattern+s) && got != want {
			t.Errorf("byteGlob %q %q: %v", pattern, s, got)
		}
		if globsMeet(pattern, s) != want && !strings.ContainsAny(s, "*?") {
			t.Errorf("globsMeet %q %q", pattern, s)
		}
		if globCovers(pattern, s) != want && !strings.ContainsAny(s, "*?") {
			t.Errorf("globCovers %q %q", pattern, s)
		}
		// A matcher with a guard never takes a guarded colon.
		stop := strings.LastIndexByte(s, ':') + 1
		want = fits(chars, []rune(s), func(_ int, c rune) bool { return c == ':' })
		if got := glob(toks, s, stop, nil); got != want {
			t.Errorf("guarded glob %q %q: %v", pattern, s, got)
		}
	})
}

func validText(texts ...string) bool {
	for _, s := range texts {
		if strings.ToValidUTF8(s, "") != s {
			return false
		}
	}
	return true
}

func isASCII(s string) bool { return strings.IndexFunc(s, func(c rune) bool { return c > 127 }) < 0 }

// Resource patterns and ARN operators agree with the slow evaluator, under
// both readings of a star at the end of a part.
func FuzzARN(f *testing.F) {
	f.Add("arn:aws:s*:b*c:x:y:z", "arn:aws:sZ:bX:bYc:x:y:z", false)
	f.Add("arn:aws:s3:::b/${aws:username}*", "arn:aws:s3:::b/alice/k", true)
	f.Add("a?n:*:*", "arn:aws:s3:::k", false)
	f.Fuzz(func(t *testing.T, pattern, resource string, segment bool) {
		if len(pattern) > 60 || len(resource) > 80 || !validText(pattern, resource) {
			return
		}
		if a, ok := parseARN(resource); ok && (a.resource == "" || a.service == "" || a.partition == "") {
			return
		}
		p := Policies{Identity: []*Document{{Kind: Identity, Version: Version2012, Statements: []Statement{
			{Effect: EffectAllow, Action: Values("x:*"), Resource: Values(pattern)},
			{Effect: EffectAllow, Action: Values("y:*"), Resource: Values("*"), Conditions: []Condition{{Operator: "ArnLike", Key: "a:k", Values: Values(pattern)}}},
		}}}, Semantics: Semantics{StarStaysInSegment: segment}}
		e := compile(t, p)
		for _, action := range []string{"x:Y", "y:Y"} {
			r := Request{Principal: alice(), Action: action, Resource: resource, Owner: Account{ID: accountA}, Context: Context{"a:k": {resource}}}
			if action == "y:Y" {
				r.Resource = "*"
			}
			if d := e.Decide(&r); d.Layer != LayerPartition {
				crossCheck(t, p, &r, d)
			}
		}
	})
}

func FuzzCIDR(f *testing.F) {
	f.Add("10.0.0.0/8", "10.1.2.3")
	f.Add("2001:db8::/32", "2001:db8:0:0::1")
	f.Add("203.0.113.9", "203.0.113.9")
	f.Fuzz(func(t *testing.T, network, address string) {
		p, ok := parsePrefix(network)
		if !ok {
			return
		}
		c := condition{op: operator{compare: compareIP}, nets: []netip.Prefix{p}}
		a, err := netip.ParseAddr(address)
		got := c.inNet(address)
		if got && (err != nil || a.Is4() != p.Addr().Is4()) {
			t.Fatalf("%q is in %q", address, network)
		}
		if a.Is4In6() || p.Addr().Is4In6() {
			return // the standard library's older package takes these for IPv4
		}
		if want := inRange(network, address); got != want {
			t.Errorf("%q in %q: %v, want %v", address, network, got, want)
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"2020", "1600000000", "2020-09-13T12:26:40Z", "2020-09-13T12:26:40.5+02:00", "2020-02-30", "2020-09-13T12:26"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, ok := parseInstant(s, false)
		if !ok {
			return
		}
		want, known := moment(s, false)
		if !known || want.Unix() != d.seconds || len(s) < 30 && want.Nanosecond() != d.nanos {
			t.Errorf("%q is %+v, the standard library says %v", s, d, want)
		}
	})
}

func FuzzNumber(f *testing.F) {
	f.Add("10.50", "1.05e1")
	f.Add("-0", "0.0e5")
	f.Add("9007199254740993", "9007199254740992")
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a) > 30 || len(b) > 30 || strings.ContainsAny(a+b, "eE") && (exponent(a) > 3 || exponent(b) > 3) {
			return
		}
		x, okx := parseDecimal(a)
		y, oky := parseDecimal(b)
		if okx != number.MatchString(a) || oky != number.MatchString(b) {
			t.Fatalf("%q %v, %q %v", a, okx, b, oky)
		}
		if !okx || !oky {
			return
		}
		p, _ := new(big.Rat).SetString(a)
		q, _ := new(big.Rat).SetString(b)
		if got, want := compareDecimals(x, y), p.Cmp(q); got != want {
			t.Errorf("%q against %q: %d, want %d", a, b, got, want)
		}
	})
}

// exponent returns the number of digits of the exponent: the standard library
// writes out what a large one means.
func exponent(s string) int {
	i := strings.IndexAny(s, "eE")
	if i < 0 {
		return 0
	}
	return len(strings.TrimLeft(s[i+1:], "+-"))
}

// Any two texts as policies and any texts as a request: no panic, Decide and
// Explain agree, and a Deny never allows more.
func FuzzDecide(f *testing.F) {
	f.Add([]byte(bothForms), []byte(`{"Version":"2012-10-17","Statement":[`+full+`]}`), "s3:GetObject", object, "aws:SecureTransport", "true", uint8(0))
	f.Add([]byte(`{"Statement":{"Effect":"Deny","NotPrincipal":{"AWS":"*"},"NotAction":"s3:*","NotResource":"*"}}`), []byte(`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"ForAllValues:StringNotLike":{"a:k":["${a:j, 'x'}*"]}}}}`), "kms:Decrypt", key, "a:k", "xy", uint8(3))
	f.Fuzz(func(t *testing.T, resource, own []byte, action, arn, key, value string, who uint8) {
		res, _ := Parse(Resource, "", resource)
		id, _ := Parse(Identity, "", own)
		res.Problems, id.Problems = nil, nil
		p := Policies{EvenInvalid: true, Resource: res, Identity: []*Document{id}}
		r := Request{Principal: somePrincips[int(who)%len(somePrincips)], Action: action, Resource: arn, Owner: Account{ID: accountA}, Context: Context{key: {value}}}
		e := compile(t, p)
		d := e.Decide(&r)
		if x := e.Explain(&r); x.Verdict != d.Verdict || x.Text() == "" {
			t.Fatalf("explained %s, decided %s", x.Decision, d)
		}
		p.Boundary = &Document{Kind: Boundary, Version: Version2012, Statements: []Statement{{Effect: EffectDeny, Action: Values("s3:*"), Resource: Values("*")}}}
		if after := compile(t, p).Decide(&r); after.Allowed() && !d.Allowed() {
			t.Fatalf("%s became %s by a Deny", d, after)
		}
	})
}
