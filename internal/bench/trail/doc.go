// Package trail measures detective/trail: reading, and judging by rules, on a
// generated corpus of realistic CloudTrail records, beside what other readers
// of JSON do with the same bytes in the same process.
//
// The generator is deterministic and needs no logs of anybody. Its parameters
// (sizes, order of members, mix of services, identities and outcomes) follow
// what management and data event trails look like.
package trail
