package inspector

// Verdict is what a coverage record says of one scan of one resource.
type Verdict string

// The verdicts of coverage.
const (
	Proven     Verdict = "proven"      // scanned, within the limit
	Blind      Verdict = "blind"       // not scanned, and it should be
	Missing    Verdict = "missing"     // in the inventory, and Inspector says nothing of it
	Undecided  Verdict = "unknown"     // not said, or not yet
	NotRunning Verdict = "not-running" // nothing runs there: out of the denominator
	Excluded   Verdict = "excluded"    // left out by a tag, for a reason that was accepted: out of the denominator
	Lapsed     Verdict = "lapsed"      // an image out of use whose scanning ended: out of the denominator
	Empty      Verdict = "empty"       // nothing in it to scan: out of the denominator
	Ghost      Verdict = "ghost"       // Inspector knows it and the inventory does not: out of the denominator
)

// Explanation is what a status reason of coverage comes to, and what to do.
type Explanation struct {
	Reason  string  `json:"reason"`
	Verdict Verdict `json:"verdict"` // before LastScanned, use and accepted exclusions are looked at
	Fixable bool    `json:"fixable"` // of what is blind: something can be done about it
	Means   string  `json:"means"`   // a sentence
	Do      string  `json:"do,omitempty"`
}

// Explain says what a status reason comes to. One that is not known is
// undecided: it is never taken for a pass.
func Explain(reason string) Explanation {
	if e, ok := reasons[reason]; ok {
		e.Reason = reason
		return e
	}
	return Explanation{Reason: reason, Verdict: Undecided, Means: "Inspector gives a reason that this library does not know."}
}

// Reasons are the status reasons that are explained: those of the service model,
// and those of other clouds' machines, as of November 2026. See "Assessing Amazon
// Inspector coverage" in the Inspector User Guide.
func Reasons() []string { return sortedKeys(reasons) }

