// Package compliance is about what findings mean to the people who answer for
// an account: which requirement of which framework they speak of, who has
// accepted what and until when, and what has changed since the last time.
//
//	cis, err := compliance.Load("cis-aws", "5.0.0")
//	…
//	run, err := compliance.Assessor{
//		Frameworks: []*compliance.Framework{cis},
//		Scope:      places, // declared beforehand: every account and region
//		Waivers:    waivers,
//	}.Start()
//	…
//	for item := range run.Items(posture.Scan(ctx, suite, nil)) {
//		… // write it to a report
//	}
//	fmt.Println(run.Assessment().Frameworks[0].Summary())
//
// A [Framework] is data: requirements, and mappings from control ids to them.
// An [Assessor] gives each requirement one [Outcome], and nothing is met because
// nobody looked: an Unknown, an account or region of the scope without a result,
// or a control that did not run makes it not assessed. A [Waiver] accepts the
// risk of failing findings until a day and changes no verdict. [Compare] tells
// what became of each failing finding since an earlier [Snapshot].
//
// The words are evidence and assessment. Nothing here certifies anything.
//
// Its parts are packages of their own. Package compliancetest asserts posture
// from the tests of another project.
package compliance
