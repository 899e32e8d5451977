// Package server answers requests that come in frames on a stream, such as standard input: see prover/README.md for the protocol.
//
// Three queues run beside each other, for loading keys, proving and verifying, each one request at a time in the order of arrival, since one
// proof keeps all cores busy. All queues are bounded, and so are the bodies that wait. Nothing that is written, to the client or to a log,
// has a value of a witness.
package server

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"fairlead.dev/prover/internal/parallel"
)

// Options bound what a server holds.
type Options struct {
	// Queue is how many requests of a kind may wait.
	Queue int
	// Keys is how many circuits may be loaded.
	Keys int
	// Log gets what a person needs to know of internal errors: one line each.
	Log io.Writer
}

// Server is one conversation. Use it once.
type Server struct {
	options Options
	keys    keyring

	writeMutex sync.Mutex
	writer     *bufio.Writer
	stop       context.CancelCauseFunc

	mutex   sync.Mutex
	flights map[uint64]*job
	waiting int64 // bytes of bodies in queue
}

// job is an accepted request.
type job struct {
	id  uint64
	ctx context.Context
	// cancel ends ctx and frees it.
	cancel context.CancelFunc
	run    func(ctx context.Context) (any, error)
	body   int64
	// begun and dropped are guarded by the server's mutex: a request that was cancelled before it began is dropped when its turn comes.
	begun, dropped bool
}

// Serve answers requests until the input ends, which stops what runs and returns nil, or ctx ends. It wraps [ErrFrame] when the input is no
// frame, after an answer that says so with id 0.
func Serve(ctx context.Context, in io.Reader, out io.Writer, options Options) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	s := &Server{options: options, writer: bufio.NewWriter(out), stop: stop, flights: map[uint64]*job{}}
	s.keys.limit = options.Keys
	queues := map[string]chan *job{}
	for _, op := range []string{"load", "prove", "verify"} {
		queue := make(chan *job, options.Queue)
		queues[op] = queue
		go s.work(ctx, queue)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.read(ctx, bufio.NewReaderSize(in, 1<<16), queues) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// read accepts requests until the input ends.
func (s *Server) read(ctx context.Context, in io.Reader, queues map[string]chan *job) error {
	for {
		head, size, err := readHead(in)
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = s.accept(ctx, in, head, size, queues)
		}
		if errors.Is(err, ErrFrame) {
			s.fail(0, failf(RequestInvalid, "%w", err))
		}
		if err != nil {
			return err
		}
	}
}

// accept reads the body and answers or queues one request. Its error ends the conversation.
func (s *Server) accept(ctx context.Context, in io.Reader, head []byte, size int64, queues map[string]chan *job) error {
	r, err := parseRequest(head)
	var j *job
	if err == nil {
		j, err = s.plan(r, size)
	}
	if err != nil {
		s.fail(r.ID, err)
		return discardBody(in, size)
	}
	if r.Op == "prove" {
		body, err := readBody(in, size)
		if err != nil {
			return err
		}
		j.run = s.prove(r, body)
	}
	if queue, queued := queues[r.Op]; queued {
		s.enqueue(ctx, j, queue)
		return nil
	}
	result, err := j.run(ctx)
	s.respond(r.ID, result, err)
	return nil
}

// plan checks a request and its body's size, and returns what to run; for a proof, that comes with its body.
func (s *Server) plan(r *request, size int64) (j *job, err error) {
	j = &job{id: r.ID, body: size}
	if size > 0 && r.Op != "prove" {
		return j, failf(RequestInvalid, "%s has no body", r.Op)
	}
	switch r.Op {
	case "load":
		j.run, err = s.planLoad(r)
	case "prove":
		err = s.checkProve(r, size)
	case "verify":
		j.run, err = s.planVerify(r)
	case "cancel":
		j.run = func(context.Context) (any, error) { return s.cancel(r) }
	case "version":
		j.run = func(context.Context) (any, error) { return versionAnswer(r.ID), nil }
	default:
		err = failf(RequestInvalid, "no operation %q", r.Op)
	}
	return j, err
}

// enqueue takes a request in flight, unless its id is or the queue is full.
func (s *Server) enqueue(ctx context.Context, j *job, queue chan<- *job) {
	j.ctx, j.cancel = context.WithCancel(ctx)
	s.mutex.Lock()
	_, taken := s.flights[j.id]
	fits := s.waiting+j.body <= MaxBody
	if !taken && fits {
		s.flights[j.id] = j
		s.waiting += j.body
	}
	s.mutex.Unlock()
	if taken {
		j.cancel()
		s.fail(j.id, failf(RequestInvalid, "id %d is in flight", j.id))
		return
	}
	if fits {
		select {
		case queue <- j:
			return
		default:
			s.land(j)
		}
	}
	j.cancel()
	s.fail(j.id, failf(ProverBusy, "the queue is full"))
}

// land takes a request out of flight.
func (s *Server) land(j *job) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	j.cancel()
	delete(s.flights, j.id)
	s.waiting -= j.body
}

// cancel ends a request in flight; one that waits is answered at once.
func (s *Server) cancel(r *request) (any, error) {
	s.mutex.Lock()
	target, flying := s.flights[r.Target]
	waits := flying && !target.begun
	if flying {
		target.cancel()
		target.dropped = waits
	}
	s.mutex.Unlock()
	if waits {
		s.land(target)
		s.fail(r.Target, context.Canceled)
	}
	return answer{ID: r.ID, OK: true}, nil
}

// begin says whether a request whose turn has come is still wanted.
func (s *Server) begin(j *job) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	j.begun = true
	return !j.dropped
}

// work runs a queue's requests one after the other.
func (s *Server) work(ctx context.Context, queue <-chan *job) {
	for {
		select {
		case <-ctx.Done():
			return
		case j := <-queue:
			if !s.begin(j) {
				continue
			}
			result, err := s.attempt(j)
			s.land(j)
			s.respond(j.id, result, err)
		}
	}
}

// attempt runs a request; a panic in it costs only this request.
func (s *Server) attempt(j *job) (result any, err error) {
	defer func() {
		if value := recover(); value != nil {
			fmt.Fprintln(s.options.Log, "fairlead-prover serve: internal error at", parallel.Site(value))
			result, err = nil, failf(Internal, "internal error")
		}
	}()
	if err := j.ctx.Err(); err != nil {
		return nil, err
	}
	return j.run(j.ctx)
}

func (s *Server) respond(id uint64, result any, err error) {
	if err != nil {
		s.fail(id, err)
		return
	}
	s.write(result)
}

func (s *Server) fail(id uint64, err error) {
	code := codeOf(err)
	message := err.Error()
	if code == ProofCancelled {
		message = "cancelled"
	}
	s.write(answer{ID: id, Code: code, Message: message})
}

// write sends one frame. A client that is gone ends the conversation.
func (s *Server) write(head any) {
	frame, err := appendFrame(nil, head)
	if err != nil {
		s.stop(fmt.Errorf("answer: %w", err))
		return
	}
	s.writeMutex.Lock()
	defer s.writeMutex.Unlock()
	if _, err = s.writer.Write(frame); err == nil {
		err = s.writer.Flush()
	}
	if err != nil {
		s.stop(fmt.Errorf("the client is gone: %w", err))
	}
}

func milliseconds(since time.Time) float64 {
	return float64(time.Since(since).Microseconds()) / 1000
}
