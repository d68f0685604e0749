package policy

import (
	"math/bits"
	"slices"
	"strings"
)

// Decide answers a request. It never changes the engine or the request, keeps
// nothing between requests, and allocates no memory unless the policies use
// more than about two dozen condition keys, tags of the principal or the
// aws:userid of a session, or the request is malformed.
//
// The answer follows AWS's evaluation logic: one applicable Deny anywhere
// refuses; every level of the organization and the endpoint must allow; then
// the resource policy, the identity policies, the boundary and the session
// policies together must grant. Within one account
//
//	a resource policy that names the user, the session, a service or "*" is enough;
//	one that names the role or the user behind a session needs boundary and session to allow, too;
//	else identity policies, boundary and session must allow;
//
// across accounts the resource policy must name the caller in some way and
// identity policies, boundary and session must allow as well. Role trust and
// KMS keys ask for the resource policy even within the account.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func (e *Engine) Decide(r *Request) Decision {
	var ev evaluation
	return ev.decide(e, r)
}

func (ev *evaluation) decide(e *Engine, r *Request) Decision {
	if r == nil {
		return Decision{Layer: LayerRequest, Err: malformed("Request", "is nil")}
	}
	ev.e, ev.r = e, r
	if n := len(e.keys.names) - len(ev.slots); n > 0 {
		ev.more = make([]slot, n)
	}
	if err := ev.prepare(); err != nil {
		return Decision{Layer: LayerRequest, Err: err}
	}
	if ev.needsNoPermission() {
		return Decision{Verdict: Allow}
	}
	if ev.partition != "" && ev.resourcePartition != "" && ev.partition != ev.resourcePartition {
		return Decision{Layer: LayerPartition}
	}
	if ev.immutable() {
		return Decision{Layer: LayerImmutable}
	}
	ev.layers()
	ev.scan()
	if ev.denied >= 0 {
		s := &e.statements[ev.denied]
		layer, level := s.layer.layer()
		return Decision{Verdict: ExplicitDeny, Layer: layer, Level: level, Statement: e.ref(s)}
	}
	granted := ev.granted()
	d := ev.conclude(ev.allowed, ev.how, granted)
	if ev.maybe == 0 && !ev.maybeDeny {
		return d
	}
	possible := ev.conclude(ev.allowed|ev.maybe, ev.how|ev.maybeHow, granted)
	if possible.Verdict != Allow {
		return possible
	}
	if d.Verdict == Allow && !ev.maybeDeny {
		return d
	}
	d.Verdict = Undetermined
	return d
}

func (e *Engine) ref(s *statement) StatementRef {
	return StatementRef{Policy: e.documents[s.policy], Index: int(s.index)}
}

// needsNoPermission: any signed caller may ask who it is, whatever policies say.
//
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
func (ev *evaluation) needsNoPermission() bool {
	return string(ev.service()) == "sts" && string(ev.name()) == "getcalleridentity" && ev.r.Principal.Kind != Anonymous
}

// conclude decides from the layers that allow, no Deny being in the way.
func (ev *evaluation) conclude(allowed uint64, how, granted naming) Decision {
	for _, b := range [...]struct {
		first bucket
		layer Layer
		n     int
	}{{bucketRCP, LayerRCP, ev.e.rcpLevels}, {bucketSCP, LayerSCP, ev.e.scpLevels}} {
		if silent := levels(b.first, b.n) & ev.applicable &^ allowed; silent != 0 {
			return Decision{Layer: b.layer, Level: bits.TrailingZeros64(silent) - int(b.first)}
		}
	}
	if bucketEndpoint.bit()&ev.applicable&^allowed != 0 {
		return Decision{Layer: LayerEndpoint}
	}
	missing := ev.missing(allowed, how, granted)
	if missing == 0 && ev.blockedPublic() {
		return Decision{Layer: LayerPublicAccessBlock}
	}
	if missing == 0 {
		return Decision{Verdict: Allow}
	}
	d := Decision{Missing: missing}
	d.Layer = Layer(bits.TrailingZeros16(uint16(missing)))
	return d
}

