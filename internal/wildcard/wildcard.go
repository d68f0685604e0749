// Package wildcard matches the patterns that AWS writes with * and ?.
package wildcard

import "strings"

// Match tells whether the whole text fits the pattern: * is any text, ? any one
// byte. Letters must be of the same case. After a mismatch only the last * needs
// to take more, which keeps it from going through every way that several could
// share the text.
func Match(pattern, text string) bool {
	p, t, star, resume := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			resume++
			p, t = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
