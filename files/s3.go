package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"recourse/models"
)

// bucket keeps each key as an object of an S3 bucket.
type bucket struct {
	client *minio.Client
	name   string
}

func openS3(ctx context.Context, u *url.URL) (Store, error) {
	name := strings.Trim(u.Path, "/")
	secret, _ := u.User.Password()
	if u.Host == "" || u.User.Username() == "" || secret == "" || name == "" || strings.Contains(name, "/") {
		return nil, errors.New("the files URL for S3 is s3://KEY:SECRET@host:port/bucket, with ?tls=0 for plain HTTP")
	}
	region := u.Query().Get("region")
	if region == "" {
		region = "us-east-1"
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds:      credentials.NewStaticV4(u.User.Username(), secret, ""),
		Secure:     u.Query().Get("tls") != "0",
		Region:     region,
		MaxRetries: 3, // the default of ten keeps a phone waiting for a minute
	})
	if err != nil {
		return nil, fmt.Errorf("the files URL for S3: %w", err)
	}
	found, err := client.BucketExists(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("reach bucket %s at %s: %w", name, u.Host, err)
	}
	if !found {
		return nil, fmt.Errorf("there is no bucket %s at %s: make it first", name, u.Host)
	}
	return &bucket{client, name}, nil
}

func (b *bucket) Put(ctx context.Context, key Key, size int64, r io.Reader) error {
	if size <= 0 { // sent without reading
		return errMismatch
	}
	// One request of known length: when the check fails, its last byte is never
	// sent, and the server drops what it has.
	body := checked(r, key, size)
	lent := &lentReader{r: body}
	_, err := b.client.PutObject(ctx, b.name, key.path(), lent, size,
		minio.PutObjectOptions{ContentType: "application/octet-stream", DisableMultipart: true})
	lent.takeBack()
	if body.err != nil { // the client words it in its own way, or sees the server hang up first
		return body.err
	}
	return s3Error(err)
}

func (b *bucket) Get(ctx context.Context, key Key) (Blob, error) {
	object, err := b.client.GetObject(ctx, b.name, key.path(), minio.GetObjectOptions{})
	if err != nil {
		return Blob{}, s3Error(err)
	}
	info, err := object.Stat()
	if err != nil {
		return Blob{}, errors.Join(s3Error(err), object.Close())
	}
	return Blob{object, info.Size}, nil
}

func (b *bucket) Has(ctx context.Context, key Key) (bool, error) {
	_, err := b.client.StatObject(ctx, b.name, key.path(), minio.StatObjectOptions{})
	err = s3Error(err)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// s3Error is err in the words of Store.
func s3Error(err error) error {
	var known *models.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	answer := minio.ToErrorResponse(err)
	var network *net.OpError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case answer.Code == minio.NoSuchKey:
		return fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	case answer.StatusCode == http.StatusInsufficientStorage:
		return errFull
	case answer.StatusCode == http.StatusServiceUnavailable, errors.As(err, &network), errors.Is(err, io.EOF):
		return models.Errorf(models.CodeUnavailable, "file", "The store for files can't be reached: try again shortly.", "暂时无法连接文件存储：请稍后重试。")
	}
	return fmt.Errorf("files in S3: %w", err)
}

// lentReader is a reader that can be taken back: net/http may go on reading a
// request's body after it has returned.
type lentReader struct {
	mu   sync.Mutex
	r    io.Reader
	back bool
}

// Read reads from what is lent, or fails once it is not.
func (l *lentReader) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.back {
		return 0, fs.ErrClosed
	}
	return l.r.Read(p)
}

func (l *lentReader) takeBack() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.back = true
}
