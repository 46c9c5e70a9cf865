package files

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/gen2brain/heic"
	"golang.org/x/sync/semaphore"

	"recourse/models"
)

// What a picture may measure at most.
const (
	maxPixels     = 40_000_000
	maxHEICPixels = 25_000_000 // its decoder takes 35 bytes a pixel
	maxSide       = 12_000
)

// The media types of photos.
const (
	typeJPEG = "image/jpeg"
	typePNG  = "image/png"
	typeHEIC = "image/heic"
)

// budget bounds the memory of all decodings together.
type budget struct {
	total int64
	free  *semaphore.Weighted
}

func newBudget(total int64) *budget { return &budget{total, semaphore.NewWeighted(total)} }

// take waits for n bytes, or for all there are, and returns the function that gives them back.
func (b *budget) take(ctx context.Context, n int64) (func(), error) {
	n = min(n, b.total)
	if err := b.free.Acquire(ctx, n); err != nil {
		return nil, err
	}
	return func() { b.free.Release(n) }, nil
}

// examine decodes the picture in src, upright, and says what it is. What can't be
// decoded whole is refused. The picture is at most largeSide on its longer side.
func (a *Archive) examine(ctx context.Context, src io.ReadSeeker) (*models.File, *image.RGBA, error) {
	in := &source{ctx: ctx, r: src}
	file := &models.File{Kind: models.FilePhoto}
	img, err := a.decode(ctx, in, file)
	if err != nil {
		if in.err != nil { // not the picture's fault
			err = in.err
		}
		return nil, nil, err
	}
	if err := in.rewind(); err != nil {
		return nil, nil, err
	}
	readMetadata(in, file)
	upright := turn(img, file.Orientation)
	if file.Orientation > 4 { // lying on its side
		file.Width, file.Height = file.Height, file.Width
	}
	hash := differenceHash(upright)
	file.DHash = &hash
	return file, upright, nil
}

// decode reads the picture within its share of memory and returns it small, as
// it is stored, with type and size set in file.
func (a *Archive) decode(ctx context.Context, in *source, file *models.File) (*image.RGBA, error) {
	head, err := in.head(32)
	if err != nil {
		return nil, err
	}
	file.MediaType = pictureType(head)
	decoder, known := decoders[file.MediaType]
	if !known {
		return nil, errNotPicture
	}
	if file.MediaType == typeHEIC && !a.heic {
		return nil, errHEICOff
	}
	size, err := guarded(func() (image.Config, error) { return decoder.config(in) })
	if err != nil {
		return nil, damaged(err)
	}
	if err := checkMeasures(file.MediaType, size); err != nil {
		return nil, err
	}
	if err := in.rewind(); err != nil {
		return nil, err
	}
	need, err := a.memoryFor(in, file.MediaType, size, head)
	if err != nil {
		return nil, err
	}
	release, err := a.memory.take(ctx, need)
	if err != nil {
		return nil, context.Cause(ctx)
	}
	defer release()
	if err := in.rewind(); err != nil {
		return nil, err
	}
	// The time counts from here: waiting for memory is not the picture's fault.
	timed, cancel := context.WithTimeoutCause(ctx, a.time, errTooSlow)
	defer cancel()
	in.ctx = timed
	defer func() { in.ctx = ctx }()
	img, err := guarded(func() (image.Image, error) { return decoder.decode(in) })
	if err != nil {
		return nil, damaged(err)
	}
	file.Width, file.Height = img.Bounds().Dx(), img.Bounds().Dy()
	return shrink(img, largeSide), nil
}

var decoders = map[string]struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}{
	typeJPEG: {jpeg.DecodeConfig, jpeg.Decode},
	typePNG:  {png.DecodeConfig, png.Decode},
	typeHEIC: {heic.DecodeConfig, heic.Decode},
}

// pictureType reads the signature; "" when it is no picture we take.
func pictureType(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return typeJPEG
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return typePNG
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		switch string(head[8:12]) {
		case "heic", "heix", "heim", "heis", "mif1":
			return typeHEIC
		}
	}
	return ""
}

