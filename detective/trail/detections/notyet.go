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
// What a call changes from, and what an id stands for, are not in them either.
func Weaker() map[string]string {
	return map[string]string{
		"D002": "whether another trail still covers the account is not told: the level stays",
		"D003": "another key prefix is told only when it is empty",
		"D004": "compared with all management events, not with the selectors before; data events that are left out are not told",
		"D006": "retention and selectors are compared with the least that is asked for, not with those before",
		"D020": "a filter that is updated is judged by what the update names",
		"D025": "a severity is lowered when it becomes LOW or INFORMATIONAL, whatever it was",
		"D030": "the record names no VPC: a teardown of the VPC right after does not quiet it",
		"D031": "a teardown of the VPC right after does not quiet it: the deletion of a configuration names none",
		"D032": "the record names no zone: its deletion right after does not quiet it",
		"D035": "a delivery source of standard logging v2 is not looked for",
		"D036": "which rules a web ACL of WAFv2 had before: one that leaves is told when no rule is left, one in COUNT whatever it was",
		"D041": "the strength before: a filter is lowered when it becomes NONE; a policy that is left out is not told",
		"D053": "failures with and without a hidden name count apart",
		"D055": "a check of MFA that no sign-in follows is not told unless it failed",
		"D056": "two listed places within an hour, not the speed between any two; sign-ins in the console only",
		"D061": "pipelines are known by the subjects of GitHub, GitLab and Terraform",
		"D062": "who took a central root session is not in its records: with root tasks listed, none of these is found here; D069 finds who took it",
		"D067": "a new address outside the listed networks, not a new country or network; a device code that is redeemed without a sign-in is not told",
		"D075": "addresses in no listed network count as one network",
		"D077": "a new address, not a new network",
		"D079": "every session that decrypts much, not only those of a principal new to the key",
		"D086": "a certificate is told as known only from a record that holds it: one that is enabled or put into a profile is found whosever it is",
		"D087": "whether the user had a device before; a virtual device that is deleted names no user",
		"D093": "an event source mapping names no pattern and is not told",
		"D096": "the rights of the profiles: every swap by a stranger",
		"D098": "the role or source before: every update that gives one",
		"D110": "a policy of the account's own, whose document the record does not hold",
		"D112": "what the version grants, so the level stays",
		"D113": "the policies of the group: it is strong by its name, or when the caller is who joins",
		"D114": "a boundary of the account's own, whose document the record does not hold",
		"D115": "the rights of the role: every one by a stranger",
		"D116": "new to the principal that calls, not to the human behind it; a chain is told by its last two roles",
		"D118": "a role is strong when it is listed; callers new to it are all but those listed",
		"D119": "of a start script that is replaced, the notebook: a lifecycle configuration names none, so stop, change and start are those of one principal",
		"D121": "any right, whether an administrator's or not; by the principal, not the human behind it",
		"D131": "a new address outside the listed networks, not a new network; the user agents of tools are told by D064",
		"D163": "who took the snapshot is not told from accounts of one's own",
		"D168": "a canonical id is compared with the owner's in the same document: other accounts of one's own differ too; a grant to an id in a header is not told",
		"D171": "a fixed number of bytes, or ten times one mean for all sessions, not ten times each one's own",
		"D173": "a location is told when it is made; a task or an execution names locations without their buckets",
		"D174": "a destination outside is not told: the job names a bucket without its account",
		"D178": "the domain of an e-mail address is not judged",
		"D192": "a demand for ransom raises a finding, and makes none by itself",
		"D193": "an algorithm weaker than before or a shorter retention is not told, only another account's key and a retention removed",
		"D200": "instance types of spot fleets, types named only by a launch template or by attributes, and numbers far above the mean are not told",
		"D202": "ten times one mean for all sessions, not ten times each one's own",
		"D203": "ten times one mean for all sessions, not ten times each one's own",
		"D205": "by fixed floors, not by what was there before; the age and the reuse of passwords are not judged",
		"D206": "an administrator is who has the policy AdministratorAccess or is a listed role; keys, passwords and users of administrators are deleted as anybody's",
		"D207": "invocations are not compared with a mean; every function counts as in production",
	}
}
