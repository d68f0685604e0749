// Package iam judges and changes an account's identities: the root user, users,
// groups, roles, federation, credentials and policies.
//
// [Account] is the view; [Evaluators] is the suite of its controls, one file each
// or one for a family that shares its evidence. What can be put right by API has
// a setting and a remediator; [Remediators] lists those that need no choice of
// the caller's. Package iamtest has the fake.
//
// The account's IAM is read with as few calls as can be: one paged
// GetAccountAuthorizationDetails for every principal and policy, and the
// credential report for every user's credentials. The report can be four hours
// old, so what fails by it is read from IAM before it is reported.
package iam
