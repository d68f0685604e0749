// Package shield judges how well an account is prepared for denial of service,
// by AWS Shield, and puts it right.
//
// [Account] is the view; [Evaluators] is the suite. Shield Standard protects every
// account and has no settings: what is judged of it is the architecture in front
// of what the internet reaches. Shield Advanced is a paid subscription. Without it
// shield.subscription says so and what would live in it is not applicable; nothing
// in this package ever subscribes.
//
// [Account.Readiness] answers for each resource what works if an attack starts now,
// and whether its cost would be credited. [Account.Attacks] gives what Shield saw.
//
// Facts of other services are fields of the view: what the internet reaches and the
// web ACL in front of it, health checks, the response team's role, alarms. Without
// one, the verdict that needs it is unknown. Changes to web ACLs and alarms go through
// the small interfaces [WebACLs] and [AlarmStore], which the caller implements.
//
// A finding about one protection is on a resource of type AWS::Shield::Protection whose id is
// the ARN of what it protects, so that it stays the same finding when a protection
// is made where there was none, or made anew.
package shield
