package detections

// NotYet lists the numbers in the sequence of ids that have no rule here, and
// why.
func NotYet() map[string]string {
	return map[string]string{
		"D010": "it is the result of package digest, not a rule on records",
		"D056": "needs the place of addresses, and the speed between two events",
		"D066": "AWS Health events are no CloudTrail records",
		"D067": "needs the country and network of addresses, and an event that did not happen within the hour before",
		"D075": "needs the network of addresses",
		"D210": "a score over weeks, not a finding",
	}
}
