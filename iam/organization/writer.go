package organization

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
)

// Writer is the operations of AWS Organizations that the settings write with;
// *organizations.Client fits. It grows in minor releases, as Reader does. A
// program that only scans is never handed one.
type Writer interface {
	AttachPolicy(context.Context, *organizations.AttachPolicyInput, ...func(*organizations.Options)) (*organizations.AttachPolicyOutput, error)
	DetachPolicy(context.Context, *organizations.DetachPolicyInput, ...func(*organizations.Options)) (*organizations.DetachPolicyOutput, error)
	DisablePolicyType(context.Context, *organizations.DisablePolicyTypeInput, ...func(*organizations.Options)) (*organizations.DisablePolicyTypeOutput, error)
	EnablePolicyType(context.Context, *organizations.EnablePolicyTypeInput, ...func(*organizations.Options)) (*organizations.EnablePolicyTypeOutput, error)
}
