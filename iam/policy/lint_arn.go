package policy

import (
	"slices"
	"strconv"
	"strings"
)

// arnShape compares an ARN with the forms of the service that it names: an ARN of
// no form, or with a region or account where its form has none, is that of nothing.
// Services of which the catalog knows no form are passed over.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
func (l *linter) arnShape(path string, v Value, parts []string) {
	if own := l.opts.Service; l.d.Kind == Resource && has(ownService, own) && parts[2] != own && !strings.ContainsAny(parts[2], "*?") {
		l.add("arn-not-in-policy-type", v.Pos, path, "the policy of a resource of "+own+" is about it alone, not about "+v.Text, "write the ARN of the resource")
		return
	}
	forms := l.forms(parts[2])
	if len(forms) == 0 {
		return
	}
	const region, account, resource = 3, 4, 5
	runsOver := slices.ContainsFunc(parts[:resource], func(part string) bool { return strings.HasSuffix(part, "*") })
	fits := func(part int, forms [][]string) (all [][]string) {
		for _, f := range forms {
			if globsMeet(placeholders(parts[part]), placeholders(f[part])) && (parts[part] != "" || f[part] == "") {
				all = append(all, f)
			}
		}
		return all
	}
	for _, f := range forms {
		if runsOver && arnOverlaps(v.Text, strings.Join(f, ":")) {
			return // if the star is read that way
		}
	}
	same := fits(resource, forms)
	placed := fits(region, same)
	switch {
	case len(same) == 0:
		l.add("arn-resource-shape", v.Pos, path, strconv.Quote(v.Text)+" is the ARN of no resource of "+parts[2], suggest(nearest(parts[resource], resourceParts(forms))))
	case len(placed) == 0 && parts[region] == "":
		l.add("arn-region-missing", v.Pos, path, strconv.Quote(v.Text)+" names no region", "write "+strings.Join(same[0], ":"))
	case len(placed) == 0:
		l.add("arn-region-not-allowed", v.Pos, path, strconv.Quote(v.Text)+" names a region, which ARNs of this resource do not have", "write "+strings.Join(same[0], ":"))
	case parts[account] != "" && len(fits(account, placed)) == 0: // without one AWS means its own, as in ssm::document
		l.add("arn-account-not-allowed", v.Pos, path, strconv.Quote(v.Text)+" names an account, which ARNs of this resource do not have", "write "+strings.Join(placed[0], ":"))
	}
}

// forms returns the forms of ARNs that name a service, in their six parts: those
// of the service with this prefix, and of the services of the statement's actions,
// which may work on the resources of another. None when the first has none.
func (l *linter) forms(service string) (forms [][]string) {
	prefixes := []string{service}
	for _, v := range append(slices.Clone(l.s.Action), l.s.NotAction...) {
		if p := parseAction(v.Text); p.service != "" && !slices.Contains(prefixes, p.service) {
			prefixes = append(prefixes, p.service)
		}
	}
	own := false
	for _, prefix := range prefixes[:min(len(prefixes), maxPairs)] {
		s := l.catalog.Service(prefix)
		if s == nil {
			continue
		}
		for i := range s.Types {
			for form := range strings.SplitSeq(s.Types[i].ARN, ", ") {
				parts := strings.SplitN(form, ":", 6)
				if len(parts) == 6 && (parts[2] == service || strings.Contains(parts[2], "$")) {
					forms = append(forms, parts)
					own = own || prefix == service
				}
			}
		}
	}
	if !own {
		return nil
	}
	return forms
}

// resourceParts are the last parts of forms.
func resourceParts(forms [][]string) (all []string) {
	for _, f := range forms {
		all = append(all, f[5])
	}
	return all
}
