package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fairlead.dev/prover/internal/fixture"
	"fairlead.dev/prover/internal/groth16"
	"fairlead.dev/prover/internal/parallel"
)

var defaults = Options{Queue: 4, Keys: 2}

func sumOf(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }

// loaded starts a server with the fixture's key as circuit "cube".
func loaded(t testing.TB, options Options) *client {
	c := start(t, options)
	c.load(1, fixture.Path(fixture.Zkey), filepath.Join(t.TempDir(), "cache"), sumOf(fixture.Read(t, fixture.Zkey)))
	c.expect(1, "")
	return c
}

func TestProvesWithProgressAndFreshRandomness(t *testing.T) {
	c := loaded(t, defaults)
	vk, err := groth16.ParseVerifyingKey(fixture.Read(t, fixture.Vkey))
	if err != nil {
		t.Fatal(err)
	}
	var proofs []string
	for id := 2; id <= 3; id++ {
		c.send(fmt.Sprintf(`{"id":%d,"op":"prove","circuit":"cube"}`, id), fixture.Read(t, fixture.Witness))
		answer, progress := c.answer(id)
		proof, _ := json.Marshal(answer["proof"])
		publics, _ := json.Marshal(answer["publicSignals"])
		if bad := vk.VerifyItems([]groth16.Item{{Proof: proof, Publics: publics}}); len(bad) != 0 {
			t.Errorf("invalid proof: %v", answer)
		}
		if len(progress) == 0 || progress[0]["event"] != "progress" {
			t.Errorf("no progress before the proof: %v", progress)
		}
		proofs = append(proofs, string(proof))
	}
	if proofs[0] == proofs[1] {
		t.Error("the same proof twice")
	}
}

func TestLoadTellsWhereTheKeyCameFrom(t *testing.T) {
	cachePath, sum := filepath.Join(t.TempDir(), "cache"), sumOf(fixture.Read(t, fixture.Zkey))
	first, second := start(t, defaults), start(t, defaults)
	for i, step := range []struct {
		client *client
		want   string
	}{{first, "zkey"}, {first, "memory"}, {second, "cache"}} {
		step.client.load(i+1, fixture.Path(fixture.Zkey), cachePath, sum)
		if answer, _ := step.client.answer(i + 1); answer["source"] != step.want {
			t.Errorf("got %v, want it from %s", answer, step.want)
		}
	}
}

func TestRefusesByCode(t *testing.T) {
	c := loaded(t, defaults)
	witness, sum := fixture.Read(t, fixture.Witness), sumOf(fixture.Read(t, fixture.Zkey))
	unsatisfied := bytes.Clone(witness)
	unsatisfied[len(unsatisfied)-1] ^= 1
	large := append(bytes.Clone(witness), make([]byte, slack)...)
	path := fixture.Path(fixture.Zkey)
	broken := filepath.Join(t.TempDir(), "broken.zkey")
	if err := os.WriteFile(broken, fixture.Read(t, fixture.Witness), 0o644); err != nil {
		t.Fatal(err)
	}
	load := func(zkeyPath, sum, cachePath string) string {
		return fmt.Sprintf(`"op":"load","circuit":"other","zkey":%q,"sha256":%q,"cache":%q`, zkeyPath, sum, cachePath)
	}
	for i, c2 := range []struct {
		head string
		body []byte
		want Code
	}{
		{`"op":"prove","circuit":"none"`, witness, CircuitUnknown},
		{`"op":"prove","circuit":"cube"`, nil, WitnessInvalid},
		{`"op":"prove","circuit":"cube"`, witness[:len(witness)-1], WitnessInvalid},
		{`"op":"prove","circuit":"cube"`, large, WitnessInvalid},
		{`"op":"prove","circuit":"cube"`, unsatisfied, WitnessUnsatisfied},
		{`"op":"prove","circuit":1`, nil, RequestInvalid},
		{`"op":"prove","circuit":"cube","more":1`, witness, RequestInvalid},
		{`"op":"dance"`, nil, RequestInvalid},
		{`"op":"version"`, witness, RequestInvalid},
		{`"op":"verify","circuit":"cube"`, nil, RequestInvalid},
		{`"op":"verify","circuit":"none","items":[{"proof":{},"publicSignals":[]}]`, nil, CircuitUnknown},
		{`"op":"verify","vkey":{},"items":[{"proof":{},"publicSignals":[]}]`, nil, RequestInvalid},
		{load("circuit.zkey", sum, "/tmp/x"), nil, RequestInvalid},
		{load(path, "00", "/tmp/x"), nil, RequestInvalid},
		{load(path, sum, "x"), nil, CacheInvalid},
		{load(path, sum, path), nil, CacheInvalid},
		{load(path, strings.Repeat("0", 64), ""), nil, KeyMismatch},
		{load(broken, sumOf(fixture.Read(t, fixture.Witness)), ""), nil, ZkeyInvalid},
		{load(path+".none", sum, ""), nil, ZkeyInvalid},
	} {
		id := 100 + i
		c.send(fmt.Sprintf(`{"id":%d,%s}`, id, c2.head), c2.body)
		c.expect(id, c2.want)
	}
	// After all this it still proves.
	c.send(`{"id":2,"op":"prove","circuit":"cube"}`, witness)
	c.expect(2, "")
}

