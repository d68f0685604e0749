package policy

import (
	"math/big"
	"net"
	"regexp"
	"strings"
	"time"
)

var number = regexp.MustCompile(`^[+-]?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d{1,9})?$`)

func order(compare comparison, fourDigits bool, a, b string) (int, bool) {
	if compare == compareNumber {
		if !number.MatchString(a) || !number.MatchString(b) {
			return 0, false
		}
		x, _ := new(big.Rat).SetString(a)
		y, _ := new(big.Rat).SetString(b)
		return x.Cmp(y), true
	}
	x, okx := moment(a, fourDigits)
	y, oky := moment(b, fourDigits)
	return x.Compare(y), okx && oky
}

func moment(text string, fourDigits bool) (time.Time, bool) {
	if regexp.MustCompile(`^\d+$`).MatchString(text) && (len(text) != 4 || fourDigits) {
		n, _ := new(big.Int).SetString(text, 10)
		return time.Unix(n.Int64(), 0), true
	}
	for _, layout := range []string{"2006", "2006-01", "2006-01-02", "2006-01-02T15:04Z07:00", "2006-01-02T15:04", time.RFC3339Nano, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func inRange(network, address string) bool {
	ip := net.ParseIP(address)
	if !strings.Contains(network, "/") {
		other := net.ParseIP(network)
		return ip != nil && other != nil && ip.Equal(other)
	}
	_, n, err := net.ParseCIDR(network)
	return err == nil && ip != nil && n.Contains(ip) && (ip.To4() == nil) == (n.IP.To4() == nil)
}
