package organization_test

import (
	"context"
	"sync"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"

	"github.com/awsposture/posture/iam/organization"
)

// meter counts how many of a Reader's calls for each policy and unit are under way.
type meter struct {
	organization.Reader
	mu      sync.Mutex
	running int
	counts  []int
}

func (m *meter) enter() (leave func()) {
	m.mu.Lock()
	m.running++
	m.counts = append(m.counts, m.running)
	m.mu.Unlock()
	time.Sleep(time.Millisecond) // so that others get in
	return func() {
		m.mu.Lock()
		m.running--
		m.mu.Unlock()
	}
}

func (m *meter) seen() []int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.counts
}

func (m *meter) DescribePolicy(ctx context.Context, in *sdk.DescribePolicyInput, o ...func(*sdk.Options)) (*sdk.DescribePolicyOutput, error) {
	defer m.enter()()
	return m.Reader.DescribePolicy(ctx, in, o...)
}

func (m *meter) ListOrganizationalUnitsForParent(ctx context.Context, in *sdk.ListOrganizationalUnitsForParentInput, o ...func(*sdk.Options)) (*sdk.ListOrganizationalUnitsForParentOutput, error) {
	defer m.enter()()
	return m.Reader.ListOrganizationalUnitsForParent(ctx, in, o...)
}
