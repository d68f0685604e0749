package shieldtest

import (
	"context"

	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/shield"
)

// WebACLs is the Anti-DDoS managed rule group of web ACLs over the fake's state,
// with its faults: operations GetWebACL and UpdateWebACL.
func (f *Shield) WebACLs() shield.WebACLs { return webACLs{f} }

// Alarms is the alarms on attacks over the fake's state, with its faults:
// operations DescribeAlarms, PutMetricAlarm and DeleteAlarms.
func (f *Shield) Alarms() shield.AlarmStore { return alarms{f} }

type webACLs struct{ fake *Shield }

func (w webACLs) op(name string, write bool) awsfake.Op {
	return awsfake.Op{Service: "WAFV2", Name: name, Prefix: "wafv2", Denied: "AccessDeniedException", Write: write}
}

// AntiDDoS implements shield.WebACLs.
func (w webACLs) AntiDDoS(ctx context.Context, acl string) (shield.RuleAction, error) {
	return do(ctx, w.fake, w.op("GetWebACL", false), acl, func(s *State) (shield.RuleAction, error) { return s.AntiDDoS[acl], nil })
}

// SetAntiDDoS implements shield.WebACLs.
func (w webACLs) SetAntiDDoS(ctx context.Context, acl string, want shield.RuleAction) error {
	_, err := do(ctx, w.fake, w.op("UpdateWebACL", true), acl, func(s *State) (struct{}, error) {
		if s.AntiDDoS[acl] = want; want == shield.RuleNone {
			delete(s.AntiDDoS, acl)
		}
		return struct{}{}, nil
	})
	return err
}

type alarms struct{ fake *Shield }

func (a alarms) op(name string, write bool) awsfake.Op {
	return awsfake.Op{Service: "CloudWatch", Name: name, Prefix: "cloudwatch", Denied: "AccessDenied", Write: write}
}

// Alarm implements shield.AlarmStore.
func (a alarms) Alarm(ctx context.Context, region, name string) (shield.AlarmState, error) {
	key := AlarmKey(region, name)
	return do(ctx, a.fake, a.op("DescribeAlarms", false), key, func(s *State) (shield.AlarmState, error) { return s.Alarms[key], nil })
}

// PutAlarm implements shield.AlarmStore.
func (a alarms) PutAlarm(ctx context.Context, region, name string, want shield.AlarmState) error {
	key := AlarmKey(region, name)
	_, err := do(ctx, a.fake, a.op("PutMetricAlarm", true), key, func(s *State) (struct{}, error) {
		s.Alarms[key] = want
		return struct{}{}, nil
	})
	return err
}

// DeleteAlarm implements shield.AlarmStore.
func (a alarms) DeleteAlarm(ctx context.Context, region, name string) error {
	key := AlarmKey(region, name)
	_, err := do(ctx, a.fake, a.op("DeleteAlarms", true), key, func(s *State) (struct{}, error) {
		delete(s.Alarms, key)
		return struct{}{}, nil
	})
	return err
}
