package files

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"recourse/models"
)

// mustGateway starts an S3 server over a folder of the test's own, with one
// bucket, and returns the URL of that bucket.
func mustGateway(t testing.TB) string {
	t.Helper()
	program := filepath.Join(moduleRoot(t), ".tools", "bin", "versitygw")
	if _, err := os.Stat(program); err != nil {
		t.Fatalf("the S3 server for tests is missing: run make tools (%v)", err)
	}
	address := freeAddress(t)
	secret := rand.Text()
	server := exec.Command(program, "--port", address, "--access", "tester", "--secret", secret, "--quiet", "posix", t.TempDir())
	server.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var log strings.Builder
	server.Stdout, server.Stderr = &log, &log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	client, err := minio.New(address, &minio.Options{Creds: credentials.NewStaticV4("tester", secret, ""), Region: "us-east-1", MaxRetries: 1})
	if err != nil {
		t.Fatal(err)
	}
	for start := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		err := client.MakeBucket(t.Context(), "files", minio.MakeBucketOptions{})
		if err == nil {
			break
		}
		if time.Since(start) > 20*time.Second {
			t.Fatalf("the S3 server does not answer: %v\n%s", err, log.String())
		}
	}
	return fmt.Sprintf("s3://tester:%s@%s/files?tls=0", secret, address)
}

func moduleRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
	}
	t.Fatal("no go.mod above the working folder")
	return ""
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestS3RefusesAtOpen(t *testing.T) {
	good, err := url.Parse(mustGateway(t))
	if err != nil {
		t.Fatal(err)
	}
	wrongSecret, wrongBucket := *good, *good
	wrongSecret.User = url.UserPassword("tester", "not-the-secret")
	wrongBucket.Path = "/nothing-here"
	for _, u := range []url.URL{wrongSecret, wrongBucket} {
		_, err := OpenStore(t.Context(), u.String())
		secret, _ := u.User.Password()
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("OpenStore(%s) = %v, want an error without the secret", u.Redacted(), err)
		}
	}
}

func TestS3OutOfReach(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	client, err := minio.New(freeAddress(t), &minio.Options{Creds: credentials.NewStaticV4("k", "s", ""), Region: "us-east-1", MaxRetries: 1})
	if err != nil {
		t.Fatal(err)
	}
	store := &bucket{client, "files"}
	data := []byte("evidence")
	_, getErr := store.Get(ctx, keyOf(data))
	for _, err := range []error{getErr, store.Put(ctx, keyOf(data), int64(len(data)), strings.NewReader(string(data)))} {
		if !models.IsCode(err, models.CodeUnavailable) {
			t.Errorf("with the server gone: %v, want code %s", err, models.CodeUnavailable)
		}
	}
}

func TestS3ErrorInOurWords(t *testing.T) {
	for _, test := range []struct {
		err  error
		want models.Code
	}{
		{minio.ErrorResponse{Code: "InsufficientStorage", StatusCode: 507}, models.CodeStorageFull},
		{minio.ErrorResponse{Code: "SlowDown", StatusCode: 503}, models.CodeUnavailable},
	} {
		if err := s3Error(test.err); !models.IsCode(err, test.want) {
			t.Errorf("s3Error(%v) = %v, want code %s", test.err, err, test.want)
		}
	}
	if err := s3Error(minio.ErrorResponse{Code: "AccessDenied", StatusCode: 403}); err == nil || errors.As(err, new(*models.Error)) {
		t.Errorf("s3Error(access denied) = %v, want an internal error", err)
	}
}
