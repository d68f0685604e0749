package policy

// Policies are all the policies that take part in one decision: those of the
// caller, those of the resource, and those of the organization. What does not
// apply to a request (an SCP to a service-linked role, for instance) may be
// there all the same: the engine knows the exemptions.
type Policies struct {
	// Identity policies of the caller: attached and inline, a user's own and
	// those of all its groups.
	Identity []*Document
	// Boundary of the caller; nil when it has none.
	Boundary *Document
	// Session policies passed when the session was made; none when empty.
	Session []*Document

	// Resource is the policy of the resource, of kind Resource or Trust; nil
	// when it has none.
	Resource *Document
	// Grants of the KMS key that is asked about.
	Grants []Grant
	// RestrictPublicBuckets is the S3 public access block setting of that
	// name, of the bucket or of its account.
	RestrictPublicBuckets bool

	// Endpoint is the policy of the VPC endpoint; nil allows everything. It
	// counts for requests that came that way.
	Endpoint *Document
	// Gateway marks a gateway endpoint, whose policy means the root user
	// alone by an account.
	Gateway bool

	// SCPs from the organization's root down to the account of the caller;
	// none when the account is in no organization or SCPs are not enabled.
	SCPs []Level
	// SCPAccount is the account the SCPs are for; callers from another are
	// not touched by them. "" means the caller's, whoever calls.
	SCPAccount string
	// RCPs from the organization's root down to the account of the resource.
	// The managed RCPFullAWSAccess is added to a level without any Allow.
	RCPs []Level
	// RCPAccount is the account the RCPs are for; "" means the owner of the
	// resource, whoever that is.
	RCPAccount string

	Semantics Semantics
	// EvenInvalid compiles documents that have problems: statements without a
	// valid effect or action are left out, everything else is taken as written.
	EvenInvalid bool
}

// Level is one node of the organization on the way down to an account: the
// root, an organizational unit, or the account itself.
type Level struct {
	Name     string
	Policies []*Document
}

// maxLevels is far more than the depth of an organization, which has seven.
const maxLevels = 24

// Layer is a kind of limit or grant in a decision.
type Layer uint8

// The layers, in the order in which they are reported.
const (
	LayerNone              Layer = iota
	LayerRequest                 // the request is malformed
	LayerPartition               // caller and resource are in different partitions
	LayerImmutable               // AWS owns the resource and no customer can change it
	LayerRCP                     // resource control policies
	LayerSCP                     // service control policies
	LayerEndpoint                // VPC endpoint policy
	LayerPublicAccessBlock       // S3 Block Public Access
	LayerIdentity                // identity policies
	LayerBoundary                // permissions boundary
	LayerSession                 // session policies
	LayerResource                // resource policy, trust policy, grants
)

var layerNames = [...]string{"none", "request", "partition", "immutable", "rcp", "scp", "endpoint", "public-access-block", "identity", "boundary", "session", "resource"}

// String returns the layer in lower case.
func (l Layer) String() string {
	if int(l) >= len(layerNames) {
		l = LayerNone
	}
	return layerNames[l]
}

// MarshalText writes the layer as its word.
func (l Layer) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// bucket is where the statements of one layer, or of one level of the
// organization, are collected.
type bucket uint8

const (
	bucketIdentity bucket = iota
	bucketBoundary
	bucketSession
	bucketEndpoint
	bucketResource
	bucketSCP
	bucketRCP = bucketSCP + maxLevels
)

// bit of the bucket in a set.
func (b bucket) bit() uint64 { return 1 << b }

// layer of the bucket, and the level for organization policies.
func (b bucket) layer() (Layer, int) {
	switch {
	case b >= bucketRCP:
		return LayerRCP, int(b - bucketRCP)
	case b >= bucketSCP:
		return LayerSCP, int(b - bucketSCP)
	}
	return [...]Layer{LayerIdentity, LayerBoundary, LayerSession, LayerEndpoint, LayerResource}[b], 0
}
