package files

import (
	"context"
	"errors"
	"io"
)

// source reads until ctx ends and remembers what went wrong below it, so that a
// lost database is not taken for a damaged picture.
type source struct {
	ctx context.Context
	r   io.ReadSeeker
	err error
}

// Read reads on, or fails with the cause that ended the context.
func (s *source) Read(p []byte) (int, error) {
	if s.err == nil {
		s.err = context.Cause(s.ctx)
	}
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// Seek moves within the file.
func (s *source) Seek(offset int64, whence int) (int64, error) { return s.r.Seek(offset, whence) }

func (s *source) rewind() error {
	_, err := s.Seek(0, io.SeekStart)
	return err
}

// head returns the first n bytes, fewer of a shorter file, and rewinds.
func (s *source) head(n int) ([]byte, error) {
	head := make([]byte, n)
	got, err := io.ReadFull(s, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	return head[:got], s.rewind()
}
