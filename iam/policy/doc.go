// Package policy reads AWS IAM policies, decides requests under them as AWS
// does, and explains the decisions. It uses the standard library alone, makes
// no calls, and can be used without the rest of the module.
//
//   - [Parse] reads a policy and keeps where everything stands.
//   - [Compile] makes an [Engine] of all policies that take part: those of the
//     caller, the resource, and the organization.
//   - [Engine.Decide] answers one request; [Engine.AuthorizeAll] a call that AWS
//     checks as several.
//   - [Engine.Explain] gives the reasons: the deciding statement, the clauses
//     that failed and the values they met, the layer that refused, and the changes
//     that turn the decision round. It counts the statements about other actions;
//     [Engine.ExplainAll] lists them, too.
//   - [Lint] says what is wrong, dangerous or superfluous about one policy.
//   - [Administrator], [Outsiders], [PublicBucket] and [Lost] answer questions
//     about all requests of some sort.
//
// # What it covers
//
// All kinds of policy (identity, resource, trust, boundary, session, service and
// resource control, VPC endpoint) and KMS grants; all condition operators with
// their set prefixes and IfExists; policy variables by version; NotAction,
// NotResource and NotPrincipal; users, role sessions, federated users, root
// users, services, web identities, SAML and anonymous callers; decisions within
// and across accounts; and the exemptions (root users, service-linked roles,
// management accounts, services without resource control policies,
// sts:GetCallerIdentity, bucket policies that would lock their owner out).
// Where AWS's pages disagree or are silent, [Semantics] names the reading taken
// and lets it be turned round.
//
// It does not model ACLs, RAM permissions, and quirks of single services.
//
// # Facts that are not known
//
// A condition key can be absent or not known, which are different things. Keys
// listed in Request.Unknown make a decision [Undetermined] when it depends on
// them; whatever is decided otherwise holds for every value they may have.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
package policy
