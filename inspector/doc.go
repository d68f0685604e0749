// Package inspector judges how well an account, and an organization, is scanned
// for vulnerabilities by Amazon Inspector, proves what was scanned, ranks what
// was found, and puts the scanning right.
//
// It has two views. Region is Inspector in one region of one account: which
// scan types are enabled and how they are set, what was really scanned, what
// hides findings, and which findings matter. Organization is what the management
// account and the delegated administrator can be asked: who administers
// Inspector, what accounts get by themselves, which of them are left out, and
// the coverage of all of them.
//
// A region without Inspector is a state, not a failure to read: Enabled fails
// there and what lives inside of Inspector is not applicable. That nothing was
// found means nothing until it is proved that everything was looked at: Prove
// holds an inventory that comes from elsewhere against what Inspector says it
// scanned, and the Proof can be stored.
//
// Findings are streamed, a million of them too. Rank gives each one a tier with
// the reason in a sentence; a Ranking keeps the most urgent, the fixes that close
// many at once, and a line per resource. A Gate stops a delivery on what is new
// since a baseline.
//
// Facts of other services are fields of the views: the inventory, what can be
// reached from outside, how much a resource matters, what its role may do.
// Without an inventory coverage is unknown; the facts of ranking say of
// themselves, in each item's sentence, when they are missing.
package inspector
