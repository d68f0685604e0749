package policy

// rcpServiceSet holds the services that resource control policies cover.
func rcpServiceSet(list []string) map[string]bool {
	if list == nil {
		list = rcpServices
	}
	set := make(map[string]bool, len(list))
	for _, s := range list {
		set[s] = true
	}
	return set
}
