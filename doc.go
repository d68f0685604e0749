// Package posture says how far an AWS account is from secure, proves it, and
// puts it right. It is the vocabulary that the domain packages share.
//
// # Judging
//
// A [Control] is one requirement. An [Evaluator] judges it at one [Place] and
// gives a [Finding] per resource: [Pass], [Fail], [NotApplicable], or [Unknown]
// with its [Cause]. What could not be read is Unknown; it is never a pass and never a
// fail. [Scan] runs a suite of evaluators, which is a slice:
//
//	account := iam.FromConfig(cfg, posture.Place{Partition: "aws", Account: "111122223333"})
//	for r := range posture.Scan(ctx, iam.Evaluators(account), nil) {
//		for _, f := range r.Findings {
//			fmt.Println(f.Status, f.Control, f.Resource, f.Detail)
//		}
//	}
//
// Evaluators are exported structs with documented defaults; edit the slice to
// change a parameter, leave a control out, or add your own. [Actions] gives the
// IAM actions that a suite needs.
//
// # Changing
//
// A [Remediator] answers failing findings with a [Plan]: steps, each one
// [Setting] with its state before and after. A plan is data: it prints, encodes, and has an ID that an approval can
// name. An [Executor] applies it, refuses it where the state has moved on, reads back what it wrote, and takes it
// back. A program that only scans is never handed what can write.
//
// # Promise
//
// The module follows semantic versioning. Control ids, fingerprints and the JSON
// forms of findings, results, plans and receipts are versioned and outlive a
// release; a control that is renamed keeps its former ids in Control.Replaces. A
// verdict, severity or default that changes stands in CHANGELOG.md by control
// id.
package posture