func TestHeadsThatAreNoRequestsCostNothing(t *testing.T) {
	c := loaded(t, defaults)
	for _, head := range []string{``, `{`, `[]`, `{"op":"version"}`, `{"id":0,"op":"version"}`, `{"id":-1,"op":"version"}`, `{"id":9007199254740992,"op":"version"}`, `{"id":1.5}`} {
		c.send(head, []byte("body"))
		c.expect(0, RequestInvalid)
	}
	c.send(`{"id":7,"op":"version"}`, nil)
	if answer, _ := c.answer(7); answer["version"] == "" || answer["protocol"] != float64(Protocol) {
		t.Errorf("got %v", answer)
	}
}

func TestBrokenFramesEndTheConversation(t *testing.T) {
	for name, data := range map[string][]byte{
		"a head too large":  binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, MaxHead+1), 0),
		"a body too large":  binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, 2), MaxBody+1),
		"lengths cut short": {1, 2, 3},
		"head cut short":    frame(`{"id":1,"op":"version"}`, nil)[:12],
		"body cut short":    frame(`{"id":1,"op":"prove","circuit":"cube"}`, []byte("body"))[:48],
	} {
		var out bytes.Buffer
		err := Serve(context.Background(), bytes.NewReader(data), &out, Options{Queue: 1, Keys: 1, Log: io.Discard})
		if !errors.Is(err, ErrFrame) {
			t.Errorf("%s: got %v", name, err)
		}
		if !strings.Contains(out.String(), `"id":0,"ok":false,"code":"REQUEST_INVALID"`) {
			t.Errorf("%s: answered %q", name, out.String())
		}
	}
}

func TestTheEndOfTheInputEndsTheConversation(t *testing.T) {
	c := loaded(t, defaults)
	c.send(`{"id":2,"op":"prove","circuit":"cube"}`, fixture.Read(t, fixture.Witness))
	c.in.Close()
	if err := <-c.ended; err != nil {
		t.Error(err)
	}
}

func TestVerifyNamesTheInvalidProofs(t *testing.T) {
	c := loaded(t, defaults)
	good := fmt.Sprintf(`{"proof":%s,"publicSignals":%s}`, compact(t, fixture.Read(t, fixture.Proof)), compact(t, fixture.Read(t, fixture.Publics)))
	wrong := fmt.Sprintf(`{"proof":%s,"publicSignals":["7"]}`, compact(t, fixture.Read(t, fixture.Proof)))
	malformed := `{"proof":{"pi_a":1},"publicSignals":["7"]}`
	items := slices.Repeat([]string{good}, 20)
	key := map[int]string{2: `"circuit":"cube"`, 3: `"vkey":` + compact(t, fixture.Read(t, fixture.Vkey))}
	for id, by := range key {
		c.send(fmt.Sprintf(`{"id":%d,"op":"verify",%s,"items":[%s]}`, id, by, strings.Join(items, ",")), nil)
		if answer, _ := c.answer(id); answer["valid"] != true {
			t.Errorf("got %v", answer)
		}
	}
	items[7], items[17] = malformed, wrong
	c.send(fmt.Sprintf(`{"id":4,"op":"verify","circuit":"cube","items":[%s]}`, strings.Join(items, ",")), nil)
	if answer, _ := c.answer(4); answer["valid"] != false || fmt.Sprint(answer["bad"]) != "[7 17]" {
		t.Errorf("got %v", answer)
	}
}

// held is a server whose proofs wait until the test lets them go.
func held(t *testing.T, options Options) (c *client, release func()) {
	c = loaded(t, options)
	gate := make(chan struct{})
	hold.Store(&gate)
	release = func() {
		if hold.CompareAndSwap(&gate, nil) {
			close(gate)
		}
	}
	t.Cleanup(release)
	return c, release
}

