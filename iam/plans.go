package iam

import (
	"time"

	"github.com/awsposture/posture"
)

// settle is how long an IAM write may take to show in a read.
const settle = 2 * time.Minute

func unreadable(r posture.Resource, err error) error {
	return &posture.Refusal{Reason: posture.ReasonUnreadable, Message: r.String() + " could not be read", Err: err}
}
