package iam_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam/iamtest"
)

// bigWorld is an account of 10,000 users, 5,000 roles and 3,000 policies: a
// company that signs in by federation and keeps users for machines. One user in
// a hundred has an access key, one in a thousand a credential that fails.
func bigWorld() *world {
	w := goodWorld()
	w.Edit(func(s *iamtest.State) {
		for i := range 10_000 {
			u := &iamtest.User{Created: daysAgo(400), Tags: owner, Groups: []string{"staff"}, MFA: []string{fmt.Sprintf("arn:aws:iam::111122223333:mfa/u%d", i)}}
			if i%100 == 0 {
				u.Keys = []*iamtest.Key{{ID: fmt.Sprintf("AKIABIG%013d", i), Created: daysAgo(30), Used: daysAgo(1)}}
			}
			if i%1000 == 0 {
				u.Keys[0].Created, u.MFA = daysAgo(100), nil
			}
			s.Users[fmt.Sprintf("u%05d", i)] = u
		}
		for i := range 5_000 {
			s.Roles[fmt.Sprintf("r%05d", i)] = role(trust(`{"Service":"lambda.amazonaws.com"}`, ""))
		}
		for i := range 3_000 {
			name := fmt.Sprintf("p%05d", i)
			s.Policies[name] = &iamtest.Policy{Document: policy("s3:GetObject", "arn:aws:s3:::example-data/*")}
			s.Roles[fmt.Sprintf("r%05d", i)].Attached = []string{w.ARN("policy/" + name)}
		}
	})
	return w
}

// BenchmarkScan scans a large account on the fake. It reports API calls, and the
// heap in use at the end of the scan, with all results held.
func BenchmarkScan(b *testing.B) {
	w := bigWorld()
	b.ReportAllocs()
	for b.Loop() {
		w.Forget()
		var held []posture.Result
		for r := range posture.Scan(context.Background(), suite(w.account()), nil) {
			held = append(held, r)
		}
		b.StopTimer()
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		findings := 0
		for _, r := range held {
			findings += len(r.Findings)
		}
		b.ReportMetric(float64(len(w.Calls())), "calls/op")
		b.ReportMetric(float64(findings), "findings/op")
		b.ReportMetric(float64(m.HeapInuse)/1e6, "MB-live")
		b.ReportMetric(float64(m.HeapSys)/1e6, "MB-peak") // the most the heap ever took of the system
		b.StartTimer()
	}
}

// TestCallsPerScan holds the calls of a scan of the large account: one for each
// thousand principals and policies, a few for the account, and those for each user with
// a key or with a credential that fails. No two findings have one fingerprint.
func TestCallsPerScan(t *testing.T) {
	w := bigWorld()
	prints := map[string]posture.Finding{}
	for r := range posture.Scan(t.Context(), suite(w.account()), nil) {
		for _, f := range r.Findings {
			if other, taken := prints[f.Fingerprint()]; taken {
				t.Fatalf("%s on %s %q and on %s %q have one fingerprint", f.Control, f.Resource, f.Sub, other.Resource, other.Sub)
			}
			prints[f.Fingerprint()] = f
		}
	}
	count := map[string]int{}
	for _, c := range w.Calls() {
		count[c.Operation]++
	}
	for operation, most := range map[string]int{
		"GetAccountAuthorizationDetails": 19, "GenerateCredentialReport": 1, "GetCredentialReport": 1, "GetAccountSummary": 1, "GetAccountPasswordPolicy": 1,
		"ListVirtualMFADevices": 10, "ListServerCertificates": 1, "ListServiceSpecificCredentials": 1, "ListSAMLProviders": 1, "ListOpenIDConnectProviders": 1, "GetOpenIDConnectProvider": 1, "ListOrganizationsFeatures": 1,
		"ListAccessKeys": 101, "ListMFADevices": 10,
	} {
		if count[operation] > most {
			t.Errorf("%s is called %d times, at most %d", operation, count[operation], most)
		}
		delete(count, operation)
	}
	if len(count) > 0 {
		t.Errorf("further calls: %v", count)
	}
	if principals, calls := 15_000, len(w.Calls()); calls > principals/100+101+10 {
		t.Errorf("%d calls for %d principals", calls, principals)
	}
}
