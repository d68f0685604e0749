// Package assert shows a posture test: a test of an AWS account that runs with
// a project's other tests. All of it stands in posture_test.go; run it with
//
//	go test -v ./examples/assert
package assert
