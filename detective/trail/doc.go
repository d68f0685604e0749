// Package trail reads AWS CloudTrail: who did what, from where, with what
// right, and what came of it.
//
// It stands alone: it knows no AWS client. Objects come in through [Source], a
// plain iterator, so a directory, a listing of a bucket or a saved list of
// keys all read the same. What comes out is an iterator of [Event], a record
// that is cut into spans and decoded only where somebody looks.
//
//	for e, err := range trail.Read(ctx, trail.Files(os.DirFS("logs")), nil) {
//		if err != nil { ... a *FileError: one file or record was lost; reading goes on }
//		fmt.Println(e.Time(), e.Name(), e.Identity().ARN)
//	}
//
// Sub-packages judge what was read: rule (the expression language and its
// engine), filter (CloudWatch Logs metric filter patterns), eventpattern
// (EventBridge), sigma, lint (rules that can never match, and what rules need),
// cover (whether one condition holds all of another), detections (the built-in
// rules), lineage, timeline, digest (tamper evidence), live (real time) and
// schema (what records look like).
//
// The record's format is that of
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
package trail
