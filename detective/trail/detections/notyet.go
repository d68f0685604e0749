package detections

// NotYet lists the numbers in the sequence of ids that have no rule here, and
// why.
func NotYet() map[string]string {
	return map[string]string{
		"D010": "it is the result of package digest, not a rule on records",
		"D066": "AWS Health events are no CloudTrail records; match detail.eventTypeCode in EventBridge",
		"D210": "a score over weeks, not a finding",
	}
}

// Weaker lists the detections that see less than their title says, and what
// they do not see. They rest on tables the caller gives, because records hold
// neither the place nor the network of an address, and no means over weeks.
func Weaker() map[string]string {
	return map[string]string{
		"D056": "two listed places within an hour, not the speed between any two; sign-ins in the console only",
		"D067": "a new address outside the listed networks, not a new country or network; a device code that is redeemed without a sign-in is not told",
		"D075": "addresses in no listed network count as one network",
		"D077": "a new address, not a new network; more than twenty accounts, not pairs of account and role",
		"D171": "a fixed number of bytes, or ten times one mean for all sessions, not ten times each one's own",
		"D174": "a destination outside is not told: the job names a bucket without its account",
		"D202": "ten times one mean for all sessions, not ten times each one's own",
		"D203": "ten times one mean for all sessions, not ten times each one's own",
	}
}
