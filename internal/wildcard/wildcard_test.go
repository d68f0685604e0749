package wildcard

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestMatch compares the matcher with a regular expression of the same meaning.
func TestMatch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringMatching(`[ab*?]{0,8}`).Draw(t, "pattern")
		text := rapid.StringMatching(`[ab*?]{0,10}`).Draw(t, "text")
		like := "^" + strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern)) + "$"
		if got, want := Match(pattern, text), regexp.MustCompile(like).MatchString(text); got != want {
			t.Fatalf("Match(%q, %q) is %v", pattern, text, got)
		}
	})
}

// Match must agree with the regular expression that says the same.
func FuzzMatch(f *testing.F) {
	for _, seed := range [][2]string{{"*", ""}, {"a*b?c", "aXXbYc"}, {"", ""}, {"?", ""}, {"**a**", "a"}, {"*a*a*a*b", strings.Repeat("a", 30)}, {"Recon:EC2/*", "Recon:EC2/Portscan"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 50 || len(text) > 100 {
			t.Skip()
		}
		var re strings.Builder
		for _, b := range []byte(pattern) {
			switch b {
			case '*':
				re.WriteString(".*")
			case '?':
				re.WriteString(".")
			default:
				re.WriteString(regexp.QuoteMeta(string(rune(b))))
			}
		}
		// Byte by byte, as Latin-1, since Match counts bytes.
		latin := make([]rune, len(text))
		for i, b := range []byte(text) {
			latin[i] = rune(b)
		}
		if want := regexp.MustCompile(`(?s)^` + re.String() + `$`).MatchString(string(latin)); Match(pattern, text) != want {
			t.Errorf("Match(%q, %q) is %v", pattern, text, !want)
		}
	})
}
