package trail

import "bytes"

// What rules group events by is appended to the caller's memory, because it
// is asked of every event that a window counts.

// AppendPrincipal appends [Identity.Principal] to dst.
func (e *Event) AppendPrincipal(dst []byte) []byte {
	n := len(dst)
	if is(e.at(hIssuerType), "Role") {
		if dst = e.appendMember1(dst, hIssuerARN); len(dst) > n {
			return dst
		}
	}
	if dst = e.appendText1(dst, hUIARN); len(dst) > n {
		if !bytes.Contains(dst[n:], []byte(":assumed-role/")) {
			return dst
		}
		if role := RoleOf(string(dst[n:])); role != "" {
			return append(dst[:n], role...)
		}
		return dst
	}
	dst = e.at(hUIOnBehalf).Member("userId").appendMember(dst)
	if len(dst) > n {
		return dst
	}
	account := e.appendText1(dst, hUIAccount)
	service := e.appendText1(dst, hUIInvokedBy)
	if is(e.at(hUIType), "AWSService") || len(account) == n && len(service) > n {
		return service
	}
	if dst = e.appendText1(dst, hUIPrincipal); len(dst) > n {
		return dst
	}
	if dst = e.appendText1(dst, hUIName); len(dst) > n && string(dst[n:]) != HiddenUser {
		return dst
	}
	return e.appendText1(dst[:n], hUIAccount)
}

// SessionKey groups the events of one set of credentials: the access key when
// the record shows one, else principal and creation time, else the best
// description of the caller together with the address.
func (e *Event) SessionKey() string { return string(e.AppendSessionKey(nil)) }

// AppendSessionKey appends [Event.SessionKey] to dst.
func (e *Event) AppendSessionKey(dst []byte) []byte {
	n := len(dst)
	if dst = e.appendText1(dst, hUIKey); len(dst) > n {
		return dst
	}
	if dst = e.appendText1(dst, hUIPrincipal); len(dst) > n {
		dst = append(dst, '@')
		k := len(dst)
		if dst = e.appendMember1(dst, hCreated); len(dst) > k {
			return dst
		}
		dst = dst[:n]
	}
	dst = append(e.appendText1(dst, hUIType), '|')
	dst = append(e.appendText1(dst, hUIAccount), '|')
	k := len(dst)
	if dst = e.appendText1(dst, hUIARN); len(dst) == k {
		if dst = e.appendText1(dst, hUIName); string(dst[k:]) == HiddenUser {
			dst = dst[:k]
		}
	}
	if len(dst) == k {
		dst = e.appendText1(dst, hUIPrincipal)
	}
	return e.appendText1(append(dst, '|'), hSourceIP)
}

// appendMember1 is appendMember of a hot member.
func (e *Event) appendMember1(dst []byte, h Hot) []byte {
	if e.plain>>h&1 != 0 {
		return e.appendText1(dst, h)
	}
	return e.at(h).appendMember(dst)
}

// appendMember appends Text to dst.
func (v Value) appendMember(dst []byte) []byte {
	if v.Kind() == KindNull {
		return dst
	}
	return v.AppendText(dst)
}

// is reports whether v is a string of exactly this text.
func is(v Value, s string) bool {
	return len(v.raw) == len(s)+2 && string(v.raw[1:len(v.raw)-1]) == s || len(v.raw) > len(s)+2 && v.Text() == s
}

// parseTime reads the one form in which CloudTrail writes times,
// "2026-03-01T10:00:00Z" in quotes; ok is false for any other, be it a time.
func parseTime(raw []byte) (sec int64, ok bool) {
	if len(raw) != 22 || raw[0] != '"' || raw[21] != '"' {
		return 0, false
	}
	t := raw[1:21]
	if t[4] != '-' || t[7] != '-' || t[10] != 'T' || t[13] != ':' || t[16] != ':' || t[19] != 'Z' {
		return 0, false
	}
	bad := false
	two := func(i int) int {
		a, b := t[i]-'0', t[i+1]-'0'
		bad = bad || a > 9 || b > 9
		return int(a)*10 + int(b)
	}
	y, m, d := two(0)*100+two(2), two(5), two(8)
	hh, mm, ss := two(11), two(14), two(17)
	// The last days of a month are left to the time package.
	if bad || m < 1 || m > 12 || d < 1 || d > 28 || hh > 23 || mm > 59 || ss > 59 {
		return 0, false
	}
	// Days since 1970 in a calendar whose years begin in March.
	if m <= 2 {
		y, m = y-1, m+12
	}
	days := 365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + d - 1 - 719468
	return int64(days)*86400 + int64(hh*3600+mm*60+ss), y >= 0
}
