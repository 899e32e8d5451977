package server

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Bounds of a frame's parts, in bytes.
const (
	MaxHead = 1 << 20
	MaxBody = 256 << 20
)

// ErrFrame is wrapped when the bytes on the wire are no frame; nothing behind them can be understood.
var ErrFrame = errors.New("malformed frame")

// readHead reads a frame up to its body and returns the head and the body's size. At a clean end of the input it returns [io.EOF].
func readHead(reader io.Reader) (head []byte, body int64, err error) {
	var lengths [8]byte
	if _, err := io.ReadFull(reader, lengths[:]); err != nil {
		if err == io.ErrUnexpectedEOF {
			err = fmt.Errorf("cut short: %w", ErrFrame)
		}
		return nil, 0, err
	}
	headSize, bodySize := binary.LittleEndian.Uint32(lengths[:]), binary.LittleEndian.Uint32(lengths[4:])
	if headSize > MaxHead || bodySize > MaxBody {
		return nil, 0, fmt.Errorf("head of %d bytes and body of %d, more than %d and %d: %w", headSize, bodySize, MaxHead, MaxBody, ErrFrame)
	}
	head = make([]byte, headSize)
	if _, err := io.ReadFull(reader, head); err != nil {
		return nil, 0, fmt.Errorf("cut short: %w", ErrFrame)
	}
	return head, int64(bodySize), nil
}

// readBody reads a body into memory that grows with what arrives, not with what was announced.
func readBody(reader io.Reader, size int64) ([]byte, error) {
	const step = 8 << 20
	body := make([]byte, 0, min(size, step))
	for int64(len(body)) < size {
		from := len(body)
		n := int(min(size-int64(from), step))
		body = append(body, make([]byte, n)...)
		if _, err := io.ReadFull(reader, body[from:]); err != nil {
			return nil, fmt.Errorf("cut short: %w", ErrFrame)
		}
	}
	return body, nil
}

func discardBody(reader io.Reader, size int64) error {
	if _, err := io.CopyN(io.Discard, reader, size); err != nil {
		return fmt.Errorf("cut short: %w", ErrFrame)
	}
	return nil
}

// appendFrame appends a frame without a body.
func appendFrame(to []byte, head any) ([]byte, error) {
	data, err := json.Marshal(head)
	if err != nil {
		return nil, err
	}
	to = binary.LittleEndian.AppendUint32(to, uint32(len(data)))
	to = binary.LittleEndian.AppendUint32(to, 0)
	return append(to, data...), nil
}
