// Package binfile reads iden3's container format, which .zkey, .wtns and .r1cs files share: a magic word, a version (uint32), the number of
// sections (uint32), and for each section its id (uint32), size (uint64) and bytes. All integers are little endian. Sections come in any order
// and are not aligned.
package binfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// ErrFormat is wrapped by every error about a file's content.
var ErrFormat = errors.New("malformed file")

// MaxSections bounds the section table. snarkjs writes 10 at most.
const MaxSections = 64

// File is a container whose section table has been checked against the size of the whole.
type File struct {
	Version  uint32
	reader   io.ReaderAt
	sections map[uint32]section
}

type section struct{ start, size int64 }

// Open reads the section table of a container of size bytes. It wraps [ErrFormat] for another magic word, a section that reaches behind the
// end or comes twice, or bytes behind the last section.
func Open(reader io.ReaderAt, size int64, magic string) (*File, error) {
	var head [12]byte
	if size < int64(len(head)) {
		return nil, fmt.Errorf("%s: %d bytes: %w", magic, size, ErrFormat)
	}
	if _, err := reader.ReadAt(head[:], 0); err != nil {
		return nil, fmt.Errorf("%s: %w", magic, err)
	}
	if string(head[:4]) != magic {
		return nil, fmt.Errorf("not a .%s file: %w", magic, ErrFormat)
	}
	count := binary.LittleEndian.Uint32(head[8:])
	if count > MaxSections {
		return nil, fmt.Errorf("%s: %d sections: %w", magic, count, ErrFormat)
	}
	file := &File{Version: binary.LittleEndian.Uint32(head[4:]), reader: reader, sections: make(map[uint32]section, count)}
	at := int64(len(head))
	for range count {
		if size-at < int64(len(head)) {
			return nil, fmt.Errorf("%s: section table is cut short: %w", magic, ErrFormat)
		}
		if _, err := reader.ReadAt(head[:], at); err != nil {
			return nil, fmt.Errorf("%s: %w", magic, err)
		}
		at += int64(len(head))
		id, length := binary.LittleEndian.Uint32(head[:]), binary.LittleEndian.Uint64(head[4:])
		if length > math.MaxInt64 || int64(length) > size-at {
			return nil, fmt.Errorf("%s: section %d is cut short: %w", magic, id, ErrFormat)
		}
		if _, twice := file.sections[id]; twice {
			return nil, fmt.Errorf("%s: section %d comes twice: %w", magic, id, ErrFormat)
		}
		file.sections[id] = section{at, int64(length)}
		at += int64(length)
	}
	if at != size {
		return nil, fmt.Errorf("%s: %d bytes behind the last section: %w", magic, size-at, ErrFormat)
	}
	return file, nil
}

// Section returns a reader of a section's bytes and their number. It wraps [ErrFormat] when there is none with this id.
func (f *File) Section(id uint32) (*io.SectionReader, int64, error) {
	s, found := f.sections[id]
	if !found {
		return nil, 0, fmt.Errorf("section %d is missing: %w", id, ErrFormat)
	}
	return io.NewSectionReader(f.reader, s.start, s.size), s.size, nil
}

// Exactly returns a reader of a section that must have size bytes. It wraps [ErrFormat] when it has not.
func (f *File) Exactly(id uint32, size int64) (*io.SectionReader, error) {
	reader, got, err := f.Section(id)
	if err != nil {
		return nil, err
	}
	if got != size {
		return nil, fmt.Errorf("section %d has %d bytes, want %d: %w", id, got, size, ErrFormat)
	}
	return reader, nil
}

// Bytes reads a section that must have size bytes, which the caller has bounded or which this checks against the file before allocating.
func (f *File) Bytes(id uint32, size int64) ([]byte, error) {
	reader, err := f.Exactly(id, size)
	if err != nil {
		return nil, err
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(reader, data); err != nil {
		return nil, fmt.Errorf("section %d: %w", id, err)
	}
	return data, nil
}
