package detections

// NotYet lists the numbers in the sequence of ids that have no rule here, and
// why.
func NotYet() map[string]string {
	return map[string]string{
		"D010": "it is the result of package digest, not a rule on records",
		"D047": "needs the alarm chain of each filter; package cover answers the question itself",
		"D056": "needs the place of addresses",
		"D066": "AWS Health events are no CloudTrail records",
		"D067": "needs the country and network of addresses",
		"D075": "needs the network of addresses",
		"D077": "needs the network of addresses",
		"D171": "needs a daily mean per session",
		"D174": "needs the parsed job and a first-seen caller",
		"D202": "needs an hourly mean per principal",
		"D203": "needs a sending rate",
		"D210": "a score over weeks, not a finding",
	}
}
