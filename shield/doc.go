// Package shield judges how well an account is guarded against denial of service
// by AWS Shield and by what stands before its resources, and puts it right.
//
// Shield Standard is on in every account and has no settings: what an owner
// controls is which resources face the internet, and behind what. Those controls
// need no subscription. Shield Advanced is a paid subscription of one year; not to have
// it is a state, not a failure to read: Subscribed fails only where the caller
// requires it, and what lives inside of it is not applicable.
//
// Shield is one service a partition and is asked in its home region. In the
// partitions aws-cn and aws-us-gov every control is not applicable: they offer no
// Shield Advanced, and the facts of Standard are those of other services.
//
// Facts of other services are fields of Account: what faces the internet and
// through what, Route 53 health checks, alarms, the response team's role, buckets of
// logs, the support plan. Without one, the verdict that needs it is unknown.
//
// The package never subscribes: CreateSubscription is not in Writer.
package shield
