package inspector

import (
	"encoding/csv"
	"io"
	"iter"
	"strconv"
	"strings"
)

// csvHead are the columns of WriteCSV.
var csvHead = []string{
	"tier", "severity", "title", "vulnerability", "account", "region", "type", "resource", "repository", "image", "function", "packages", "fixed_in", "fix", "score", "epss", "exploit",
	"known_exploited", "due", "overdue", "first_observed", "last_observed", "in_use", "reason", "recommendation", "url", "arn",
}

// WriteCSV writes every item of a stream as a line, in the stream's order, and
// keeps none of them. Cells that a spreadsheet would take for a formula begin
// with an apostrophe. An error of the stream is returned after what came before it
// was written.
func WriteCSV(w io.Writer, items iter.Seq2[Item, error]) error {
	c := csv.NewWriter(w)
	if err := c.Write(csvHead); err != nil {
		return err
	}
	for i, err := range items {
		if err != nil {
			c.Flush()
			return orError(err, c.Error())
		}
		if err := c.Write(i.cells()); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

func (i Item) cells() []string {
	f := i.Finding
	var names, fixed []string
	for _, p := range f.Packages {
		names, fixed = append(names, strings.TrimSpace(p.Name+" "+p.Version)), append(fixed, p.Fixed)
	}
	epss, known := "", ""
	if f.EPSS >= 0 {
		epss = strconv.FormatFloat(f.EPSS, 'f', -1, 64)
	}
	if e := i.Facts.Exploitation; e != nil {
		known = yesNo(e.Known)
	}
	cells := []string{
		i.Tier.String(), f.Severity, i.Title, f.Vulnerability, i.Resource.Account, i.Resource.Region, i.Resource.Type, i.Resource.ID, f.Repository, f.Image, f.Function,
		strings.Join(names, "; "), strings.Join(fixed, "; "), f.Fix, strconv.FormatFloat(f.score(), 'f', 1, 64), epss, yesNo(f.Exploit),
		known, dayOf(i.Due), yesNo(i.Overdue), dayOf(f.First), dayOf(f.Last), strconv.FormatInt(f.InUse, 10), i.Reason, f.Recommendation, f.URL, f.ARN,
	}
	for n, c := range cells {
		cells[n] = inert(c)
	}
	return cells
}

// inert keeps a spreadsheet from taking a cell for a formula. See "CSV
// Injection" of OWASP.
func inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
