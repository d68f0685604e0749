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
	rest, ok := strings.CutPrefix(s, "arn:")
	if !ok {
		return arn{}, false
	}
	for _, part := range []*string{&a.partition, &a.service, &a.region, &a.account} {
		i := strings.IndexByte(rest, ':')
		if i < 0 {
			return arn{}, false
		}
		*part, rest = rest[:i], rest[i+1:]
	}
	a.resource = rest
	return a, true
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
