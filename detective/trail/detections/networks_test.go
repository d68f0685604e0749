package detections

import (
	"fmt"
	"testing"
)

// TestTwoNetworks: two networks within the hour and in one session, and what
// differs from that in one thing each.
func TestTwoNetworks(t *testing.T) {
	at := func(id int, time, key, address, more string) string {
		return fmt.Sprintf(`{"eventID":"%d","eventTime":"2026-03-01T%sZ","eventSource":"s3.amazonaws.com","eventName":"ListBuckets","sourceIPAddress":%q,"userIdentity":{"accessKeyId":%q%s}}`, id, time, address, key, more)
	}
	const office, provider, unknown, both = "198.51.100.7", "192.0.2.7", "203.0.113.9", "198.51.100.200"
	first := at(1, "10:00:00", "ASIAEXAMPLE", office, "")
	for _, c := range []struct {
		what, second string
		want         int
	}{
		{"another network", at(2, "11:00:00", "ASIAEXAMPLE", provider, ""), 1},
		{"a second too late", at(2, "11:00:01", "ASIAEXAMPLE", provider, ""), 0},
		{"the same network", at(2, "10:10:00", "ASIAEXAMPLE", "198.51.100.8", ""), 0},
		{"an address that is in both counts for the first", at(2, "10:10:00", "ASIAEXAMPLE", both, ""), 0},
		{"an address in none", at(2, "10:10:00", "ASIAEXAMPLE", unknown, ""), 1},
		{"IPv6 in none", at(2, "10:10:00", "ASIAEXAMPLE", "2001:db8::1", ""), 1},
		{"another key", at(2, "10:10:00", "ASIAOTHER", provider, ""), 0},
		{"a service on its behalf", at(2, "10:10:00", "ASIAEXAMPLE", "cloudformation.amazonaws.com", ""), 0},
		{"a service from an address", at(2, "10:10:00", "ASIAEXAMPLE", provider, `,"invokedBy":"athena.amazonaws.com"`), 0},
		{"no key at all", at(2, "10:10:00", "", provider, ""), 0},
	} {
		if got := count(t, "D075", []string{first, c.second}); got != c.want {
			t.Errorf("%s: %d findings, want %d", c.what, got, c.want)
		}
	}
	if got := count(t, "D075", []string{at(1, "10:00:00", "", office, ""), at(2, "10:01:00", "", provider, "")}); got != 0 {
		t.Errorf("two callers without a key make %d findings", got)
	}
	if got := count(t, "D075", []string{at(1, "10:00:00", "ASIAEXAMPLE", unknown, ""), at(2, "10:01:00", "ASIAEXAMPLE", "203.0.113.200", "")}); got != 0 {
		t.Errorf("two unlisted addresses make %d findings", got)
	}
}

func TestImpossibleTravel(t *testing.T) {
	at := func(id int, time, who, address, more string) string {
		return fmt.Sprintf(`{"eventID":"%d","eventTime":"2026-03-01T%sZ","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","sourceIPAddress":%q,"userIdentity":{"arn":"arn:aws:iam::111122223333:user/%s"}%s}`, id, time, address, who, more)
	}
	const north, south = "198.51.100.7", "192.0.2.7"
	first := at(1, "10:00:00", "mira", north, "")
	for _, c := range []struct {
		what, second string
		want         int
	}{
		{"another place", at(2, "11:00:00", "mira", south, ""), 1},
		{"a second later", at(2, "11:00:01", "mira", south, ""), 0},
		{"the same place", at(2, "10:30:00", "mira", "198.51.100.9", ""), 0},
		{"another user", at(2, "10:30:00", "bob", south, ""), 0},
		{"a sign-in that failed", at(2, "10:30:00", "mira", south, `,"errorMessage":"Failed authentication"`), 0},
		{"a place that is not listed", at(2, "10:30:00", "mira", "203.0.113.9", ""), 0},
	} {
		if got := count(t, "D056", []string{first, c.second}); got != c.want {
			t.Errorf("%s: %d findings, want %d", c.what, got, c.want)
		}
	}
}

// TestTablesOfNetworks: what the tables lack is said.
func TestTablesOfNetworks(t *testing.T) {
	for _, c := range []struct {
		p          Params
		d056, d075 string
		large      float64
	}{
		{Params{}, "needs Places", "needs Networks", 1e9},
		{Params{Places: map[string][]string{"north": {"198.51.100.0/24"}}, Networks: map[string][]string{"office": nil}, MeanDownloadBytes: 1e9}, "needs 1 more in Places", "needs 1 more in Networks", 1e10},
		{Params{Places: map[string][]string{"north": {"198.51.100.0/24"}, "south": {"192.0.2.0/24"}}, Networks: map[string][]string{"office": {"198.51.100.0/24"}}, MeanDownloadBytes: 1, LargeDownloadBytes: 50}, "", "", 50},
	} {
		got := map[string]string{}
		for _, s := range NotConfigured(c.p) {
			got[s.ID] = s.Reason
		}
		if got["D056"] != c.d056 || got["D075"] != c.d075 || c.p.largeDownload() != c.large {
			t.Errorf("%+v: %q, %q, %g", c.p, got["D056"], got["D075"], c.p.largeDownload())
		}
	}
}
