package advisor

import (
	"fmt"

	"github.com/awsposture/posture"
)

// CheckManagementTrail is the check "AWS CloudTrail Management Event Logging".
const CheckManagementTrail = "c25hn9x03v"

// TrailFact is a trail that covers a region with its management events.
type TrailFact struct {
	Logging       bool
	DeliveryError string // of its last delivery, "" none
}

// RegionTrailsFact is the trails that cover one region: its own and those of all
// regions.
type RegionTrailsFact struct {
	Region posture.Resource // of type AWS::CloudTrail::Trail, in the region, without an id
	Trails []TrailFact
}

// ManagementTrails recomputes "AWS CloudTrail Management Event Logging", region by
// region: red without a trail that logs, yellow where all trails that log report
// errors of delivery.
func ManagementTrails(regions []RegionTrailsFact) []Row {
	rows := make([]Row, 0, len(regions))
	for _, r := range regions {
		logging, broken := 0, 0
		for _, t := range r.Trails {
			if t.Logging {
				logging++
				if t.DeliveryError != "" {
					broken++
				}
			}
		}
		row := Row{Resource: r.Region, Colour: Green, Reason: fmt.Sprintf("%s logs management events.", plural(logging-broken, "trail", "trails"))}
		switch {
		case logging == 0:
			row.Colour, row.Reason = Red, "No trail logs management events."
		case broken == logging:
			row.Colour, row.Reason = Yellow, "Every trail that logs management events fails to deliver them."
		}
		rows = append(rows, row)
	}
	return rows
}
