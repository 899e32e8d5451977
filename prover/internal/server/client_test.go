package server

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"testing"
)

// client speaks to a server in this process.
type client struct {
	t       testing.TB
	in      *io.PipeWriter
	answers chan map[string]any
	ended   chan error
}

func start(t testing.TB, options Options) *client {
	inReader, inWriter := io.Pipe()
	outReader, outWriter := io.Pipe()
	if options.Log == nil {
		options.Log = io.Discard
	}
	c := &client{t: t, in: inWriter, answers: make(chan map[string]any, 1000), ended: make(chan error, 1)}
	go func() {
		err := Serve(context.Background(), inReader, outWriter, options)
		outWriter.Close()
		inReader.Close()
		c.ended <- err
	}()
	go func() {
		defer close(c.answers)
		for {
			head, _, err := readHead(outReader)
			if err != nil {
				return
			}
			var answer map[string]any
			if json.Unmarshal(head, &answer) != nil {
				return
			}
			c.answers <- answer
		}
	}()
	t.Cleanup(func() { inWriter.Close() })
	return c
}

func frame(head string, body []byte) []byte {
	data := binary.LittleEndian.AppendUint32(nil, uint32(len(head)))
	data = binary.LittleEndian.AppendUint32(data, uint32(len(body)))
	return append(append(data, head...), body...)
}

func (c *client) send(head string, body []byte) {
	c.t.Helper()
	if _, err := c.in.Write(frame(head, body)); err != nil {
		c.t.Fatal(err)
	}
}

// answer waits for the final answer to a request; progress and answers to others before it are returned too.
func (c *client) answer(id int) (final map[string]any, others []map[string]any) {
	c.t.Helper()
	for answer := range c.answers {
		if _, event := answer["event"]; answer["id"] == float64(id) && !event {
			return answer, others
		}
		others = append(others, answer)
	}
	c.t.Fatalf("no answer to %d", id)
	return nil, nil
}

func (c *client) expect(id int, code Code) {
	c.t.Helper()
	answer, _ := c.answer(id)
	if code == "" && answer["ok"] != true || code != "" && answer["code"] != string(code) {
		c.t.Errorf("request %d: got %v, want %q", id, answer, code)
	}
}

func (c *client) load(id int, zkeyPath, cachePath, sum string) {
	c.t.Helper()
	c.send(fmt.Sprintf(`{"id":%d,"op":"load","circuit":"cube","zkey":%q,"sha256":%q,"cache":%q}`, id, zkeyPath, sum, cachePath), nil)
}

func compact(t testing.TB, data []byte) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.Compact(&out, data); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
