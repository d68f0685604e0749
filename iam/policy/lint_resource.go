package policy

import (
	"strconv"
	"strings"
)

// resources checks the entries of Resource or NotResource.
func (l *linter) resources(element string, vs []Value) {
	if vs != nil && len(vs) == 0 {
		l.add("resource-empty", Pos{}, element, "an empty list", "remove the statement")
	}
	for i, v := range vs {
		path := element
		if len(vs) > 1 {
			path = indexed(element, i)
		}
		l.resource(path, v)
		for j, w := range vs[:min(len(vs), maxPairs)] {
			if i < maxPairs && i != j && l.resourceCovers(w.Text, v.Text) && (i > j || !l.resourceCovers(v.Text, w.Text)) {
				l.add("resource-redundant", v.Pos, path, v.Text+" is covered by "+w.Text, "remove it")
				break
			}
		}
	}
	if element == "NotResource" && vs != nil && l.allows() && l.d.grants() {
		l.add("not-resource-allow", vs0(vs), element, "allows the actions on every resource but those listed, also on those to come", "list what is meant under Resource")
	}
}

// sixParts: only there do the wildcards of a glob and of an ARN mean the same.
func sixParts(text string) bool {
	n := arnGuard(text)
	return n > 0 && !strings.ContainsAny(text[:n], "*?") || coversAll(Values(text))
}

func (l *linter) resource(path string, v Value) {
	text := v.Text
	if coversAll(Values(text)) {
		return
	}
	parts := strings.SplitN(text, ":", 6)
	if parts[0] != "arn" {
		if !strings.HasPrefix(text, "arn") || !strings.ContainsAny(parts[0], "*?") {
			l.add("arn-prefix", v.Pos, path, strconv.Quote(text)+` is neither "*" nor an ARN`, "")
		}
		return
	}
	if len(parts) < 6 {
		for _, part := range parts {
			if strings.HasSuffix(part, "*") {
				l.add("trailing-star-crosses-colon", v.Pos, path, strconv.Quote(text)+" has fewer than six parts; that its * runs over the colons is not something to rely on", "write all six parts")
				return
			}
		}
		l.add("arn-fields-missing", v.Pos, path, strconv.Quote(text)+" has "+strconv.Itoa(len(parts))+" of the six parts of an ARN", "")
		return
	}
	l.arnParts(path, v, parts)
	l.arnShape(path, v, parts)
	l.bucketStar(path, v, parts)
}

var partitions = []string{"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"}

func (l *linter) arnParts(path string, v Value, parts []string) {
	wild := func(s string) bool { return strings.ContainsAny(s, "*?$") }
	if p := parts[1]; !wild(p) && !has(partitions, p) {
		l.add("arn-partition", v.Pos, path, "there is no partition "+strconv.Quote(p), suggest(nearest(p, partitions)))
	}
	if s := parts[2]; s != strings.ToLower(s) {
		l.add("arn-service-case", v.Pos, path, "the service part of an ARN is in lower case", "write "+strings.ToLower(s))
	} else if wild(s) {
		l.add("arn-service-wildcard", v.Pos, path, "a wildcard in the service part covers services nobody thought of", "name the service")
	}
	if r := parts[3]; r != "" && !wild(r) && !isRegion(r) {
		l.add("arn-region-invalid", v.Pos, path, strconv.Quote(r)+" is not a region", "")
	}
	if a := parts[4]; a != "" && !wild(a) && !isAccountID(a) && a != "aws" && a != "cloudfront" && a != "aws-marketplace" && a != "third-party" && a != "amazon" {
		l.add("arn-account-invalid", v.Pos, path, strconv.Quote(a)+" is not an account id of twelve digits", "")
	}
}

// isRegion: two letters or more, a word or more, a digit, parted by dashes.
func isRegion(s string) bool {
	words := strings.Split(s, "-")
	last := words[len(words)-1]
	if len(words) < 3 || len(last) != 1 || last[0] < '0' || last[0] > '9' {
		return s == "global"
	}
	return strings.IndexFunc(strings.Join(words[:len(words)-1], ""), func(c rune) bool { return c < 'a' || c > 'z' }) < 0
}

// bucketStar: a bucket name that ends in a star covers the objects, too.
func (l *linter) bucketStar(path string, v Value, parts []string) {
	resource := parts[5]
	if parts[2] == "s3" && parts[3] == "" && parts[4] == "" && len(resource) > 1 && strings.HasSuffix(resource, "*") && !strings.Contains(resource, "/") && l.allows() {
		l.add("bucket-star-without-slash", v.Pos, path, v.Text+" covers all buckets whose name starts so, and their objects", "name the bucket, and write BUCKET/* for its objects")
	}
}

// actionResources checks an action against the resources of its statement.
func (l *linter) actionResources(path string, v Value, s *Service, known []*Action) {
	resources := l.s.Resource
	if len(resources) == 0 || len(resources) > maxPairs || len(l.s.Action) > maxPairs || coversAll(resources) || l.d.Kind == Resource {
		return
	}
	scoped := false
	for _, a := range known {
		if len(a.Types) == 0 {
			continue
		}
		scoped = true
		for _, i := range a.Types {
			for _, r := range resources {
				if arnOverlaps(r.Text, s.Types[i].ARN) {
					return
				}
			}
		}
	}
	if !scoped {
		l.add("action-needs-star-resource", v.Pos, path, v.Text+` is not authorized on resources: only "*" covers it`, `give it a statement with the resource "*"`)
		return
	}
	var forms []string
	for _, i := range known[0].Types {
		forms = append(forms, s.Types[i].ARN)
	}
	l.add("action-not-for-resource", v.Pos, path, "no resource of the statement is of a type that "+v.Text+" works on", "it takes "+strings.Join(forms, " or "))
}

// arnOverlaps reports whether some ARN fits both a resource pattern and the
// form of a resource type, whose placeholders stand for anything.
func arnOverlaps(pattern, form string) bool {
	return globsMeet(placeholders(pattern), placeholders(form))
}

// placeholders writes ${...} as a star.
func placeholders(text string) string {
	var b strings.Builder
	for {
		i := strings.Index(text, "${")
		j := strings.IndexByte(text[max(i, 0):], '}')
		if i < 0 || j < 0 {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:i] + "*")
		text = text[i+j+1:]
	}
}

// globsMeet reports whether some text matches both patterns.
func globsMeet(pattern, other string) bool {
	p, q := []rune(pattern), []rune(other)
	// row[j]: p[:i] and q[:j] can be matched by the same text.
	row := make([]bool, len(q)+1)
	row[0] = true
	for j := range len(q) {
		row[j+1] = row[j] && q[j] == '*'
	}
	for i := range len(p) {
		next := make([]bool, len(q)+1)
		next[0] = row[0] && p[i] == '*'
		for j := range len(q) {
			switch {
			case p[i] == '*':
				next[j+1] = row[j+1] || next[j]
			case q[j] == '*':
				next[j+1] = next[j] || row[j+1]
			default:
				next[j+1] = row[j] && (p[i] == q[j] || p[i] == '?' || q[j] == '?')
			}
		}
		row = next
	}
	return row[len(q)]
}
