package compliance_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/awsposture/posture/compliance"
)

// The data files are plain: UTF-8, LF, one header, the same number of cells in
// every row, no space around a cell. Together they stay small, since every
// program that assesses carries them.
func TestDataFiles(t *testing.T) {
	const most = 320_000
	size := 0
	for name, text := range compliance.Data(t) {
		size += len(text)
		if !utf8.ValidString(text) || strings.ContainsRune(text, '\r') || !strings.HasSuffix(text, "\n") {
			t.Errorf("%s is not plain text", name)
		}
		cells := -1
		for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
			row := strings.Split(line, "\t")
			if cells < 0 {
				cells = len(row)
			}
			if len(row) != cells {
				t.Errorf("%s:%d: %d cells, not %d", name, i+1, len(row), cells)
			}
			for _, c := range row {
				if c != strings.TrimSpace(c) {
					t.Errorf("%s:%d: cell %q", name, i+1, c)
				}
			}
		}
	}
	t.Logf("%d bytes in %d files", size, len(compliance.Data(t)))
	if size > most {
		t.Errorf("%d bytes, more than %d", size, most)
	}
}
