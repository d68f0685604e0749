package live_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/awsposture/posture/detective/trail/live"
	"github.com/awsposture/posture/detective/trail/live/livetest"
	"github.com/awsposture/posture/detective/trail/rule"
)

// TestDamagedState: any damage is seen, and a rule that is gone is told.
func TestDamagedState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := story(t, 1)
		if err := w.run(t, set(t), 10*time.Minute); err != nil {
			t.Fatal(err)
		}
		state, err := w.store.Load(t.Context())
		if err != nil || len(state) < 100 {
			t.Fatal(len(state), err)
		}
		try := func(b []byte, s *rule.Set) (told []string, err error) {
			c := w.consumer(s)
			c.Report = func(p live.Problem) { told = append(told, p.Err.Error()) }
			store := &livetest.Store{}
			if err := store.Save(t.Context(), b); err != nil {
				t.Fatal(err)
			}
			c.Store = store
			stop := make(chan struct{})
			close(stop)
			err = c.Run(t.Context(), stop)
			return told, err
		}
		if told, err := try(state, set(t)); err != nil || told != nil {
			t.Fatal(err, told)
		}
		for i := 0; i < len(state); i += 7 {
			flipped := bytes.Clone(state)
			flipped[i] ^= 0x40
			if _, err := try(flipped, set(t)); err == nil {
				t.Errorf("byte %d was changed and nobody saw", i)
			}
			if _, err := try(append([]byte{}, state[:i]...), set(t)); err == nil {
				t.Errorf("%d bytes of %d were accepted", i, len(state))
			}
		}
		few, err := rule.Compile(set(t).Rules()[:2])
		if err != nil {
			t.Fatal(err)
		}
		told, err := try(state, few)
		if err != nil || len(told) != 2 || !strings.Contains(strings.Join(told, " "), `"then"`) {
			t.Errorf("%v %q", err, told)
		}
	})
}

func TestFile(t *testing.T) {
	f := live.File(filepath.Join(t.TempDir(), "state"))
	if b, err := f.Load(t.Context()); b != nil || err != nil {
		t.Errorf("%q %v", b, err)
	}
	for _, text := range []string{"one", "two"} {
		if err := f.Save(t.Context(), []byte(text)); err != nil {
			t.Fatal(err)
		}
		if b, err := f.Load(t.Context()); string(b) != text || err != nil {
			t.Errorf("%q %v", b, err)
		}
	}
	if files, err := os.ReadDir(filepath.Dir(string(f))); len(files) != 1 || err != nil {
		t.Errorf("%v %v", files, err)
	}
	if err := live.File(filepath.Join(t.TempDir(), "none", "state")).Save(t.Context(), nil); err == nil {
		t.Error("a directory that is not there")
	}
}
