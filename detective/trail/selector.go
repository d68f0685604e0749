package trail

import (
	"fmt"
	"strconv"
	"strings"
)

// ParsePath reads a strict path in the notation of CloudWatch Logs selectors:
// "$.userIdentity.type", "$.resources[0].ARN", "$.a['b.c']", "$.tags[*]".
// It returns how much of the text the path took.
func ParsePath(s string) (Path, int, error) {
	if s == "" || s[0] != '$' {
		return Path{}, 0, fmt.Errorf("a selector begins with $")
	}
	var steps []Step
	i := 1
	for i < len(s) {
		switch {
		case s[i] == '.' && i+1 < len(s) && s[i+1] == '*':
			steps = append(steps, Step{Any: AnyMember})
			i += 2
		case s[i] == '.' && i+1 < len(s) && s[i+1] == '[':
			i++
		case s[i] == '.':
			j := i + 1
			for j < len(s) && plainName(s[j:j+1]) {
				j++
			}
			if j == i+1 {
				return Path{}, i, fmt.Errorf("a name is missing after the dot at %d", i)
			}
			steps = append(steps, Step{Key: s[i+1 : j]})
			i = j
		case strings.HasPrefix(s[i:], "[*]"):
			steps = append(steps, Step{Any: AnyElement})
			i += 3
		case strings.HasPrefix(s[i:], "['"):
			var key []byte
			j := i + 2
			for j < len(s) && s[j] != '\'' {
				if s[j] == '\\' && j+1 < len(s) {
					j++
				}
				key = append(key, s[j])
				j++
			}
			if j+1 >= len(s) || s[j+1] != ']' {
				return Path{}, i, fmt.Errorf("the quoted key at %d does not end with ']", i)
			}
			steps = append(steps, Step{Key: string(key)})
			i = j + 2
		case s[i] == '[':
			j := i + 1
			for j < len(s) && s[j] >= '0' && s[j] <= '9' {
				j++
			}
			n, err := strconv.Atoi(s[i+1 : j])
			if err != nil || j >= len(s) || s[j] != ']' {
				return Path{}, i, fmt.Errorf("the index at %d is not a number in brackets", i)
			}
			steps = append(steps, Step{Index: n, IsIndex: true})
			i = j + 1
		default:
			return Strict(steps...), i, nil
		}
	}
	return Strict(steps...), i, nil
}
