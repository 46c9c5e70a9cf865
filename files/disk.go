package files

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"time"
)

// disk keeps each key as a file of one of 256 folders. os.Root makes sure that
// no path leaves the store's folder, symbolic links included.
type disk struct {
	root *os.Root
}

const tempFolder = "tmp"

func openDisk(u *url.URL) (Store, error) {
	if u.Host != "" || !path.IsAbs(u.Path) || u.Path == "/" {
		return nil, errors.New("the files URL needs an absolute folder: file:///var/lib/recourse/files")
	}
	if err := os.MkdirAll(u.Path, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder for files: %w", err)
	}
	root, err := os.OpenRoot(u.Path)
	if err != nil {
		return nil, fmt.Errorf("open the folder for files: %w", err)
	}
	d := &disk{root}
	if err := d.prepare(time.Now()); err != nil {
		return nil, fmt.Errorf("prepare the folder for files: %w", err)
	}
	return d, nil
}

// prepare makes all folders at once, so that Put has only its own to flush, and
// removes what writers that were killed left behind.
func (d *disk) prepare(now time.Time) error {
	for i := range 256 {
		if err := d.root.MkdirAll(fmt.Sprintf("%02x", i), 0o700); err != nil {
			return err
		}
	}
	if err := d.root.MkdirAll(tempFolder, 0o700); err != nil {
		return err
	}
	left, err := fs.ReadDir(d.root.FS(), tempFolder)
	if err != nil {
		return err
	}
	for _, entry := range left {
		// A young one may belong to another process that shares the folder.
		if info, err := entry.Info(); err == nil && now.Sub(info.ModTime()) > 24*time.Hour {
			_ = d.root.Remove(path.Join(tempFolder, entry.Name()))
		}
	}
	return d.flush(".")
}

// Put writes over what is there: content named by its hash can only become whole again.
func (d *disk) Put(ctx context.Context, key Key, size int64, r io.Reader) error {
	temp := path.Join(tempFolder, rand.Text())
	f, err := d.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return storeError(err)
	}
	err = writeThrough(f, checked(withContext(ctx, r), key, size))
	if err == nil {
		err = d.root.Rename(temp, key.path())
	}
	if err != nil {
		_ = d.root.Remove(temp)
		return storeError(err)
	}
	return storeError(d.flush(path.Dir(key.path())))
}

// writeThrough copies r into f down to the platter, and closes f.
func writeThrough(f *os.File, r io.Reader) error {
	_, err := io.Copy(f, r)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// flush makes renames in a folder survive a power failure.
func (d *disk) flush(folder string) error {
	f, err := d.root.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (d *disk) Get(_ context.Context, key Key) (Blob, error) {
	f, err := d.root.Open(key.path())
	if err != nil {
		return Blob{}, err
	}
	info, err := f.Stat()
	if err != nil {
		return Blob{}, errors.Join(err, f.Close())
	}
	return Blob{f, info.Size()}, nil
}

func (d *disk) Has(_ context.Context, key Key) (bool, error) {
	_, err := d.root.Stat(key.path())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// withContext is r until ctx ends, and then ctx's error.
func withContext(ctx context.Context, r io.Reader) io.Reader {
	return readerFunc(func(p []byte) (int, error) {
		if err := context.Cause(ctx); err != nil {
			return 0, err
		}
		return r.Read(p)
	})
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
