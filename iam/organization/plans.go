package organization

import (
	"time"

	"github.com/awsposture/posture"
)

// settle is how long a write to AWS Organizations may take to show in a read.
const settle = 3 * time.Minute

func unreadable(r posture.Resource, err error) error {
	return &posture.Refusal{Reason: posture.ReasonUnreadable, Message: r.String() + " could not be read", Err: err}
}
