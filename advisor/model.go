package advisor

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Category is one of the areas that Trusted Advisor advises on. The set is open.
type Category string

// The categories, as both APIs name them.
const (
	CostOptimizing        Category = "cost_optimizing"
	Performance           Category = "performance"
	Security              Category = "security"
	FaultTolerance        Category = "fault_tolerance"
	ServiceLimits         Category = "service_limits"
	OperationalExcellence Category = "operational_excellence"
	// Other stands for a category that this version does not know.
	Other Category = "other"
)

// categories are those that Trusted Advisor has, what endangers first.
var categories = []Category{Security, FaultTolerance, ServiceLimits, OperationalExcellence, Performance, CostOptimizing}

// String gives the category in words.
func (c Category) String() string { return strings.ReplaceAll(string(c), "_", " ") }

// Colour is the verdict of a check, or on a resource.
type Colour string

// The colours. The zero value is none of them and counts as NotAvailable.
const (
	Green        Colour = "green"  // ok
	Yellow       Colour = "yellow" // warning
	Red          Colour = "red"    // error
	NotAvailable Colour = "not-available"
)

// ColourOf gives the colour of a status as both APIs have it. A status that is not
// known is NotAvailable, since nobody knows that it is good.
func ColourOf(status string) Colour {
	switch status {
	case "ok":
		return Green
	case "warning":
		return Yellow
	case "error":
		return Red
	}
	return NotAvailable
}

// worse orders the colours for choosing one of several. That nothing is known of
// one part goes before that another is good.
func (c Colour) worse(than Colour) bool { return c.rank() > than.rank() }

func (c Colour) rank() int { return slices.Index([]Colour{Green, NotAvailable, Yellow, Red}, c) }

// Cents is an amount of money in hundredths of a US dollar.
type Cents int64

// String gives "$1234.50".
func (c Cents) String() string {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	fraction := strconv.FormatInt(int64(c%100), 10)
	if len(fraction) < 2 {
		fraction = "0" + fraction
	}
	return sign + "$" + strconv.FormatInt(int64(c/100), 10) + "." + fraction
}

// CentsOf rounds an amount of US dollars.
func CentsOf(dollars float64) Cents {
	if dollars < 0 {
		return -CentsOf(-dollars)
	}
	return Cents(dollars*100 + 0.5)
}

// Check is one check as Trusted Advisor offers it.
type Check struct {
	ID         string     `json:"id"` // never changes, unlike the name
	Name       string     `json:"name"`
	Categories []Category `json:"categories"`        // the first is its main one
	Source     string     `json:"source,omitempty"`  // "ta_check", "aws_config" …; "" where the Source does not say
	Headers    []string   `json:"headers,omitempty"` // what it says of a resource, in the order in which the Support API says it
}

// Category is the check's main category: the first that this version knows of
// those that Trusted Advisor has for it, else the table's, else Other.
func (c Check) Category() Category {
	for _, own := range c.Categories {
		if slices.Contains(categories, own) {
			return own
		}
	}
	known, _ := Table().Find(c.ID)
	return cmp.Or(known.Category, Other)
}

// Result is the last result of a check.
type Result struct {
	Check     Check     `json:"check"`
	Colour    Colour    `json:"colour"`
	At        time.Time `json:"at,omitzero"`        // of the last refresh
	NoData    bool      `json:"noData,omitempty"`   // there was nothing to look at
	Processed int64     `json:"processed"`          // resources looked at
	Flagged   int64     `json:"flagged"`            // resources yellow or red
	Excluded  int64     `json:"excluded,omitempty"` // resources that somebody took out; they are not among the flagged
	Savings   Cents     `json:"savings,omitempty"`  // estimated, per month
	ARN       string    `json:"arn,omitempty"`      // of the recommendation; "" from the Support API
}

// empty tells whether the check found nothing to look at, which is not a pass.
func (r Result) empty() bool {
	return r.NoData || r.Colour == Green && r.Processed == 0 && r.Flagged == 0
}

// Flagged is a resource that a result lists.
type Flagged struct {
	RowID    string            `json:"rowId"`            // of the row; another one in each API
	RowARN   string            `json:"rowArn,omitempty"` // of the row; "" from the Support API
	ID       string            `json:"id"`               // the resource: its ARN, id or name
	Region   string            `json:"region,omitempty"` // "" of a global resource
	Colour   Colour            `json:"colour"`
	Excluded bool              `json:"excluded,omitempty"`
	Meta     map[string]string `json:"meta,omitempty"` // what the check says of it, by header
	Savings  Cents             `json:"savings,omitempty"`
}
