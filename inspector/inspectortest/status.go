package inspectortest

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture/inspector"
)

// account gives the scan types of the fake's own account or of a member.
func (f *Inspector) account(s *State, id string) (*Account, types.ErrorCode) {
	if id == f.place.Account {
		return &s.Account, ""
	}
	if s.Organization != nil {
		if m := s.Organization.Members[id]; m != nil {
			return &m.Account, types.ErrorCode(m.NoAnswer)
		}
	}
	return nil, types.ErrorCodeAccessDenied
}

// BatchGetAccountStatus gives the status of up to a hundred accounts: the own and
// those of members. Any other account is a failed one of a call that went well.
func (f *Inspector) BatchGetAccountStatus(ctx context.Context, in *sdk.BatchGetAccountStatusInput, _ ...func(*sdk.Options)) (*sdk.BatchGetAccountStatusOutput, error) {
	return read(ctx, f, "BatchGetAccountStatus", in, func(s *State) (*sdk.BatchGetAccountStatusOutput, error) {
		if len(in.AccountIds) > 100 {
			return nil, invalid("at most 100 accounts can be asked for")
		}
		ids := in.AccountIds
		if len(ids) == 0 {
			ids = []string{f.place.Account}
		}
		out := &sdk.BatchGetAccountStatusOutput{}
		for _, id := range ids {
			a, failed := f.account(s, id)
			if failed != "" {
				out.FailedAccounts = append(out.FailedAccounts, types.FailedAccount{AccountId: &id, ErrorCode: failed, ErrorMessage: aws.String("The account could not be read.")})
				continue
			}
			state := &types.ResourceState{}
			for t, field := range map[inspector.ScanType]**types.State{
				inspector.EC2: &state.Ec2, inspector.ECR: &state.Ecr, inspector.Lambda: &state.Lambda, inspector.LambdaCode: &state.LambdaCode, inspector.CodeRepository: &state.CodeRepository,
			} {
				if at, offered := a.Types[t]; offered {
					*field = &types.State{Status: types.Status(a.seen(t, at)), ErrorCode: types.ErrorCode(a.Codes[t])}
				}
			}
			out.Accounts = append(out.Accounts, types.AccountState{AccountId: &id, ResourceState: state, State: &types.State{Status: overall(a)}})
		}
		return out, nil
	})
}

// seen gives the state of a scan type as a read shows it, which may still be on
// its way.
func (a *Account) seen(t inspector.ScanType, at inspector.ScanState) inspector.ScanState {
	if a.pending[t] == 0 {
		return at
	}
	a.pending[t]--
	if at == inspector.ScanEnabled {
		return inspector.ScanEnabling
	}
	return inspector.ScanDisabling
}

func overall(a *Account) types.Status {
	if a.on() {
		return types.StatusEnabled
	}
	return types.StatusDisabled
}

// Enable enables scan types in accounts. A scan type that an organization policy
// sets makes the account a failed one.
func (f *Inspector) Enable(ctx context.Context, in *sdk.EnableInput, _ ...func(*sdk.Options)) (*sdk.EnableOutput, error) {
	return write(ctx, f, "Enable", in, func(s *State) (*sdk.EnableOutput, error) {
		done, failed, err := f.turn(s, in.AccountIds, in.ResourceTypes, true)
		return &sdk.EnableOutput{Accounts: done, FailedAccounts: failed}, err
	})
}

// Disable disables scan types in accounts, and deletes what they found. A member
// cannot.
func (f *Inspector) Disable(ctx context.Context, in *sdk.DisableInput, _ ...func(*sdk.Options)) (*sdk.DisableOutput, error) {
	return write(ctx, f, "Disable", in, func(s *State) (*sdk.DisableOutput, error) {
		if s.Administrator != "" {
			return nil, denied("Invoking account is a member: only its administrator may disable scanning.")
		}
		done, failed, err := f.turn(s, in.AccountIds, in.ResourceTypes, false)
		return &sdk.DisableOutput{Accounts: done, FailedAccounts: failed}, err
	})
}

