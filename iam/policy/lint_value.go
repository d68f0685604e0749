package policy

import (
	"net/netip"
	"strconv"
	"strings"
)

// conditionValue checks one value against its operator and key.
func (l *linter) conditionValue(path string, c *Condition, op operator, v Value) {
	text := v.Text
	mismatch := func(what string) {
		l.add("value-type-mismatch", v.Pos, path, strconv.Quote(text)+" is not "+what+" and matches nothing", "")
	}
	switch op.compare {
	case compareNumber:
		if _, ok := parseDecimal(text); !ok {
			mismatch("a number")
		}
	case compareDate:
		_, ok := parseInstant(text, false)
		_, digits := digitsOf(text, 1, 15)
		switch {
		case !ok:
			mismatch("a date")
		case digits:
			l.add("date-epoch", v.Pos, path, text+" is read as seconds since 1970, four digits as a year", "write a date such as 2026-01-31T00:00:00Z")
		}
	case compareBool, compareNull:
		if _, ok := parseBool(text); !ok {
			mismatch("true or false")
		}
	case compareIP:
		l.netValue(path, v, mismatch)
	case compareARN:
		if !strings.HasPrefix(text, "arn:") && !strings.HasPrefix(text, "${") && text != "*" {
			mismatch("an ARN")
		} else if arnGuard(text) == 0 && !strings.Contains(text, "${") && text != "*" {
			l.add("value-type-mismatch", v.Pos, path, strconv.Quote(text)+" has fewer than six parts; ARN operators compare part by part, so that it matches nothing", "write all six parts")
		}
	case compareString, compareFold:
		if strings.ContainsAny(strings.NewReplacer("${*}", "", "${?}", "").Replace(text), "*?") {
			l.add("wildcard-without-like", v.Pos, path, strconv.Quote(text)+" has a wildcard, which "+c.Operator+" takes for a plain character", "use "+strings.Replace(strings.Replace(c.Operator, "EqualsIgnoreCase", "Like", 1), "Equals", "Like", 1))
		}
	}
	if op.negated || op.compare == compareNull || strings.ContainsAny(text, "*?$") {
		return
	}
	switch strings.ToLower(c.Key) {
	case "aws:sourcevpc":
		l.idFormat("vpc-id-format", path, v, "vpc-")
	case "aws:sourcevpce":
		l.idFormat("vpce-id-format", path, v, "vpce-")
	case "aws:requestedregion":
		if !isRegion(text) {
			l.add("region-invalid", v.Pos, path, strconv.Quote(text)+" is not a region", "")
		}
	}
}

func (l *linter) idFormat(code, path string, v Value, prefix string) {
	id, ok := strings.CutPrefix(v.Text, prefix)
	hex := strings.IndexFunc(id, func(c rune) bool { return (c < '0' || c > '9') && (c < 'a' || c > 'f') }) < 0
	if !ok || !hex || len(id) != 8 && len(id) != 17 {
		l.add(code, v.Pos, path, strconv.Quote(v.Text)+" is not an id: "+prefix+" and 8 or 17 hexadecimal digits", "")
	}
}

func (l *linter) netValue(path string, v Value, mismatch func(string)) {
	masked, ok := parsePrefix(v.Text)
	if !ok {
		mismatch("an address or a range in CIDR form")
		return
	}
	if p, err := netip.ParsePrefix(v.Text); err == nil && p.Addr() != masked.Addr() {
		l.add("ip-host-bits", v.Pos, path, v.Text+" has bits beyond its prefix, which do not count", "write "+masked.String())
	}
}

// privateRanges: requests over the internet never come from private addresses,
// and through a VPC endpoint there is no aws:SourceIp.
func (l *linter) privateRanges(path string, c *Condition) {
	private := 0
	for _, v := range c.Values {
		if p, ok := parsePrefix(v.Text); ok && isPrivate(p) {
			private++
		}
	}
	switch {
	case private == 0:
	case private == len(c.Values):
		l.add("ip-private-only", c.Pos, path, "aws:SourceIp is never a private address", "use aws:VpcSourceIp with aws:SourceVpc")
	default:
		l.add("ip-private-some", c.Pos, path, "aws:SourceIp is never a private address; those ranges do nothing", "use aws:VpcSourceIp with aws:SourceVpc")
	}
}
