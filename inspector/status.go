package inspector

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
)

// ScanType is a kind of resource that Inspector scans, as the API names it.
type ScanType string

// The scan types. LambdaCode needs Lambda.
const (
	EC2            ScanType = "EC2"
	ECR            ScanType = "ECR"
	Lambda         ScanType = "LAMBDA"
	LambdaCode     ScanType = "LAMBDA_CODE"
	CodeRepository ScanType = "CODE_REPOSITORY"
)

var scanTypes = []ScanType{EC2, ECR, Lambda, LambdaCode, CodeRepository}

// ScanState is the state of a scan type in an account, as the API names it. Only
// ScanEnabled scans.
type ScanState string

// The states of a scan type.
const (
	ScanEnabled    ScanState = "ENABLED"
	ScanEnabling   ScanState = "ENABLING"
	ScanDisabled   ScanState = "DISABLED"
	ScanDisabling  ScanState = "DISABLING"
	ScanSuspended  ScanState = "SUSPENDED"
	ScanSuspending ScanState = "SUSPENDING"
)

// ownedByPolicy is the code with which Inspector says that an organization
// policy sets a scan type, so that no account can.
const ownedByPolicy = "BLOCKED_BY_ORGANIZATION_POLICY"

// TypeStatus is a scan type in an account. Code is why AWS could not set it, ""
// none.
type TypeStatus struct {
	State ScanState
	Code  string
}

// AccountStatus is what an account has of Inspector in a region.
type AccountStatus struct {
	Account    string
	NotOffered bool // AWS has no Inspector in the region
	Types      map[ScanType]TypeStatus
}

// Scans tells whether a scan type is enabled.
func (s AccountStatus) Scans(t ScanType) bool { return s.Types[t].State == ScanEnabled }

// On tells whether any scan type is enabled.
func (s AccountStatus) On() bool {
	return slices.ContainsFunc(scanTypes, s.Scans)
}

// Status reads which scan types are enabled in the account. That none is, is a
// state and not an error.
func (r *Region) Status(ctx context.Context) (AccountStatus, error) {
	return r.account.Get(ctx, func(ctx context.Context) (AccountStatus, error) { return getStatus(ctx, r.api, r.place) })
}

func getStatus(ctx context.Context, api Reader, p posture.Place) (AccountStatus, error) {
	all, failed, err := getStatuses(ctx, api, []string{p.Account})
	switch {
	case noEndpoint(err) && !slices.Contains(regions, p.Region):
		return AccountStatus{Account: p.Account, NotOffered: true}, nil
	case err != nil:
		return AccountStatus{}, err
	case failed[p.Account] != nil:
		return AccountStatus{}, failed[p.Account]
	}
	s, ok := all[p.Account]
	if !ok {
		return AccountStatus{}, malformed("BatchGetAccountStatus", "the answer does not have account %s", p.Account)
	}
	return s, nil
}

// statusBatch is the most accounts that BatchGetAccountStatus takes.
const statusBatch = 100

// getStatuses reads the status of up to statusBatch accounts. An account in the
// answer's failedAccounts is a failure of that account's, though the call went well.
func getStatuses(ctx context.Context, api Reader, accounts []string) (map[string]AccountStatus, map[string]error, error) {
	out, err := api.BatchGetAccountStatus(ctx, &inspector2.BatchGetAccountStatusInput{AccountIds: accounts})
	if err != nil {
		return nil, nil, err
	}
	all, failed := map[string]AccountStatus{}, map[string]error{}
	for _, a := range out.Accounts {
		s := AccountStatus{Account: aws.ToString(a.AccountId), Types: map[ScanType]TypeStatus{}}
		if a.ResourceState == nil || a.ResourceState.Ec2 == nil || a.ResourceState.Ecr == nil { // these two are always there
			failed[s.Account] = malformed("BatchGetAccountStatus", "account %s has no state of its scan types", s.Account)
			continue
		}
		for t, state := range map[ScanType]*types.State{
			EC2: a.ResourceState.Ec2, ECR: a.ResourceState.Ecr, Lambda: a.ResourceState.Lambda, LambdaCode: a.ResourceState.LambdaCode, CodeRepository: a.ResourceState.CodeRepository,
		} {
			if state != nil { // a scan type that the region does not offer is not listed
				s.Types[t] = TypeStatus{ScanState(state.Status), string(state.ErrorCode)}
			}
		}
		all[s.Account] = s
	}
	for _, f := range out.FailedAccounts {
		failed[aws.ToString(f.AccountId)] = failure("BatchGetAccountStatus", f)
	}
	return all, failed, nil
}

