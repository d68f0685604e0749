package eventpattern

import (
	"strconv"

	"github.com/awsposture/posture/detective/trail"
)

// Place is where the pattern speaks of a member of the record ("eventName",
// "requestParameters.bucketName"): of the value text there, if it is found, as
// "detail.eventName[1]", else of the member. It is "" when the pattern does not.
// A linter that judges compiled rules finds its way back by it.
func (p *Pattern) Place(path, text string) string {
	v, _ := trail.JSON(p.text)
	near := ""
	if at := place(v.Member("detail"), "detail", "", path, text, &near); at != "" {
		return at
	}
	if near != "" {
		return near
	}
	// What is read from the envelope.
	for key, member := range map[string]string{"source": "eventSource", "account": "recipientAccountId", "region": "awsRegion", "time": "eventTime", "detail-type": "eventType"} {
		if member == path && v.Member(key).Kind() != trail.KindAbsent {
			return key
		}
	}
	return ""
}

func place(v trail.Value, at, have, path, text string, near *string) string {
	for k, m := range v.Members {
		key := k.String()
		if key == "$or" {
			i := 0
			for el := range m.Elements {
				if found := place(el, at+".$or["+strconv.Itoa(i)+"]", have, path, text, near); found != "" {
					return found
				}
				i++
			}
			continue
		}
		full := join(have, key)
		switch {
		case m.Kind() == trail.KindObject:
			if found := place(m, join(at, key), full, path, text, near); found != "" {
				return found
			}
		case full == path:
			if *near == "" {
				*near = join(at, key)
			}
			i := 0
			for el := range m.Elements {
				if text != "" && says(el, text) {
					return join(at, key) + "[" + strconv.Itoa(i) + "]"
				}
				i++
			}
		}
	}
	return ""
}

// says reports whether a matcher is or holds the text.
func says(v trail.Value, text string) bool {
	switch v.Kind() {
	case trail.KindObject:
		for _, m := range v.Members {
			if says(m, text) {
				return true
			}
		}
		return false
	case trail.KindArray:
		for el := range v.Elements {
			if says(el, text) {
				return true
			}
		}
		return false
	}
	return v.Text() == text
}