func (f *Inspector) turn(s *State, ids []string, ts []types.ResourceScanType, on bool) (done []types.Account, failed []types.FailedAccount, err error) {
	if len(ids) == 0 {
		ids = []string{f.place.Account}
	}
	for _, id := range ids {
		a, code := f.account(s, id)
		if code == "" {
			code, err = a.turn(ts, on, f.Transition)
		}
		switch {
		case err != nil:
			return nil, nil, err
		case code != "":
			failed = append(failed, types.FailedAccount{AccountId: &id, ErrorCode: code, ErrorMessage: aws.String("The account could not be changed.")})
			continue
		case !on:
			s.forget(id, a)
		}
		done = append(done, types.Account{AccountId: &id, Status: overall(a), ResourceStatus: &types.ResourceStatus{}})
	}
	return done, failed, nil
}

func (a *Account) turn(ts []types.ResourceScanType, on bool, transition int) (types.ErrorCode, error) {
	for _, t := range ts {
		t := inspector.ScanType(t)
		switch at, offered := a.Types[t]; {
		case !offered:
			return "", invalid("scan type " + string(t) + " is not offered")
		case a.Codes[t] != "":
			return types.ErrorCode(a.Codes[t]), nil
		case on && a.pending[t] > 0:
			return types.ErrorCodeEnableInProgress, nil
		case on && t == inspector.LambdaCode && a.Types[inspector.Lambda] != inspector.ScanEnabled && !slices.Contains(ts, types.ResourceScanTypeLambda):
			return "", invalid("LAMBDA_CODE needs LAMBDA")
		case on && at == inspector.ScanEnabled:
			return types.ErrorCodeAlreadyEnabled, nil
		}
		a.set(t, on, transition)
		if t == inspector.Lambda && !on && a.Types[inspector.LambdaCode] == inspector.ScanEnabled {
			a.set(inspector.LambdaCode, false, transition)
		}
	}
	return "", nil
}

func (a *Account) set(t inspector.ScanType, on bool, transition int) {
	a.Types[t] = inspector.ScanDisabled
	if on {
		a.Types[t] = inspector.ScanEnabled
	}
	if a.pending == nil {
		a.pending = map[inspector.ScanType]int{}
	}
	a.pending[t] = transition
}

// forget deletes what was found by scan types that are disabled, and with an
// account's last scan type its filters.
func (s *State) forget(account string, a *Account) {
	by := map[string]inspector.ScanType{
		inspector.TypeInstance: inspector.EC2, inspector.TypeImage: inspector.ECR, inspector.TypeRepository: inspector.ECR, inspector.TypeFunction: inspector.Lambda, inspector.TypeCodeRepository: inspector.CodeRepository,
	}
	off := func(typ string) bool { return a.Types[by[typ]] != inspector.ScanEnabled }
	s.Coverage = slices.DeleteFunc(s.Coverage, func(r inspector.Row) bool { return r.Account == account && off(r.Type) })
	s.Findings = slices.DeleteFunc(s.Findings, func(v inspector.Finding) bool { return v.Resource.Account == account && off(v.Resource.Type) })
	if !s.Account.on() {
		s.Filters = map[string]*Filter{}
	}
}

// GetDelegatedAdminAccount gives the administrator of a member, and the own
// account where it administers others. In any other account there is none.
func (f *Inspector) GetDelegatedAdminAccount(ctx context.Context, in *sdk.GetDelegatedAdminAccountInput, _ ...func(*sdk.Options)) (*sdk.GetDelegatedAdminAccountOutput, error) {
	return read(ctx, f, "GetDelegatedAdminAccount", in, func(s *State) (*sdk.GetDelegatedAdminAccountOutput, error) {
		id := s.Administrator
		if s.Organization != nil {
			id = f.place.Account
		}
		if id == "" {
			return nil, absent("A delegated administrator")
		}
		relation := types.RelationshipStatusEnabled
		if s.Relation != "" {
			relation = types.RelationshipStatus(s.Relation)
		}
		return &sdk.GetDelegatedAdminAccountOutput{DelegatedAdmin: &types.DelegatedAdmin{AccountId: &id, RelationshipStatus: relation}}, nil
	})
}
