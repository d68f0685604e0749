// Package orchard holds the CloudTrail logs of a morning at Example Orchard, a
// company that does not exist, in which the access key of a build job leaks and
// is used to stay and to climb. Command leak writes them.
package orchard

import (
	"embed"
	"io/fs"
	"os"
)

// Account is the company's.
const Account = "111122223333"

//go:embed AWSLogs
var logs embed.FS

// Logs are those of the directory, or the orchard's where none is named.
func Logs(dir string) (fs.FS, error) {
	if dir == "" {
		return logs, nil
	}
	_, err := os.Stat(dir)
	return os.DirFS(dir), err
}
