// Package advisor judges an account by AWS Trusted Advisor, and without it.
//
// Account is the view: the checks that Trusted Advisor offers the account, the
// last result of each with its age, and the resources that a result lists. It
// reads through a Source, which is one of two AWS services: package
// advisor/trustedadvisor reads the Trusted Advisor API, package advisor/support
// the older AWS Support API, which also refreshes checks. The former is the one to
// read with: it gives what it says of a resource by name, has priority
// recommendations, and lets exclusions be changed.
//
// A support plan that does not include the API is a state, which the API's answer
// tells and never the name of a plan: Entitled judges it, and what only Trusted
// Advisor could tell is then not applicable. What an account can be asked itself
// is recomputed here: functions such as SpecificPorts and KeyRotation judge
// typed facts as Trusted Advisor does, and what they say stands in controls whose
// ids begin with "advisor.local.", labelled as recomputed. Account.Local carries
// it in; limits come from Account.Quotas.
//
// Table is what is known of each check: its category, what its colours mean, how
// it can be recomputed. A check that the table does not know is judged by its
// colour like any other.
//
// Rank orders what fails by risk and then by money, each with the reason for its
// place; PageOf puts it on one page.
package advisor
