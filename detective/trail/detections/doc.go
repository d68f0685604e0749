// Package detections holds the built-in rules: what an attacker does to an AWS
// account, theme by theme, each with its severity, ATT&CK technique, what to
// look at when it fires and what it is most often mistaken for.
//
//	set, err := rule.Compile(detections.Rules(detections.Params{
//		OwnAccounts: []string{"111122223333"},
//	}))
//
// Identifiers are stable. A detection that needs a list which the caller did
// not give runs in its weaker form where it has one; where it has none it is
// left out and [NotConfigured] says so. It never silently matches nothing.
// [Weaker] says what a detection does not see that its title promises, and
// [NotYet] what has no rule at all.
package detections

import "github.com/awsposture/posture/detective/trail/rule"

// Params are what the detections know of the account. Every list may be empty.
// Principals are globs of IAM ARNs of users and roles (of the role, not the
// session: "arn:aws:iam::111122223333:role/deploy-*"), or account ids.
type Params struct {
	OwnAccounts     []string // account ids; needed to tell outsiders
	PartnerAccounts []string
	OwnBuckets      []string
	LogBuckets      []string // hold logs of any kind
	TrailBuckets    []string // hold CloudTrail's
	TrailKeys       []string // key ids or ARNs
	LoggingGroups   []string
	SecurityAlarms  []string
	SecurityRules   []string
	SecurityTopics  []string // ARNs
	SensitiveRoles  []string // role names or ARNs; of Identity Center, ids of groups and ARNs of permission sets
	KnownProviders  []string // identity providers that may issue sessions
	KnownSubjects   []string // globs of the subjects of pipelines ("repo:example/app:*")
	KnownCAs        []string // of Roles Anywhere: SHA-256 fingerprints of certificates in hex, ARNs of private CAs
	KnownTargets    []string // ARNs that rules on events may send to
	AllowedRegions  []string
	OwnPublicIPs    []string // addresses or networks
	ThreatNetworks  []string // addresses or networks
	// ApprovedNetworks are where large downloads may go to, and where clusters
	// call from.
	ApprovedNetworks []string
	// Networks are the networks that callers use, by name (a provider, an
	// office): what lies outside is unknown, and a session in two is odd.
	Networks map[string][]string
	// Places are networks by place. They should be so far apart that nobody
	// signs in at two of them within an hour.
	Places map[string][]string
	// WatchedFilters are the metric filters that alarms rest on: by name, the
	// pattern whose events each must match at least.
	WatchedFilters map[string]string
	// WatchedPatterns are the same for rules on events: by name, the event
	// pattern whose events each must match at least.
	WatchedPatterns map[string]string

	IaC, Pipelines, Auditors, Archivers, RootTasks, KeyIssuers, ConsoleBrokers, BedrockKeyUsers []string // principals

	MinRetentionDays   int     // default 90; below it a log is kept too short
	LargeDownloadBytes float64 // default 1 GB; by one session within an hour

	// What one session usually does in an hour: means over some weeks. Ten
	// times as much is found; zero means not known.
	MeanDownloadBytes, MeanModelCalls, MeanMails float64

	// Policies judge policy documents. The defaults look at principals,
	// actions and resources without evaluating conditions: a statement with a
	// condition is undecided. A program that can do better hands its own in.
	PolicyPublic, PolicyExternal, PolicyAdmin func(document []byte) rule.Verdict
}

// Rules are the detections that p makes possible.
func Rules(p Params) []rule.Rule {
	var out []rule.Rule
	for _, d := range all(&p) {
		if d.Needs == "" {
			out = append(out, d.rules()...)
		}
	}
	return out
}

// Skipped is a detection that does not run.
type Skipped struct{ ID, Title, Reason string }

// NotConfigured lists the detections that need a list p does not hold.
func NotConfigured(p Params) []Skipped {
	var out []Skipped
	for _, d := range all(&p) {
		if d.Needs != "" {
			out = append(out, Skipped{d.ID, d.Title, "needs " + d.Needs})
		}
	}
	return out
}
