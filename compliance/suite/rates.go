package suite

// Rate is how fast one service of one account and region may be asked.
type Rate struct {
	Service   string  // the SDK's service id, "IAM"; "" is every service without a row of its own
	PerSecond float64 // calls a second at most; math.Inf(1) does not wait
	Quota     float64 // calls a second that AWS lets the whole account make, of the narrowest operation that the suite calls
	Source    string  // the document that Quota comes from, or that none is published
	AsOf      string  // when Source was read
}

// DefaultRates are the rates at which a scan is no more than a guest: from a
// tenth to a sixth of the quota, which the account shares with all that runs in
// it. So nothing of it is throttled for the scan's sake while it keeps to four
// fifths of the quota.
//
// Most services publish no figure. Their quota is then taken to be what Quota
// says, on the low side: give your own Rates where you know better.
func DefaultRates() []Rate {
	const asOf = "2026-11-25"
	const unpublished = "no figure is published: the quota is taken"
	return []Rate{
		{"AccessAnalyzer", 1, 8, unpublished + " (IAM User Guide, IAM Access Analyzer quotas)", asOf},
		{"Account", 0.5, 5, "AWS Account Management Reference Guide, Quotas: ListRegions 5 a second; GetAlternateContact 10, in the China Regions 3", asOf},
		{"GuardDuty", 2, 15, unpublished + " (Amazon GuardDuty User Guide, Quotas)", asOf},
		{"IAM", 2, 15, unpublished + " (IAM User Guide, IAM and AWS STS quotas; AWS Security Blog, How to monitor and query IAM resources at scale, part 2)", asOf},
		{"Inspector2", 1, 8, unpublished + " (Amazon Inspector User Guide, Quotas)", asOf},
		{"Organizations", 1, 8, unpublished + " (AWS Organizations User Guide, Quotas and service limits)", asOf},
		{"Shield", 1, 8, unpublished + " (AWS Shield Advanced Developer Guide, Quotas)", asOf},
		{"STS", 20, 600, "IAM User Guide, IAM and AWS STS quotas: 600 a second an account and Region", asOf},
		{"TrustedAdvisor", 1, 8, unpublished + " (AWS Support User Guide)", asOf},
		{"", 1, 8, unpublished, asOf},
	}
}

// rate finds the rate of a service: a row of its own goes before the row of every
// service, and what the caller gave before the defaults.
func rate(given []Rate, service string) float64 {
	for _, rows := range [][]Rate{given, DefaultRates()} {
		for _, of := range []string{service, ""} {
			for _, r := range rows {
				if r.Service == of && r.PerSecond > 0 {
					return r.PerSecond
				}
			}
		}
	}
	return 1
}
