package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"recourse/models"
)

// Size says which copy of a file is wanted.
type Size string

// The sizes.
const (
	Original Size = "original" // byte for byte as received
	Large    Size = "large"    // upright JPEG without metadata, at most 1600 pixels a side
	Thumb    Size = "thumb"    // the same, at most 320 pixels a side
)

var copySides = map[Size]int{Large: largeSide, Thumb: thumbSide}

// copyName names a derived copy in the store. The number is raised when copies
// are made differently: old ones are then made anew when asked for.
func copyName(size Size) string { return string(size) + ".1.jpg" }

// Content is a file's bytes, open for reading, with what a browser must be told.
type Content struct {
	Blob
	MediaType string
	// Attachment is false only for the program's own copies of pictures: all that
	// a user sent is offered as a download, never shown.
	Attachment bool
}

// Open opens a copy of file; size is checked, "" is the original. A derived copy
// that the store lacks is made again from the original.
func (a *Archive) Open(ctx context.Context, file *models.File, size Size) (*Content, error) {
	if size == "" || size == Original {
		blob, err := a.Store.Get(ctx, Key{SHA256: file.SHA256})
		if err != nil {
			return nil, fmt.Errorf("original of file %s: %w", file.SHA256, err)
		}
		return &Content{blob, file.MediaType, true}, nil
	}
	if copySides[size] == 0 {
		return nil, models.Invalid("size", "is none of original, large, thumb.", "须为 original、large 或 thumb。")
	}
	if file.Kind != models.FilePhoto {
		return nil, models.Invalid("size", "A document has no picture to show: ask for the original.", "该文件不是照片，没有预览图：请取原件（original）。")
	}
	key := Key{file.SHA256, copyName(size)}
	blob, err := a.Store.Get(ctx, key)
	if errors.Is(err, fs.ErrNotExist) {
		if err = a.remake(ctx, file); err == nil {
			blob, err = a.Store.Get(ctx, key)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s copy of file %s: %w", size, file.SHA256, err)
	}
	return &Content{blob, typeJPEG, false}, nil
}

// remake derives the copies from the stored original, which must still be whole.
func (a *Archive) remake(ctx context.Context, file *models.File) error {
	if err := Verify(ctx, a.Store, file); err != nil {
		return err
	}
	blob, err := a.Store.Get(ctx, Key{SHA256: file.SHA256})
	if err != nil {
		return err
	}
	defer blob.Close()
	_, upright, err := a.examine(ctx, io.ReadSeeker(blob))
	if err != nil {
		return err
	}
	return a.putCopies(ctx, file.SHA256, upright)
}
