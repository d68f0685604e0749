// Package rule is the language in which CloudTrail events are judged, and the
// engine that judges many rules at once.
//
// An [Expr] says which events match. Sigma rules, EventBridge patterns and
// CloudWatch metric filters compile to it; Go code writes it directly:
//
//	rule.Rule{
//		ID:   "key-for-other",
//		Expr: rule.All(
//			rule.Eq("eventName", "CreateAccessKey"),
//			rule.Absent("errorCode")),
//	}
//
// [Compile] makes a [Set] of many rules. Its engine looks each event up by the
// members that rules name most (source, name, caller type, error code …), for
// which all rules were partly evaluated once; what remains to be tested is
// mostly nothing.
package rule
