package files

import (
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/bep/imagemeta"

	"recourse/models"
)

var metadataFormats = map[string]imagemeta.ImageFormat{
	typeJPEG: imagemeta.JPEG,
	typePNG:  imagemeta.PNG,
	typeHEIC: imagemeta.HEIF,
}

// readMetadata notes what the camera wrote into the picture: when, where, with
// what and which way up. It is evidence that may be missing, wrong or forged, so
// damaged metadata never refuses a picture that can be seen.
func readMetadata(r io.ReadSeeker, file *models.File) {
	tags := map[string]any{}
	_, _ = imagemeta.Decode(imagemeta.Options{
		R:           r,
		ImageFormat: metadataFormats[file.MediaType],
		Sources:     imagemeta.EXIF,
		// The interoperability directory has numbers that mean other tags
		// elsewhere: it would pass for a latitude of 0.
		ShouldHandleTag: func(t imagemeta.TagInfo) bool {
			switch t.Namespace {
			case "IFD0", "IFD0/ExifIFDP", "IFD0/GPSInfoIFD":
				return true
			}
			return false
		},
		HandleTag: func(t imagemeta.TagInfo) error {
			if _, repeated := tags[t.Tag]; !repeated {
				tags[t.Tag] = t.Value
			}
			return nil
		},
	})
	file.Orientation = orientation(tags, file.MediaType)
	file.TakenAt = takenAt(tags)
	file.GPSAt = gpsTime(tags)
	file.Latitude, file.Longitude = position(tags)
	file.Camera = camera(text(tags["Make"]), text(tags["Model"]))
}

// text is the tag as one line of at most 100 characters; "" when it is no text.
func text(value any) string {
	s, _ := value.(string)
	s = strings.ToValidUTF8(s, "")
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }), " ")
	if r := []rune(s); len(r) > 100 {
		s = string(r[:100])
	}
	return s
}

func orientation(tags map[string]any, mediaType string) int {
	n, _ := tags["Orientation"].(uint16)
	if mediaType == typeHEIC || n < 1 || n > 8 { // HEIC's decoder has turned it already
		return 1
	}
	return int(n)
}

var (
	exifTime   = regexp.MustCompile(`^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$`)
	exifOffset = regexp.MustCompile(`^[+-](0\d|1[0-4]):[0-5]\d$`)
)

// takenAt is the camera's own clock as 2026-04-20T10:11:12, with its offset from
// UTC where the camera wrote one.
func takenAt(tags map[string]any) string {
	for _, at := range []struct{ time, offset string }{
		{"DateTimeOriginal", "OffsetTimeOriginal"}, {"CreateDate", "OffsetTimeDigitized"},
	} {
		m := exifTime.FindStringSubmatch(text(tags[at.time]))
		if m == nil {
			continue
		}
		s := m[1] + "-" + m[2] + "-" + m[3] + "T" + m[4]
		if _, err := time.Parse("2006-01-02T15:04:05", s); err != nil {
			continue
		}
		if offset := text(tags[at.offset]); exifOffset.MatchString(offset) {
			s += offset
		}
		return s
	}
	return ""
}

// gpsTime is the satellites' time in UTC, nil when not said.
func gpsTime(tags map[string]any) *time.Time {
	clock, _, _ := strings.Cut(text(tags["GPSTimeStamp"]), ".")
	t, err := time.Parse("2006:01:02 15:04:05", text(tags["GPSDateStamp"])+" "+clock)
	if err != nil || t.Year() < 1980 { // before there was GPS
		return nil
	}
	return &t
}

// position is in degrees, north and east positive, to a tenth of a metre; unset
// unless both are there.
func position(tags map[string]any) (latitude, longitude models.Decimal) {
	lat, okLat := degrees(tags["GPSLatitude"], text(tags["GPSLatitudeRef"]), "S", 90)
	lon, okLon := degrees(tags["GPSLongitude"], text(tags["GPSLongitudeRef"]), "W", 180)
	if !okLat || !okLon || lat == 0 && lon == 0 { // 0, 0 is what a receiver without a fix writes
		return models.Decimal{}, models.Decimal{}
	}
	return decimalDegrees(lat), decimalDegrees(lon)
}

func degrees(value any, ref, negative string, limit float64) (float64, bool) {
	v, ok := value.(float64)
	if !ok || math.IsNaN(v) || math.Abs(v) > limit {
		return 0, false
	}
	if ref == negative {
		v = -v
	}
	return v, true
}

func decimalDegrees(v float64) models.Decimal {
	n, _ := strconv.ParseInt(strconv.FormatFloat(v*1e6, 'f', 0, 64), 10, 64)
	return models.DecimalFromScaled(n, 6)
}

// camera joins maker and model: "NIKON COOLPIX P6000". Many models begin with their maker.
func camera(maker, model string) string {
	if strings.HasPrefix(strings.ToLower(model), strings.ToLower(maker)) {
		return model
	}
	return strings.TrimSpace(maker + " " + model)
}