func checkMeasures(mediaType string, c image.Config) error {
	limit := maxPixels
	if mediaType == typeHEIC {
		limit = maxHEICPixels
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > maxSide || c.Height > maxSide || c.Width*c.Height > limit {
		return models.Errorf(models.CodeTooLarge, "file",
			"The picture measures %d × %d pixels; at most %d megapixels and %d pixels a side are taken: send a smaller one, or send it as a document.",
			"照片为 %d × %d 像素，最多接受 %d 百万像素、单边 %d 像素：请缩小后发送，或作为文件发送。", c.Width, c.Height, limit/1_000_000, maxSide)
	}
	return nil
}

// memoryFor is what decoding takes at most, in bytes.
func (a *Archive) memoryFor(in *source, mediaType string, c image.Config, head []byte) (int64, error) {
	pixels := int64(c.Width) * int64(c.Height)
	switch mediaType {
	case typeHEIC:
		return a.memory.total, nil // alone
	case typePNG:
		if head[28] != 0 { // interlaced: the passes stand beside the picture
			return 16 * pixels, nil
		}
		return 8 * pixels, nil
	}
	progressive, err := isProgressive(in)
	if progressive {
		return 20 * pixels, err // a coefficient is 4 bytes
	}
	return 8 * pixels, err
}

// isProgressive looks for the frame header that announces a JPEG in passes.
func isProgressive(r io.Reader) (bool, error) {
	br := bufio.NewReader(r)
	if _, err := br.Discard(2); err != nil {
		return false, err
	}
	for {
		var marker [4]byte
		if _, err := io.ReadFull(br, marker[:]); err != nil {
			return false, errDamaged
		}
		for marker[0] == 0xff && marker[1] == 0xff { // fill bytes
			next, err := br.ReadByte()
			if err != nil {
				return false, errDamaged
			}
			marker = [4]byte{0xff, marker[2], marker[3], next}
		}
		length := int(marker[2])<<8 | int(marker[3])
		switch {
		case marker[1] == 0xc2:
			return true, nil
		case marker[1] == 0xda || marker[1] == 0xc0 || marker[1] == 0xc1:
			return false, nil
		case marker[0] != 0xff || length < 2:
			return true, nil // irregular: reckon with the worst
		}
		if _, err := br.Discard(length - 2); err != nil {
			return false, errDamaged
		}
	}
}

// guarded turns a panic of a decoder into an error: its input is foreign.
func guarded[T any](decode func() (T, error)) (result T, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("decoder: %v", r)
		}
	}()
	return decode()
}

// damaged is what a decoder's error means to the sender.
func damaged(err error) error {
	var jpegFeature jpeg.UnsupportedError
	var pngFeature png.UnsupportedError
	if errors.As(err, &jpegFeature) || errors.As(err, &pngFeature) {
		return errUnusual
	}
	return errDamaged
}

var (
	errTooSlow = models.Invalid("file", "The picture takes too long to decode: save it anew and send that, or send it as a document.",
		"照片解码时间过长：请重新保存后发送，或作为文件发送。")
	errNotPicture = models.Errorf(models.CodeUnsupported, "file", "This is not a JPEG, PNG or HEIC picture, whatever its name says: send it as a document.",
		"这不是 JPEG、PNG 或 HEIC 图片（与文件名无关）：请作为文件发送。")
	errHEICOff = models.Errorf(models.CodeUnsupported, "file", "HEIC pictures are not taken here: set the camera to “Most Compatible” (JPEG), or ask the administrator to switch HEIC on.",
		"此处不接收 HEIC 照片：请将相机格式设为“兼容性最佳”（JPEG），或请管理员开启 HEIC。")
	errDamaged = models.Invalid("file", "The picture is damaged or cut off and can't be decoded: take or send it again, or send it as a document.",
		"照片已损坏或不完整，无法解码：请重新拍摄或发送，或作为文件发送。")
	errUnusual = models.Errorf(models.CodeUnsupported, "file", "The picture uses a rare form of its format that is not taken: save it as an ordinary JPEG, or send it as a document.",
		"照片使用了不支持的少见编码：请另存为普通 JPEG，或作为文件发送。")
)