func TestCancelReachesWaitingAndRunningProofs(t *testing.T) {
	c, release := held(t, defaults)
	witness := fixture.Read(t, fixture.Witness)
	for id := 2; id <= 4; id++ {
		c.send(fmt.Sprintf(`{"id":%d,"op":"prove","circuit":"cube"}`, id), witness)
	}
	c.send(`{"id":5,"op":"cancel","target":2}`, nil)
	c.send(`{"id":6,"op":"cancel","target":3}`, nil)
	c.send(`{"id":7,"op":"cancel","target":999}`, nil)
	_, before := c.answer(7)
	// At most one of the two runs, held; the other waits.
	if early := finals(before); early[2] == nil && early[3] == nil {
		t.Errorf("one that waits was not answered at once: %v", early)
	}
	release()
	seen := before
	for len(finals(seen)) < 5 {
		seen = append(seen, <-c.answers)
	}
	got := finals(seen)
	for id, want := range map[int]any{2: "PROOF_CANCELLED", 3: "PROOF_CANCELLED", 4: nil, 5: nil, 6: nil} {
		if got[id]["code"] != want {
			t.Errorf("request %d: got %v", id, got[id])
		}
	}
}

func finals(answers []map[string]any) map[int]map[string]any {
	out := map[int]map[string]any{}
	for _, answer := range answers {
		if _, event := answer["event"]; !event {
			out[int(answer["id"].(float64))] = answer
		}
	}
	return out
}

func TestQueueIsBounded(t *testing.T) {
	c, release := held(t, Options{Queue: 2, Keys: 1})
	witness := fixture.Read(t, fixture.Witness)
	for id := 2; id <= 9; id++ {
		c.send(fmt.Sprintf(`{"id":%d,"op":"prove","circuit":"cube"}`, id), witness)
	}
	c.send(`{"id":3,"op":"prove","circuit":"cube"}`, witness)
	c.send(`{"id":20,"op":"version"}`, nil)
	_, before := c.answer(20)
	release()
	seen := before
	for len(finals(seen)) < 8 {
		seen = append(seen, <-c.answers)
	}
	busy := 0
	for _, answer := range finals(seen) {
		if answer["code"] == string(ProverBusy) {
			busy++
		}
	}
	if busy != 5 && busy != 6 { // one runs, or is about to, and two wait
		t.Errorf("%d of 8 were refused", busy)
	}
	c.send(`{"id":30,"op":"load","circuit":"another","zkey":"/none","sha256":"`+strings.Repeat("0", 64)+`"}`, nil)
	c.expect(30, ProverBusy)
}

func TestAPanicCostsOneRequest(t *testing.T) {
	var log bytes.Buffer
	s := &Server{options: Options{Log: &log}}
	for _, run := range []func(){
		func() { panic("secret 42") },
		func() { parallel.Do(func() {}, func() { panic("secret 42") }) },
	} {
		_, err := s.attempt(&job{ctx: t.Context(), run: func(context.Context) (any, error) { run(); return nil, nil }})
		if codeOf(err) != Internal {
			t.Errorf("got %v", err)
		}
	}
	if strings.Contains(log.String(), "42") || !strings.Contains(log.String(), "TestAPanicCostsOneRequest") {
		t.Errorf("logged %q", log.String())
	}
}

// FuzzServe expects an end and no panic, whatever comes in.
func FuzzServe(f *testing.F) {
	f.Add(frame(`{"id":1,"op":"version"}`, nil))
	f.Add(frame(`{"id":1,"op":"prove","circuit":"cube"}`, []byte("body")))
	f.Add(frame(`{"id":1,"op":"cancel","target":1}`, nil))
	f.Add(frame(`{"id":1,"op":"load","circuit":"cube","zkey":"/none","sha256":"`+strings.Repeat("0", 64)+`","cache":""}`, nil))
	f.Add(frame(fmt.Sprintf(`{"id":1,"op":"verify","vkey":%s,"items":[{"proof":%s,"publicSignals":["1"]}]}`,
		compact(f, fixture.Read(f, fixture.Vkey)), compact(f, fixture.Read(f, fixture.Proof))), nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		err := Serve(context.Background(), bytes.NewReader(data), io.Discard, Options{Queue: 2, Keys: 1, Log: failingLog{t}})
		if err != nil && !errors.Is(err, ErrFrame) {
			t.Error(err)
		}
	})
}

// failingLog fails the test when an internal error is logged.
type failingLog struct{ t *testing.T }

func (l failingLog) Write(line []byte) (int, error) {
	panic(string(line))
}
