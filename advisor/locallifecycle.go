package advisor

import (
	"cmp"
	"fmt"
	"time"

	"github.com/awsposture/posture"
)

// The checks on what comes to its end that are recomputed by functions of this
// file.
const (
	CheckLambdaRuntimes = "L4dfs2Q4C5"
	CheckSQLServer      = "Qsdfp3A4L3"
	CheckWindowsServer  = "Qsdfp3A4L4"
	CheckUbuntu         = "c1dfprch15"
	CheckLogRetention   = "c18d2gz186"
)

// LifecycleTable says when the support of versions ends. It rots: it is a typed
// option with its source and date, and callers may give their own.
type LifecycleTable struct {
	Ends         map[string]time.Time // by version, as facts name it
	Source, AsOf string
}

// VersionFact is a resource and the version of what it runs. Version is "" where
// it is not known.
type VersionFact struct {
	Resource posture.Resource
	Version  string
}

// LambdaRuntimes recomputes "AWS Lambda Functions Using Deprecated Runtimes", of
// versions $LATEST only: yellow from 180 days before the runtime is deprecated,
// red from then on. A runtime that the table does not have is not available, since
// nobody knows that it is supported. The functions' version is their runtime
// identifier; a function made of an image has none and is left out.
func LambdaRuntimes(functions []VersionFact, table LifecycleTable, now time.Time) []Row {
	return lifecycle(functions, table, now, 180*day)
}

// SQLServer recomputes "Amazon EC2 instances with Microsoft SQL Server end of
// support": yellow from 12 months before the end, red from then on. The version
// takes inventory: an instance without it is not available.
func SQLServer(instances []VersionFact, table LifecycleTable, now time.Time) []Row {
	return lifecycle(instances, table, now, 365*day)
}

// WindowsServer recomputes "Amazon EC2 instances with Microsoft Windows Server end
// of support": yellow from 18 months before the end, red from then on. The check
// judges the image that the instance was launched from, and so does the version to
// give.
func WindowsServer(instances []VersionFact, table LifecycleTable, now time.Time) []Row {
	return lifecycle(instances, table, now, 548*day)
}

// Ubuntu recomputes "Amazon EC2 instances with Ubuntu LTS end of standard
// support": yellow from 6 months before the end, red from then on.
func Ubuntu(instances []VersionFact, table LifecycleTable, now time.Time) []Row {
	return lifecycle(instances, table, now, 183*day)
}

func lifecycle(facts []VersionFact, table LifecycleTable, now time.Time, warning time.Duration) []Row {
	rows := make([]Row, 0, len(facts))
	for _, f := range facts {
		end, known := table.Ends[f.Version]
		row := Row{Resource: f.Resource, Colour: Green, Reason: fmt.Sprintf("The support of %s ends on %s.", f.Version, end.Format(time.DateOnly))}
		switch {
		case f.Version == "":
			row.Colour, row.Reason = NotAvailable, "its version was not given"
		case !known:
			row.Colour, row.Reason = NotAvailable, fmt.Sprintf("when the support of %s ends is not in the table given", f.Version)
		case !now.Before(end):
			row.Colour, row.Reason = Red, fmt.Sprintf("The support of %s ended on %s.", f.Version, end.Format(time.DateOnly))
		case !now.Add(warning).Before(end):
			row.Colour = Yellow
		}
		rows = append(rows, row)
	}
	return rows
}

// RetentionFact is how long a log group keeps its events.
type RetentionFact struct {
	Group posture.Resource
	Days  int // 0: for ever
}

// LogRetention recomputes "Amazon CloudWatch Log Group Retention Period": less
// than least days is yellow; 0 is 365. A group that keeps its events for ever is
// green.
func LogRetention(groups []RetentionFact, least int) []Row {
	least = cmp.Or(least, 365)
	rows := make([]Row, 0, len(groups))
	for _, g := range groups {
		row := Row{Resource: g.Group, Colour: Green, Reason: "It keeps its events for ever."}
		if g.Days > 0 {
			row.Reason = fmt.Sprintf("It keeps its events for %s; %d are asked.", plural(g.Days, "day", "days"), least)
			if g.Days < least {
				row.Colour = Yellow
			}
		}
		rows = append(rows, row)
	}
	return rows
}
