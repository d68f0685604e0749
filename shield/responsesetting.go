package shield

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// ResponseAbsent is never wanted: it says that there is no protection.
const ResponseAbsent Response = "absent"

// ResponseSetting is the setting of a protection's automatic response. It
// implements posture.Setting[Response].
type ResponseSetting struct {
	Account     *Account `json:"-"`
	Writer      Writer   `json:"-"`
	ResourceARN string   `json:"resourceArn"`
	// Capacity is what the rules of the web ACL in front take without Shield's, in
	// web ACL capacity units, 0 where nobody looked. It tells whether enabling costs.
	Capacity int `json:"capacity,omitempty"`
}

// Kind implements posture.Setting.
func (s ResponseSetting) Kind() posture.Kind {
	return posture.Kind{
		Name: "shield.automatic-response", Reads: actions("DescribeProtection"),
		Writes: actions("EnableApplicationLayerAutomaticResponse", "UpdateApplicationLayerAutomaticResponse", "DisableApplicationLayerAutomaticResponse"), Settle: settle,
	}
}

// Target implements posture.Setting.
func (s ResponseSetting) Target() posture.Resource { return s.Account.protection(s.ResourceARN) }

// Get implements posture.Setting.
func (s ResponseSetting) Get(ctx context.Context) (Response, error) {
	p, err := getProtection(ctx, s.Account.api, s.ResourceARN)
	if err == nil && p.ID == "" {
		return ResponseAbsent, nil
	}
	return p.Response, err
}

// Set implements posture.Setting.
func (s ResponseSetting) Set(ctx context.Context, want Response) error {
	action := &types.ResponseAction{Count: &types.CountAction{}}
	switch want {
	case ResponseOff:
		_, err := s.Writer.DisableApplicationLayerAutomaticResponse(ctx, &shield.DisableApplicationLayerAutomaticResponseInput{ResourceArn: &s.ResourceARN})
		return changed(err)
	case ResponseCount:
	case ResponseBlock:
		action = &types.ResponseAction{Block: &types.BlockAction{}}
	default:
		return fmt.Errorf("shield: the automatic response of %s cannot be made %q", s.ResourceARN, want)
	}
	have, err := s.Get(ctx)
	switch {
	case err != nil:
		return err
	case have == want:
		return nil
	case have == ResponseOff: // to enable what is enabled is an error, and so is to update what is not
		_, err = s.Writer.EnableApplicationLayerAutomaticResponse(ctx, &shield.EnableApplicationLayerAutomaticResponseInput{ResourceArn: &s.ResourceARN, Action: action})
	default:
		_, err = s.Writer.UpdateApplicationLayerAutomaticResponse(ctx, &shield.UpdateApplicationLayerAutomaticResponseInput{ResourceArn: &s.ResourceARN, Action: action})
	}
	return changed(err)
}

// Cost says what enabling the automatic response will cost. See "Deciding whether to
// subscribe to AWS Shield Advanced" in the AWS WAF Developer Guide.
func (s ResponseSetting) Cost(from, to Response) string {
	if from != ResponseOff || to == ResponseOff || s.Capacity+mitigationCapacity <= coveredCapacity {
		return ""
	}
	return fmt.Sprintf("Shield's rule group takes %d web ACL capacity units; with it the web ACL has more than the %d that AWS WAF's base price and the subscription cover.", mitigationCapacity, coveredCapacity)
}

// StopMisplacedResponse plans to turn the automatic response off for load
// balancers that are still behind protected distributions.
type StopMisplacedResponse struct {
	Account *Account
	Writer  Writer
}

// Controls implements posture.Remediator.
func (r StopMisplacedResponse) Controls() []string { return []string{"shield.auto-response-target"} }

// Place implements posture.Remediator.
func (r StopMisplacedResponse) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r StopMisplacedResponse) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	a := r.Account
	target, p, ok, err := a.toPlanOn(ctx, r, fs)
	switch {
	case err != nil:
		return posture.Plan{}, err
	case !ok || p.ID == "" || p.Response == ResponseOff:
		return a.newPlan(fs), nil
	}
	all, err := listProtections(ctx, a.api)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	exposed, err := a.Exposed.Get(ctx, "what the internet reaches of the account")
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	i := slices.IndexFunc(exposed, func(x Exposed) bool { return x.Resource.ARN == target.ID })
	if i < 0 || p.Kind != ALB || behind(all, exposed[i]) == nil {
		return a.newPlan(fs), nil
	}
	step, err := posture.Change(ResponseSetting{Account: a, Writer: r.Writer, ResourceARN: target.ID}, p.Response, ResponseOff)
	plan := a.newPlan(fs, step)
	plan.Needs = []string{"Floods of requests are mitigated on the distributions in front; shield.auto-response judges that."}
	return plan, err
}
