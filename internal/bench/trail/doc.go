// Package trail measures detective/trail: reading, and judging by rules, on a
// generated corpus of realistic CloudTrail records, beside what other readers
// of JSON do with the same bytes in the same process.
//
//	go test -run Corpus -v                            what the corpus looks like
//	go test -bench SideBySide -benchtime 10x          all cases in turn, and their ratios
//	go test -bench SideBySide -files 400              the same with 200,000 records instead of 20,000
//	go test -bench SideBySide -floors                 fail where a ratio is far below what it is to be
//	go test -bench Case -cases scan,builtin60         cases by themselves
//	go test -bench SideBySide -cases inflate,gunzip   inflating, beside a fast streaming reader
//	go test -bench Load                               a thousand Sigma rules read, linted and compiled
//	go test -run Stream -v -stream 10 -timeout 1h     10 GB, made on the fly by another process
//
// The generator is deterministic and needs no logs of anybody. Its parameters
// (sizes, order of members, mix of services, identities and outcomes) follow
// what management and data event trails look like.
package trail
