package reports

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"time"

	"github.com/jung-kurt/gofpdf"
)

const markSize = 84

// markWidth sets the watermark once, so that its glyphs are among the used ones.
func (d *document) markWidth() line {
	if d.watermark == "" {
		return line{}
	}
	s := style{size: markSize, bold: true}
	d.current = &sheet{}
	l := d.lines(d.watermark, s, 10*pageWidth)[0]
	d.write(l, s, 0, 0, 0)
	return l
}

// stamp draws the watermark across the page, over everything and faint enough to read through.
func (d *document) stamp(pdf *gofpdf.Fpdf, mark line) {
	if len(mark.runs) == 0 {
		return
	}
	pdf.SetAlpha(0.13, "Normal")
	pdf.TransformBegin()
	pdf.TransformRotate(52, d.across()/2, d.tall()/2)
	pdf.SetTextColor(150, 30, 30)
	for _, r := range mark.runs {
		pdf.SetFont(r.face.name, "", markSize)
		pdf.Text(d.across()/2-mark.width/2+r.at, d.tall()/2+10, r.text)
	}
	pdf.TransformEnd()
	pdf.SetAlpha(1, "Normal")
}

// metadata is an XMP packet: gofpdf has no other place for the language.
func (d *document) metadata() []byte {
	escape := func(s string) string {
		var b bytes.Buffer
		xml.EscapeText(&b, []byte(s)) // a bytes.Buffer refuses nothing
		return b.String()
	}
	languages := ""
	for _, l := range map[string][]string{"zh": {"zh-CN"}, "en": {"en"}, "both": {"zh-CN", "en"}}[d.language] {
		languages += "<rdf:li>" + l + "</rdf:li>"
	}
	return fmt.Appendf(nil, `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag>%s</rdf:Bag></dc:language>
<xmp:CreateDate>%s</xmp:CreateDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`, escape(d.title), escape(d.author), languages, d.created.UTC().Format(time.RFC3339))
}
