package policy

import "strings"

// arn is an Amazon Resource Name in its six parts. The resource part may
// itself hold colons.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
type arn struct {
	partition, service, region, account, resource string
}

// parseARN splits s; ok is false unless there are six parts and the first is "arn".
func parseARN(s string) (a arn, ok bool) {
	if !strings.HasPrefix(s, "arn:") {
		return arn{}, false
	}
	// The parts are short, so that looking at each byte is the fastest way.
	var ends [5]int
	n := 0
	for i := range len(s) {
		if s[i] == ':' {
			ends[n] = i
			if n++; n == len(ends) {
				break
			}
		}
	}
	if n < len(ends) {
		return arn{}, false
	}
	return arn{
		partition: s[ends[0]+1 : ends[1]],
		service:   s[ends[1]+1 : ends[2]],
		region:    s[ends[2]+1 : ends[3]],
		account:   s[ends[3]+1 : ends[4]],
		resource:  s[ends[4]+1:],
	}, true
}

// arnGuard returns the number of bytes up to and including the fifth colon, 0
// when s has fewer.
func arnGuard(s string) int {
	end := 0
	for range 5 {
		i := strings.IndexByte(s[end:], ':')
		if i < 0 {
			return 0
		}
		end += i + 1
	}
	return end
}

// isAccountID reports whether s is twelve digits.
func isAccountID(s string) bool {
	if len(s) != 12 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// lastName returns what follows the last slash: the name in an IAM ARN with a path.
func lastName(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }
