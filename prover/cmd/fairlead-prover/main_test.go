package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fairlead.dev/prover/internal/fixture"
)

// call runs a command line in this process.
func call(args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = run(context.Background(), args, streams{strings.NewReader(""), &out, &err})
	return code, out.String(), err.String()
}

func TestProveAndVerify(t *testing.T) {
	dir := t.TempDir()
	proof, public, cache := filepath.Join(dir, "proof.json"), filepath.Join(dir, "public.json"), filepath.Join(dir, "cache")
	for range 2 { // the second time from the cache
		if code, _, stderr := call("prove", "--cache", cache, fixture.Path(fixture.Zkey), fixture.Path(fixture.Witness), proof, public); code != exitDone {
			t.Fatalf("exit %d: %s", code, stderr)
		}
		if code, stdout, stderr := call("verify", fixture.Path(fixture.Vkey), public, proof); code != exitDone || stdout != "valid\n" {
			t.Fatalf("exit %d: %s%s", code, stdout, stderr)
		}
	}
	if err := os.WriteFile(public, []byte(`["1"]`), 0o644); err != nil {
		t.Fatal(err)
	}
	code, stdout, _ := call("verify", "--json", fixture.Path(fixture.Vkey), public, proof)
	var answer struct {
		Valid bool
		Bad   []int
	}
	if err := json.Unmarshal([]byte(stdout), &answer); err != nil || code != exitRefused || answer.Valid || len(answer.Bad) != 1 {
		t.Errorf("exit %d: %s", code, stdout)
	}
}

func TestExitCodes(t *testing.T) {
	zkey, witness, out := fixture.Path(fixture.Zkey), fixture.Path(fixture.Witness), filepath.Join(t.TempDir(), "out")
	for _, c := range []struct {
		args string
		code int
		says string // on either stream
	}{
		{"", exitInvalid, "usage"},
		{"--help", exitDone, "prove"},
		{"prove --help", exitDone, "-sha256"},
		{"serve --help", exitDone, "-queue"},
		{"dance", exitInvalid, `no command "dance"`},
		{"version", exitDone, "fairlead-prover"},
		{"version --json", exitDone, `"cpu"`},
		{"version more", exitInvalid, "usage"},
		{"prove a b", exitInvalid, "want 4"},
		{"prove --fast a b c d", exitInvalid, "-fast"},
		{"prove --no-cache /none " + witness + " x y", exitInvalid, "no such file"},
		{"prove --no-cache " + witness + " " + witness + " x y", exitInvalid, "not a .zkey"},
		{"prove --no-cache " + zkey + " " + zkey + " x y", exitInvalid, "not a .wtns"},
		{"prove --no-cache --sha256 00 " + zkey + " " + witness + " x y", exitInvalid, "64 hexadecimal"},
		{"prove --no-cache --sha256 " + strings.Repeat("0", 64) + " " + zkey + " " + witness + " " + out + " " + out, exitInvalid, "not the expected"},
		{"verify --batch " + witness + " " + fixture.Path(fixture.Vkey), exitInvalid, "batch"},
		{"verify --batch - " + fixture.Path(fixture.Vkey), exitInvalid, "batch"},
		{"serve --queue 0", exitInvalid, "at least 1"},
		{"serve", exitDone, ""},
	} {
		code, stdout, stderr := call(strings.Fields(c.args)...)
		if code != c.code || !strings.Contains(stdout+stderr, c.says) {
			t.Errorf("%q: exit %d, want %d: %s%s", c.args, code, c.code, stdout, stderr)
		}
	}
}

func TestAPanicIsAnInternalErrorWithoutItsValue(t *testing.T) {
	err := attempt(func() error { panic("secret 42") })
	if exitCode(err) != exitInternal || strings.Contains(err.Error(), "42") {
		t.Errorf("got %v", err)
	}
}
