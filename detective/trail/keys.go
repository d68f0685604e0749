package trail

import "bytes"

// Keys is a set of keys, of which it holds one bit each: a key whose bit is not
// there is not in the set.
type Keys uint64

const allKeys = ^Keys(0)

func keyBit(key []byte) Keys {
	n := uint(len(key))
	if n == 0 {
		return 1
	}
	return 1 << ((n + uint(key[0])*5 + uint(key[n-1])*11) & 63)
}

// InRequest is the keys of requestParameters of which one leads to the values at
// a path; none when the path does not lead into requestParameters.
func InRequest(p Path) (keys Keys) {
	if p.hot != hRequest || p.below == len(p.steps) {
		return 0
	}
	rest := p.steps[p.below:]
	if p.strict {
		if rest[0].Any != NotAny || rest[0].IsIndex {
			return 0
		}
		return keyBit([]byte(rest[0].Key))
	}
	// A key may hold the dots itself.
	var key []byte
	for i, s := range rest {
		if i > 0 {
			key = append(key, '.')
		}
		key = append(key, s.Key...)
		keys |= keyBit(key)
	}
	return keys
}

// RequestKeys is the keys of requestParameters.
func (e *Event) RequestKeys() (keys Keys) {
	v := e.at(hRequest)
	switch v.Kind() {
	case KindObject:
	case KindArray:
		return allKeys
	default:
		return 0
	}
	for i := 1; ; {
		key, _, next, done, ok := member(v.raw, i)
		if done {
			return keys
		}
		k := v.raw[key.off:key.end]
		if !ok || bytes.IndexByte(k, '\\') >= 0 {
			return allKeys
		}
		keys |= keyBit(k)
		i = next
	}
}
