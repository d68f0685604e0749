package organization

import (
	"time"
)

// settle is how long a write to AWS Organizations may take to show in a read.
const settle = 3 * time.Minute