// missing applies the grant formula: the empty set is an Allow. Of several
// ways to an Allow the one that lacks least is reported, the caller's own side first.
func (ev *evaluation) missing(allowed uint64, how, granted naming) Layers {
	limits := ev.lacking(allowed, bucketBoundary, LayerBoundary) | ev.lacking(allowed, bucketSession, LayerSession)
	identity := ev.lacking(allowed, bucketIdentity, LayerIdentity)
	const resource = Layers(1 << LayerResource)
	retire := string(ev.service()) == "kms" && string(ev.name()) == "retiregrant"
	if retire {
		how = 0 // grants alone decide
	}
	how |= granted
	kind := ev.r.Principal.Kind
	switch {
	case kind == RootUser && string(ev.service()) == "sts" && isRole(ev.resourceService, ev.resourcePart):
		return resource // the root user cannot assume roles
	case !kind.hasIdentity():
		if how&direct != 0 {
			return 0
		}
		return resource
	case ev.account != ev.owner:
		if how == 0 {
			limits |= resource
		}
		if granted != 0 && !ev.e.sem.GrantNeedsIdentity {
			identity = 0
		}
		return limits | identity
	}
	own := limits | identity
	if (ev.resourcePolicyRequired() || retire) && how&viaAccount == 0 {
		own |= resource
	}
	if how&direct != 0 {
		return 0
	}
	if how&(viaRole|viaUser) != 0 {
		return least(own, limits)
	}
	if ev.applicable&bucketResource.bit() != 0 || own&resource != 0 {
		return least(own, resource) // naming the caller there would be enough
	}
	return own
}

// least is the set with fewer layers, the first of two with as many.
func least(a, b Layers) Layers {
	if bits.OnesCount16(uint16(b)) < bits.OnesCount16(uint16(a)) {
		return b
	}
	return a
}

// lacking is the layer if it takes part and does not allow.
func (ev *evaluation) lacking(allowed uint64, b bucket, l Layer) Layers {
	if ev.applicable&^allowed&b.bit() != 0 {
		return 1 << l
	}
	return 0
}

// resourcePolicyRequired: a role's trust policy and a key's policy must allow
// even within the account; other services can be named in the semantics.
func (ev *evaluation) resourcePolicyRequired() bool {
	if ev.r.Resource == "*" || ev.cannotBeLockedOut() {
		return false
	}
	switch service := string(ev.service()); service {
	case "sts":
		return isRole(ev.resourceService, ev.resourcePart) && slices.Contains(ev.e.mandatory, "sts")
	case "kms":
		return strings.HasPrefix(ev.resourcePart, "key/") && slices.Contains(ev.e.mandatory, "kms")
	default:
		return slices.Contains(ev.e.mandatory, service)
	}
}

func isRole(service, resource string) bool {
	return service == "iam" && strings.HasPrefix(resource, "role/")
}

func isServiceLinkedRole(resource string) bool {
	return strings.HasPrefix(resource, "role/aws-service-role/")
}

// blockedPublic: S3 refuses anonymous and cross-account callers while the
// bucket policy is public and the setting is on; service principals keep their access.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func (ev *evaluation) blockedPublic() bool {
	own := ev.r.Principal.Kind.hasIdentity() && ev.account == ev.owner
	return ev.e.public && string(ev.service()) == "s3" && ev.r.Principal.Kind != AWSService && !own
}

// AuthorizeAll decides the requests of one call that AWS checks as several:
// sts:AssumeRole with sts:TagSession, or one action on several resources. It
// returns the first refusal and its index, or an Allow and the number of
// requests.
func (e *Engine) AuthorizeAll(rs ...*Request) (Decision, int) {
	for i, r := range rs {
		if d := e.Decide(r); !d.Allowed() {
			return d, i
		}
	}
	return Decision{Verdict: Allow}, len(rs)
}
