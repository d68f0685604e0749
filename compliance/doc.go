// Package compliance is about what findings mean to the people who answer for
// an account: which requirement of which framework they speak of, who has
// accepted what and until when, and how to prove it later.
//
// Its parts are packages of their own. Package compliancetest asserts posture
// from the tests of another project.
package compliance
