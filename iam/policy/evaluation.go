package policy

// stackSlots is the number of condition keys, beyond the derived ones, up to
// which a decision needs no memory from the heap.
const stackSlots = 24

// evaluation is the state of one decision.
type evaluation struct {
	e *Engine
	r *Request

	action [maxActionName]byte // in lower case
	colon  int                 // in action
	length int                 // of action

	account, partition                 string // of the caller; "" when it has none
	owner                              string // account that owns the resource
	resourcePartition, resourceService string
	resourcePart                       string
	guard                              int  // length of the first five parts of the resource
	awsOwned                           bool // the ARN names "aws" for an account
	hasBoundary                        bool
	slots                              [derivedKeys + stackSlots]slot
	more                               []slot // of the keys beyond

	applicable uint64 // buckets that take part
	allowed    uint64 // buckets with an Allow that applies
	maybe      uint64 // buckets with an Allow that may apply
	how        naming // how Allow statements of the resource policy name the caller
	maybeHow   naming
	denied     int32 // statement that denies, -1 for none
	maybeDeny  bool
}

// service and name are the two parts of the action. They are not kept as slices:
// pointing into itself would move the evaluation to the heap.
func (ev *evaluation) service() []byte { return ev.action[:ev.colon] }
func (ev *evaluation) name() []byte    { return ev.action[ev.colon+1 : ev.length] }

// slot of a condition key.
func (ev *evaluation) slot(i int32) *slot {
	if i < int32(len(ev.slots)) {
		return &ev.slots[i]
	}
	return &ev.more[i-int32(len(ev.slots))]
}

// scan evaluates every statement that the index finds.
func (ev *evaluation) scan() {
	ev.denied = -1
	x := &ev.e.index
	if p := x.byService[string(ev.service())]; p != nil {
		ev.visit(p)
	}
	ev.visit(x.any)
}

func (ev *evaluation) visit(p *prefixes) {
	for i := p.last(ev.r.Resource); i >= 0; i = p.nodes[i].parent {
		for _, n := range p.nodes[i].statements {
			ev.statement(n)
		}
	}
}

// statement evaluates one statement and notes what follows. One that can
// change nothing any more is passed over.
func (ev *evaluation) statement(n int32) {
	s := &ev.e.statements[n]
	bit := s.layer.bit()
	switch {
	case ev.applicable&bit == 0:
		return
	case s.deny:
		if ev.denied >= 0 && ev.denied <= n {
			return
		}
	case s.layer != bucketResource && ev.allowed&bit != 0:
		return
	}
	if !s.coversAction(ev.service(), ev.name()) {
		return
	}
	result := s.coversResource(ev)
	if result == no {
		return
	}
	how := s.coversPrincipal(ev)
	if how == 0 {
		return
	}
	if result = min(result, s.holds(ev)); result == no {
		return
	}
	switch {
	case s.deny && result == yes:
		ev.denied = n
	case s.deny:
		ev.maybeDeny = true
	case result == yes:
		ev.allowed |= bit
		if s.layer == bucketResource {
			ev.how |= how
		}
	default:
		ev.maybe |= bit
		if s.layer == bucketResource {
			ev.maybeHow |= how
		}
	}
}

// result evaluates a whole statement, whatever was decided so far.
func (ev *evaluation) result(s *statement) truth {
	if !s.coversAction(ev.service(), ev.name()) || s.coversPrincipal(ev) == 0 {
		return no
	}
	return min(s.coversResource(ev), s.holds(ev))
}

// layers works out which policies take part in this request.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func (ev *evaluation) layers() {
	e, p := ev.e, &ev.r.Principal
	if p.Kind == IAMUser || p.Kind == RoleSession || p.Kind == FederatedUser {
		ev.applicable |= bucketIdentity.bit()
		if e.policies.Boundary != nil && !p.ServiceLinked {
			ev.hasBoundary = true
			ev.applicable |= bucketBoundary.bit()
		}
	}
	if ev.takesSession() {
		ev.applicable |= bucketSession.bit()
	}
	if ev.r.ViaEndpoint && e.policies.Endpoint != nil {
		ev.applicable |= bucketEndpoint.bit()
	}
	if ev.resourcePolicyCounts() {
		ev.applicable |= bucketResource.bit()
	}
	if ev.scpsApply() {
		ev.applicable |= levels(bucketSCP, e.scpLevels)
	}
	if ev.rcpsApply() {
		ev.applicable |= levels(bucketRCP, e.rcpLevels)
	}
}

// levels is the set of the first n buckets from b.
func levels(b bucket, n int) uint64 { return (1<<n - 1) << b }

// takesSession: sessions have session policies, and so do sessions of the root
// user from sts:AssumeRoot.
func (ev *evaluation) takesSession() bool {
	switch ev.r.Principal.Kind {
	case FederatedUser:
		return true
	case RoleSession, RootUser:
		return len(ev.e.policies.Session) > 0
	}
	return false
}

// resourcePolicyCounts: a trust policy is about sts actions only.
func (ev *evaluation) resourcePolicyCounts() bool {
	d := ev.e.policies.Resource
	switch {
	case d == nil:
		return false
	case d.Kind == Trust:
		return string(ev.service()) == "sts"
	}
	return !ev.cannotBeLockedOut()
}

// cannotBeLockedOut: the root user of the owner can always get, put and delete
// a bucket policy, whatever that policy says.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
func (ev *evaluation) cannotBeLockedOut() bool {
	if ev.r.Principal.Kind != RootUser || ev.account != ev.owner || string(ev.service()) != "s3" {
		return false
	}
	switch string(ev.name()) {
	case "getbucketpolicy", "putbucketpolicy", "deletebucketpolicy":
		return true
	}
	return false
}

// scpsApply: to identities of member accounts, root users included.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
func (ev *evaluation) scpsApply() bool {
	p := &ev.r.Principal
	account := ev.e.policies.SCPAccount
	return p.Kind.hasIdentity() && !p.Account.Management && !p.ServiceLinked && (account == "" || account == ev.account)
}

// rcpsApply: to resources of member accounts in supported services, whoever calls.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
func (ev *evaluation) rcpsApply() bool {
	e := ev.e
	if e.rcpLevels == 0 || ev.r.Principal.ServiceLinked || !e.rcps[string(ev.service())] {
		return false
	}
	account, management := e.policies.RCPAccount, ev.r.Owner.Management
	if ev.r.Resource == "*" {
		if e.sem.NoRCPWithoutResource {
			return false
		}
		management = management || ev.r.Principal.Account.Management
	}
	switch {
	case management, account != "" && account != ev.owner:
		return false
	case string(ev.service()) == "kms":
		return !ev.r.AWSManagedKey && string(ev.name()) != "retiregrant"
	case string(ev.service()) == "sts" && isServiceLinkedRole(ev.resourcePart):
		return false
	}
	return true
}