// failure is what AWS says of one account of an answer that else went well.
func failure(operation string, f types.FailedAccount) error {
	kind := posture.CauseError
	if f.ErrorCode == types.ErrorCodeAccessDenied {
		kind = posture.CauseDenied
	}
	return &posture.Cause{
		Kind: kind, Operation: "Inspector2:" + operation, Code: string(f.ErrorCode),
		Message: fmt.Sprintf("account %s: %s", aws.ToString(f.AccountId), cmp.Or(aws.ToString(f.ErrorMessage), string(f.ErrorCode))),
	}
}

// on gives the status where some scan type that is asked for is enabled; with
// none asked for, any. Elsewhere it gives the one finding that an evaluator of
// what lives inside of Inspector returns.
func (r *Region) on(ctx context.Context, c posture.Control, of ...ScanType) (AccountStatus, []posture.Finding, error) {
	s, err := r.Status(ctx)
	switch {
	case err != nil:
		return s, nil, err
	case s.NotOffered:
		return s, []posture.Finding{c.NotApplicable(r.resource(), notOffered)}, nil
	case of == nil && s.On(), slices.ContainsFunc(of, s.Scans):
		return s, nil, nil
	}
	why := "Inspector scans nothing in the region; the controls of its scan types judge that."
	if of != nil && s.On() {
		why = fmt.Sprintf("Inspector does not scan %s in the region; the control of that scan type judges it.", of[0])
	}
	return s, []posture.Finding{c.NotApplicable(r.resource(), why)}, nil
}

// Administrator reads the id of the account that administers Inspector in this
// one, "" where none does: in a standalone account and in the administrator's own.
func (r *Region) Administrator(ctx context.Context) (string, error) {
	return r.admin.Get(ctx, func(ctx context.Context) (string, error) { return getAdministrator(ctx, r.api, r.place.Account) })
}

func getAdministrator(ctx context.Context, api Reader, account string) (string, error) {
	out, err := api.GetDelegatedAdminAccount(ctx, &inspector2.GetDelegatedAdminAccountInput{})
	if sameCode(err, notFound) {
		return "", nil
	}
	if err != nil || out.DelegatedAdmin == nil {
		return "", err
	}
	id := aws.ToString(out.DelegatedAdmin.AccountId)
	switch s := out.DelegatedAdmin.RelationshipStatus; {
	case id == account:
		return "", nil
	case s == types.RelationshipStatusRemoved, s == types.RelationshipStatusResigned, s == types.RelationshipStatusDeleted, s == types.RelationshipStatusCreated, s == types.RelationshipStatusInvited:
		return "", nil // not bound yet, or no more
	}
	return id, nil
}

// own is on for what an administrator sets for its members: in a member account
// it is not applicable, since the administrator's own region is judged.
func (r *Region) own(ctx context.Context, c posture.Control, of ...ScanType) (AccountStatus, []posture.Finding, error) {
	s, off, err := r.on(ctx, c, of...)
	if off != nil || err != nil {
		return s, off, err
	}
	admin, err := r.Administrator(ctx)
	if err != nil || admin == "" {
		return s, nil, err
	}
	return s, []posture.Finding{c.NotApplicable(r.resource(), "This is set for the account by its Inspector administrator, account "+admin+", and judged there.")}, nil
}