var reasons = map[string]Explanation{
	"SUCCESSFUL":       {Verdict: Proven, Means: "The last scan went well."},
	"SCAN_IN_PROGRESS": {Verdict: Proven, Means: "A scan is under way."},

	"UNMANAGED_EC2_INSTANCE": {Verdict: Blind, Fixable: true, Means: "Systems Manager does not manage the instance.", Do: "Install the SSM agent and give the instance a role for it, or set the scan mode to hybrid."},
	"RESOURCE_UNMANAGED":     {Verdict: Blind, Fixable: true, Means: "No agent manages the machine.", Do: "Install the agent that its connector asks for."},
	"NO_INVENTORY":           {Verdict: Blind, Fixable: true, Means: "Systems Manager has no inventory of the instance.", Do: "Repair the SSM association InspectorInventoryCollection-do-not-delete."},
	"STALE_INVENTORY":        {Verdict: Blind, Fixable: true, Means: "The inventory of the instance was not collected for seven days.", Do: "Find out why the SSM agent does not report."},
	"ACCESS_DENIED":          {Verdict: Blind, Fixable: true, Means: "Inspector may not read the resource.", Do: "Look for a policy that denies Inspector's service-linked role."},
	"SCAN_FREQUENCY_MANUAL":  {Verdict: Blind, Fixable: true, Means: "The image's repository is scanned by hand only.", Do: "Match the repository with a continuous scan filter of the registry."},
	"DEEP_INSPECTION_PACKAGE_COLLECTION_LIMIT_EXCEEDED":  {Verdict: Blind, Fixable: true, Means: "The instance has more than 5,000 packages of programming languages.", Do: "Name fewer paths for deep inspection."},
	"DEEP_INSPECTION_DAILY_SSM_INVENTORY_LIMIT_EXCEEDED": {Verdict: Blind, Fixable: true, Means: "The daily limit of SSM inventory was reached.", Do: "Ask for a higher quota of Systems Manager inventory data."},
	"DEEP_INSPECTION_COLLECTION_TIME_LIMIT_EXCEEDED":     {Verdict: Blind, Fixable: true, Means: "Collecting packages took longer than 15 minutes.", Do: "Name fewer paths for deep inspection."},
	"DEEP_INSPECTION_NO_INVENTORY":                       {Verdict: Blind, Fixable: true, Means: "The Inspector plug-in could not collect packages.", Do: "Look at the SSM association that runs the plug-in."},
	"AGENTLESS_INSTANCE_STORAGE_LIMIT_EXCEEDED":          {Verdict: Blind, Fixable: true, Means: "The instance's volumes are too many or too large to be scanned without an agent.", Do: "Install the SSM agent."},
	"AGENTLESS_INSTANCE_COLLECTION_TIME_LIMIT_EXCEEDED":  {Verdict: Blind, Fixable: true, Means: "Scanning without an agent took too long.", Do: "Install the SSM agent."},
	"ACCESS_DENIED_TO_ENCRYPTION_KEY":                    {Verdict: Blind, Fixable: true, Means: "Inspector may not use the key that the resource is encrypted with.", Do: "Let the key's policy admit Inspector."},
	"INTEGRATION_CONNECTION_LOST":                        {Verdict: Blind, Fixable: true, Means: "The connection to the code provider is lost.", Do: "Connect the provider again."},
	"NO_SCAN_CONFIGURATION_ASSOCIATED":                   {Verdict: Blind, Fixable: true, Means: "No scan configuration is for the repository.", Do: "Associate the repository with a scan configuration."},

	"UNSUPPORTED_OS":             {Verdict: Blind, Means: "Inspector does not know the operating system.", Do: "Move to a supported one, or scan it with another tool."},
	"UNSUPPORTED_RUNTIME":        {Verdict: Blind, Means: "Inspector does not know the runtime.", Do: "Move to a supported one, or scan it with another tool."},
	"UNSUPPORTED_MEDIA_TYPE":     {Verdict: Blind, Means: "Inspector does not know the image's format.", Do: "Build the image in a supported format."},
	"UNSUPPORTED_LANGUAGE":       {Verdict: Blind, Means: "Inspector does not know the repository's languages.", Do: "Scan it with another tool."},
	"UNSUPPORTED_CODE_ARTIFACTS": {Verdict: Blind, Means: "The function has code that Inspector cannot read.", Do: "Scan it with another tool before it is deployed."},
	"UNSUPPORTED_CONFIG_FILE":    {Verdict: Blind, Means: "Inspector cannot read the configuration file.", Do: "Scan it with another tool."},
	"IMAGE_SIZE_EXCEEDED":        {Verdict: Blind, Means: "The image is too large.", Do: "Build a smaller image."},

	"EXCLUDED_BY_TAG": {Verdict: Blind, Fixable: true, Means: "A tag excludes the resource: InspectorEc2Exclusion or InspectorCodeExclusion.", Do: "Take the tag away, or have the exclusion accepted."},

	"EC2_INSTANCE_STOPPED": {Verdict: NotRunning, Means: "The instance is stopped."},
	"RESOURCE_STOPPED":     {Verdict: NotRunning, Means: "The machine is stopped."},
	"RESOURCE_TERMINATED":  {Verdict: NotRunning, Means: "The resource is gone."},
	"IMAGE_ARCHIVED":       {Verdict: NotRunning, Means: "The image is archived."},

	"SCAN_ELIGIBILITY_EXPIRED":    {Verdict: Lapsed, Fixable: true, Means: "The image's rescan duration has ended.", Do: "Set a longer rescan duration, or delete the image."},
	"SCAN_FREQUENCY_SCAN_ON_PUSH": {Verdict: Lapsed, Fixable: true, Means: "The image was scanned at its push and is not scanned again.", Do: "Match the repository with a continuous scan filter of the registry."},

	"PENDING_INITIAL_SCAN": {Verdict: Undecided, Means: "The first scan is still to come."},
	"PENDING_REVIVAL_SCAN": {Verdict: Undecided, Means: "The scan that follows the resource's return is still to come."},
	"PENDING_DISABLE":      {Verdict: Undecided, Means: "Scanning is about to be disabled."},
	"INTERNAL_ERROR":       {Verdict: Undecided, Means: "Inspector failed."},

	"NO_RESOURCES_FOUND": {Verdict: Empty, Means: "There is nothing in it to scan."},
}
