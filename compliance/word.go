package compliance

import (
	"fmt"
	"slices"
	"strings"
)

// The enumerations of this package are words in JSON, as those of the root are.

func word(words []string, i int) string {
	if i < len(words) {
		return words[i]
	}
	return fmt.Sprintf("invalid(%d)", i)
}

func marshalWord(what string, words []string, i int) ([]byte, error) {
	if i >= len(words) {
		return nil, fmt.Errorf("compliance: %s %d has no word", what, i)
	}
	return []byte(words[i]), nil
}

func unmarshalWord[T ~uint8](what string, words []string, b []byte, to *T) error {
	i := slices.Index(words, string(b))
	if i < 0 {
		return fmt.Errorf("compliance: %q is not a %s (%s)", b, what, strings.Join(words, ", "))
	}
	*to = T(i)
	return nil
}
