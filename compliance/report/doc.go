// Package report writes what an assessment found: JSON Lines, CSV, Markdown,
// one HTML page, OCSF, ASFF, SARIF, OSCAL and JUnit. A format is a struct whose
// zero value works; its fields say what the format asks for beyond findings.
//
// HeaderOf makes the header of an assessment. With Header.Comparison each format
// says too what became of a finding since an earlier one: new, open, regressed,
// fixed, gone or not seen.
//
// Every format writes as it reads and holds none of the findings, except that
// OSCAL keeps 16 to 40 bytes of each and JUnit one suite. HTML and Markdown begin
// with a summary: give Header.Counts, or a sequence that can be walked twice.
// The order is the caller's; slices.SortFunc(items, report.Urgency(h.Finished))
// puts first what must be done first.
//
// Whatever stands in a name, a tag or an error message comes out valid: bytes
// that are no UTF-8 become U+FFFD everywhere; control and direction characters are
// shown as \u202e instead of obeyed. JSON Lines and OCSF carry them as they are,
// escaped.
//
// Verdicts stand in each format as follows.
//
//	               Pass       Fail           waived Fail            NotApplicable  Unknown
//	own words      pass       fail           fail, waived           not-applicable unknown, cause
//	OCSF           1          3              3, suppressed          99             2
//	ASFF           PASSED     FAILED         FAILED, SUPPRESSED     NOT_AVAILABLE  WARNING
//	SARIF          pass       fail           fail, suppression      notApplicable  open
//	OSCAL          satisfied  not-satisfied  risk, deviation-approved no finding   not-satisfied, other
//	JUnit          passed     failure        skipped                skipped        error
package report
