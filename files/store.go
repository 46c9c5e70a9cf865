package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/url"
	"syscall"

	"recourse/models"
)

// Key names stored bytes: an original by its hash alone, a copy derived from it
// with a Copy such as "thumb.1.jpg".
type Key struct {
	SHA256 models.SHA256
	Copy   string
}

// path is the same on a disk and in a bucket, so that one can be copied into the other.
func (k Key) path() string {
	name := k.SHA256.String()
	path := name[:2] + "/" + name
	if k.Copy != "" {
		path += "." + k.Copy
	}
	return path
}

// Blob is stored bytes, open for reading.
type Blob struct {
	io.ReadSeekCloser
	Size int64
}

// Store keeps bytes under their hash. When Put returns nil the bytes survive a
// power failure. Bytes of an original that don't match their hash, or a reader
// that ends early or late, are refused and leave nothing behind. A full disk is a
// storage_full Error. Get of what isn't there wraps fs.ErrNotExist.
type Store interface {
	Put(ctx context.Context, key Key, size int64, r io.Reader) error
	Get(ctx context.Context, key Key) (Blob, error)
	Has(ctx context.Context, key Key) (bool, error)
}

// OpenStore opens the store that rawURL names: file:///absolute/folder, made when
// missing, or s3://KEY:SECRET@host:port/bucket, whose bucket must exist. Query
// parameters of s3: tls=0 for plain HTTP, region (default us-east-1).
func OpenStore(ctx context.Context, rawURL string) (Store, error) {
	u, err := url.Parse(rawURL)
	if err != nil { // url's own error would show the secret
		return nil, errors.New("the files URL is not of the form file:///folder or s3://KEY:SECRET@host/bucket")
	}
	switch u.Scheme {
	case "file":
		return openDisk(u)
	case "s3":
		return openS3(ctx, u)
	}
	return nil, fmt.Errorf("the files URL has scheme %q: use file:///folder or s3://KEY:SECRET@host/bucket", u.Scheme)
}

// Verify reads a stored original through and reports whether it is still what its
// hash says.
func Verify(ctx context.Context, store Store, file *models.File) error {
	blob, err := store.Get(ctx, Key{SHA256: file.SHA256})
	if err != nil {
		return err
	}
	defer blob.Close()
	if _, err := io.Copy(io.Discard, checked(blob, Key{SHA256: file.SHA256}, file.Size)); err != nil {
		return fmt.Errorf("file %s in the store: %w", file.SHA256, err)
	}
	return nil
}

var errMismatch = models.Invalid("file", "The bytes received are not the file that was announced: its SHA-256 or size differs. Send it again.",
	"收到的内容与所声明的文件不符（SHA-256 或大小不同）：请重新发送。")

// checkedReader hands on what it reads and, in place of the end, an error when
// that was not what the key and size announce. The last byte is held back until
// the check is done, so that a receiver who counts bytes never has them all.
type checkedReader struct {
	r    io.Reader
	hash hash.Hash
	want []byte // nil: any content of the right size
	left int64
	last [1]byte
	done bool
	err  error // why reading failed, for a receiver that words it in its own way
}

func checked(r io.Reader, key Key, size int64) *checkedReader {
	c := &checkedReader{r: r, hash: sha256.New(), left: size}
	if key.Copy == "" {
		c.want = key.SHA256[:]
	}
	return c
}

func (c *checkedReader) Read(p []byte) (int, error) {
	if c.done {
		return 0, io.EOF
	}
	if len(p) == 0 || c.err != nil {
		return 0, c.err
	}
	n, err := c.read(p)
	c.err = err
	return n, err
}

func (c *checkedReader) read(p []byte) (int, error) {
	if c.left > 1 {
		n, err := c.r.Read(p[:min(int64(len(p)), c.left-1)])
		c.hash.Write(p[:n])
		c.left -= int64(n)
		if err == io.EOF {
			return 0, errMismatch
		}
		return n, err
	}
	if err := c.end(); err != nil {
		return 0, err
	}
	c.done = true
	p[0] = c.last[0]
	return 1, nil
}

// end reads the last byte and makes sure that it is the last.
func (c *checkedReader) end() error {
	if c.left != 1 {
		return errMismatch
	}
	if _, err := io.ReadFull(c.r, c.last[:]); err == io.EOF {
		return errMismatch
	} else if err != nil {
		return err
	}
	var more [1]byte
	if _, err := io.ReadFull(c.r, more[:]); err == nil {
		return errMismatch
	} else if err != io.EOF {
		return err
	}
	c.hash.Write(c.last[:])
	if c.want != nil && !bytes.Equal(c.hash.Sum(nil), c.want) {
		return errMismatch
	}
	return nil
}

// storeError translates what a user or operator can do something about.
func storeError(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return errFull
	}
	return err
}

var errFull = models.Errorf(models.CodeStorageFull, "file", "The store for files is full: nothing was stored. Ask the administrator to make room, then send it again.",
	"文件存储空间已满：未保存任何内容。请联系管理员清理空间后重新发送。")
