package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"recourse/models"
)

// stores opens a fresh store of each kind.
func stores(t *testing.T) map[string]Store {
	return map[string]Store{"disk": mustOpenStore(t, "file://"+t.TempDir()+"/files"), "s3": mustOpenStore(t, mustGateway(t))}
}

func mustOpenStore(t testing.TB, url string) Store {
	t.Helper()
	s, err := OpenStore(t.Context(), url)
	if err != nil {
		t.Fatalf("OpenStore: %v", err)
	}
	return s
}

func keyOf(data []byte) Key { return Key{SHA256: sha256.Sum256(data)} }

func mustRead(t testing.TB, r io.ReadCloser) []byte {
	t.Helper()
	data, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil {
		t.Fatal(err)
	}
	return data
}

func TestStoreKeepsBytes(t *testing.T) {
	for name, store := range stores(t) {
		for _, size := range []int{1, 2, 4096, 3 << 20, 20 << 20} {
			data := bytes.Repeat([]byte("验货"), size/6+1)[:size]
			key := keyOf(data)
			if had, err := store.Has(t.Context(), key); had || err != nil {
				t.Fatalf("%s: Has before Put = %v, %v", name, had, err)
			}
			for range 2 { // again is the same
				if err := store.Put(t.Context(), key, int64(size), bytes.NewReader(data)); err != nil {
					t.Fatalf("%s: Put of %d bytes = %v", name, size, err)
				}
			}
			if had, err := store.Has(t.Context(), key); !had || err != nil {
				t.Errorf("%s: Has after Put = %v, %v", name, had, err)
			}
			blob, err := store.Get(t.Context(), key)
			if err != nil {
				t.Fatalf("%s: Get = %v", name, err)
			}
			if blob.Size != int64(size) {
				t.Errorf("%s: size = %d, want %d", name, blob.Size, size)
			}
			if _, err := blob.Seek(int64(size/2), io.SeekStart); err != nil {
				t.Fatalf("%s: Seek = %v", name, err)
			}
			if got := mustRead(t, blob); !bytes.Equal(got, data[size/2:]) {
				t.Errorf("%s: the second half of %d bytes differs", name, size)
			}
			file := &models.File{SHA256: key.SHA256, Size: int64(size)}
			if err := Verify(t.Context(), store, file); err != nil {
				t.Errorf("%s: Verify = %v", name, err)
			}
			file.Size++
			if err := Verify(t.Context(), store, file); err == nil {
				t.Errorf("%s: Verify of another size = nil", name)
			}
		}
	}
}

func TestStoreKeepsCopiesApart(t *testing.T) {
	for name, store := range stores(t) {
		original, thumb := []byte("original"), []byte("any content")
		key := keyOf(original)
		copyKey := Key{key.SHA256, copyName(Thumb)}
		if err := store.Put(t.Context(), copyKey, int64(len(thumb)), bytes.NewReader(thumb)); err != nil {
			t.Fatalf("%s: Put of a copy = %v", name, err)
		}
		if _, err := store.Get(t.Context(), key); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: Get of the missing original = %v, want fs.ErrNotExist", name, err)
		}
		blob, err := store.Get(t.Context(), copyKey)
		if err != nil {
			t.Fatal(err)
		}
		if got := mustRead(t, blob); !bytes.Equal(got, thumb) {
			t.Errorf("%s: the copy = %q, want %q", name, got, thumb)
		}
	}
}

func TestStoreRefusesWhatDoesNotMatch(t *testing.T) {
	data := bytes.Repeat([]byte("a carton, "), 50_000)
	flipped := bytes.Clone(data)
	flipped[len(flipped)-1] ^= 1
	lost := errors.New("the network is gone")
	for name, store := range stores(t) {
		for _, test := range []struct {
			name string
			r    io.Reader
			size int
			want error
		}{
			{"one bit flipped", bytes.NewReader(flipped), len(data), errMismatch},
			{"too short", bytes.NewReader(data[:len(data)-1]), len(data), errMismatch},
			{"far too short", bytes.NewReader(data[:10]), len(data), errMismatch},
			{"too long", bytes.NewReader(append(bytes.Clone(data), 'x')), len(data), errMismatch},
			{"another size announced", bytes.NewReader(data), len(data) - 1, errMismatch},
			{"size zero announced", bytes.NewReader(data), 0, errMismatch},
			{"empty", bytes.NewReader(nil), 0, errMismatch},
			{"broken off", io.MultiReader(bytes.NewReader(data[:9000]), readerFunc(func([]byte) (int, error) { return 0, lost })), len(data), lost},
		} {
			err := store.Put(t.Context(), keyOf(data), int64(test.size), test.r)
			if !errors.Is(err, test.want) {
				t.Errorf("%s: Put(%s) = %v, want %v", name, test.name, err, test.want)
			}
			if had, err := store.Has(t.Context(), keyOf(data)); had || err != nil {
				t.Errorf("%s: after Put(%s) Has = %v, %v, want false", name, test.name, had, err)
			}
		}
	}
}

func TestDiskLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	store := mustOpenStore(t, "file://"+dir)
	_ = store.Put(t.Context(), keyOf([]byte("one")), 3, strings.NewReader("two"))
	if left, err := os.ReadDir(filepath.Join(dir, tempFolder)); err != nil || len(left) != 0 {
		t.Errorf("after a refused Put the folder for unfinished files holds %v, %v", left, err)
	}

	// What a killed process left goes a day later, what another one is writing stays.
	old, young := filepath.Join(dir, tempFolder, "old"), filepath.Join(dir, tempFolder, "young")
	for _, path := range []string{old, young} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	yesterday := time.Now().Add(-25 * time.Hour)
	if err := os.Chtimes(old, yesterday, yesterday); err != nil {
		t.Fatal(err)
	}
	mustOpenStore(t, "file://"+dir)
	if _, err := os.Stat(old); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an unfinished file of yesterday is still there: %v", err)
	}
	if _, err := os.Stat(young); err != nil {
		t.Errorf("an unfinished file of today is gone: %v", err)
	}
}

func TestDiskHealsDamage(t *testing.T) {
	dir := t.TempDir()
	store := mustOpenStore(t, "file://"+dir)
	data := []byte("a picture of a broken corner")
	key := keyOf(data)
	put := func() {
		if err := store.Put(t.Context(), key, int64(len(data)), bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
	}
	put()
	if err := os.WriteFile(filepath.Join(dir, key.path()), []byte("a picture of a sound corner!"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := &models.File{SHA256: key.SHA256, Size: int64(len(data))}
	if err := Verify(t.Context(), store, file); !errors.Is(err, errMismatch) {
		t.Errorf("Verify of changed bytes = %v, want %v", err, errMismatch)
	}
	put()
	if err := Verify(t.Context(), store, file); err != nil {
		t.Errorf("Verify after sending it again = %v", err)
	}
}

func TestDiskStaysInItsFolder(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	store := mustOpenStore(t, "file://"+dir)
	data := []byte("evidence")
	key := keyOf(data)
	shard := filepath.Join(dir, key.SHA256.String()[:2])
	if err := errors.Join(os.Remove(shard), os.Symlink(outside, shard)); err != nil {
		t.Fatal(err)
	}
	if err := store.Put(t.Context(), key, int64(len(data)), bytes.NewReader(data)); err == nil {
		t.Error("Put through a symbolic link = nil, want an error")
	}
	if got, _ := os.ReadDir(outside); len(got) != 0 {
		t.Errorf("outside the folder there is %v", got)
	}
}

func TestDiskFull(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	err = storeError(writeThrough(full, strings.NewReader("no room for this")))
	if !models.IsCode(err, models.CodeStorageFull) {
		t.Errorf("writing to a full device = %v, want code %s", err, models.CodeStorageFull)
	}
}

func TestPutStopsWithItsContext(t *testing.T) {
	for name, store := range stores(t) {
		ctx, cancel := context.WithCancel(t.Context())
		data := bytes.Repeat([]byte("x"), 1<<20)
		r := readerFunc(func(p []byte) (int, error) { cancel(); return copy(p, data), nil })
		if err := store.Put(ctx, keyOf(data), 1<<30, r); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: Put after cancelling = %v, want %v", name, err, context.Canceled)
		}
	}
}

func TestOpenStoreRefuses(t *testing.T) {
	for _, url := range []string{
		"", "files", "/var/files", "file://relative/path", "file:///", "ftp://host/files", "s3://host/bucket", "s3://KEY@host/bucket",
		"s3://KEY:geheim@host", "s3://KEY:geheim@host/bucket/below", "s3://KEY:geheim@ho st/bucket", "s3://KEY:gehe\x7fim@host/bucket",
	} {
		store, err := OpenStore(t.Context(), url)
		if err == nil {
			t.Errorf("OpenStore(%q) = %v, want an error", url, store)
		} else if strings.Contains(err.Error(), "geheim") || strings.Contains(err.Error(), "gehe\x7fim") {
			t.Errorf("OpenStore(%q): %v shows the secret", url, err)
		}
	}
}
