package sheets

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"recourse/models"
)

// The bounds of a workbook that is read, in bytes.
const (
	MaxFile     = 10 << 20 // as sent
	maxUnzipped = 64 << 20 // of all parts together
	maxPart     = 16 << 20 // that is held in memory; larger ones lie in temporary files
	maxParts    = 1000
)

var errNotWorkbook = models.Invalid("", "This is not an XLSX workbook or it is damaged: save it again as .xlsx.", "不是 XLSX 工作簿或文件已损坏：请重新另存为 .xlsx。")

// checkArchive looks at every part of a workbook before anything else does: all
// are unpacked to nowhere within the bounds, whatever sizes they claim, and
// macros and formulas are refused.
func checkArchive(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return errNotWorkbook
	}
	if len(z.File) > maxParts {
		return tooBig()
	}
	left := int64(maxUnzipped)
	for _, part := range z.File {
		if err := checkPart(part, &left); err != nil {
			return err
		}
	}
	return nil
}

func tooBig() error {
	return models.Errorf(models.CodeTooLarge, "", "The workbook unpacks to more than %d MB: copy the rows into a fresh template.", "工作簿解压后超过 %d MB：请将数据行复制到新模板。", maxUnzipped>>20)
}

func checkPart(part *zip.File, left *int64) error {
	name := strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/"))
	if strings.Contains(name, "vbaproject") || strings.Contains(name, "macrosheet") {
		return errMacro()
	}
	r, err := part.Open()
	if err != nil {
		return errNotWorkbook
	}
	defer r.Close()
	counted := &io.LimitedReader{R: r, N: *left + 1}
	if path.Ext(name) == ".xml" {
		err = checkXML(counted)
	}
	if err == nil {
		_, err = io.Copy(io.Discard, counted)
	}
	var refused *models.Error
	switch {
	case errors.As(err, &refused):
		return err
	case counted.N == 0:
		return tooBig()
	case err != nil:
		return errNotWorkbook
	}
	*left = counted.N - 1
	return nil
}

func errMacro() error {
	return models.Invalid("", "The workbook holds macros: save it as .xlsx without them.", "工作簿含有宏：请另存为不含宏的 .xlsx。")
}

// checkXML refuses a sheet with a formula, a sheet of macros, and the content
// types of a workbook with macros. Other parts are only looked at until their root is known.
func checkXML(r io.Reader) error {
	d := xml.NewDecoder(r)
	root, cell, within := "", "", false
	for {
		token, err := d.RawToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch e := token.(type) {
		case xml.StartElement:
			name := e.Name.Local
			if root == "" {
				if root = name; root == "macrosheet" || root == "dialogsheet" {
					return errMacro()
				}
				if root != "worksheet" && root != "Types" {
					return nil
				}
			}
			switch {
			case root == "Types" && strings.Contains(strings.ToLower(attribute(e, "ContentType")), "macroenabled"):
				return errMacro()
			case root == "worksheet" && name == "c":
				cell, within = attribute(e, "r"), true
			case root == "worksheet" && name == "f" && within:
				return models.Invalid(cell, "Cell %s holds a formula: copy the sheet and paste it as values.", "单元格 %s 含有公式：请复制后以“数值”粘贴。", cell)
			}
		case xml.EndElement:
			if e.Name.Local == "c" {
				within = false
			}
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
