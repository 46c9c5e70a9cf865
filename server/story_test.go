package server

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"unicode"

	"recourse/inspections"
	"recourse/models"
)

// printed is the text of a PDF without blanks, as another program reads it.
func printed(t testing.TB, pdf []byte) string {
	t.Helper()
	read := exec.Command("pdftotext", "-raw", "-", "-")
	read.Stdin = bytes.NewReader(pdf)
	text, err := read.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return squeezed(string(text))
}

func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// TestFromPlanToReport is the main job over HTTP: plan, record, photos by parts,
// submit, decide, report. The inspector signs in with a password.
func TestFromPlanToReport(t *testing.T) {
	v := newVisit(t)
	v.Config.BaseURL = "https://example.org"
	admin, phone := v.as(t, models.Admin), v.anybody(t)
	var user models.User
	admin.want(201, "POST", "/api/v1/users", `{"login":"li.ming","name":"李明","roles":["inspector"],"lang":"zh","password":"correct horse battery"}`, &user)
	phone.want(201, "POST", "/api/v1/session", `{"login":"Li.Ming","password":"correct horse battery"}`, nil)
	phone.user = &user
	v.inspector = phone

	id, near, far := models.NewID(), mustJPEG(t, 640, 480), mustJPEG(t, 320, 240)
	at := inspectionsPath + "/" + id.String()
	plan := v.plan()
	plan.ID = &id
	var i models.Inspection
	first := v.buyer.want(201, "POST", inspectionsPath, plan, &i, "Idempotency-Key", "visit")
	if i.ID != id || i.State != models.Planned || len(i.Lots[0].Plan.CartonNumbers) != 32 || i.Lots[0].Seed.IsZero() {
		t.Fatalf("planned %+v", i)
	}
	again := v.buyer.want(201, "POST", inspectionsPath, plan, nil, "Idempotency-Key", "visit")
	if !bytes.Equal(first.body, again.body) {
		t.Errorf("the plan sent again = %s, want %s", again.body, first.body)
	}

	photos := fmt.Sprintf(`"photos":[{"sha256":"%s","caption":"压损角","taken_at":"2026-04-20T15:58:00+08:00"}]`, hashText(near))
	record := v.record(`"photos":[]`, photos, `"deviations"`, fmt.Sprintf(`"photos":[{"sha256":"%s","caption":"仓库"}],"deviations"`, hashText(far)))
	first = phone.want(200, "PUT", at, record, &i, "If-Match", version(i))
	counted := rows(t, v.DB)
	again = phone.want(200, "PUT", at, record, nil, "If-Match", `"1"`)
	if !bytes.Equal(first.body, again.body) || first.header.Get("ETag") != again.header.Get("ETag") {
		t.Errorf("the record sent again = %s, want %s", again.body, first.body)
	}
	if after := rows(t, v.DB); after["audit_entries"] != counted["audit_entries"] || after["readings"] != counted["readings"] {
		t.Errorf("the record sent again had an effect: %v, want %v", after, counted)
	}
	if i.Verdict != models.Accepted || i.Lots[0].NcMajor != 6 || i.Lots[0].NcMinor != 8 || i.PhotosWanted != 2 || i.PhotosPresent != 0 {
		t.Fatalf("recorded %s, major %d, minor %d, %d of %d photos, want accepted, 6, 8, 0 of 2", i.Verdict, i.Lots[0].NcMajor, i.Lots[0].NcMinor, i.PhotosPresent, i.PhotosWanted)
	}

	phone.want(200, "POST", at+"/submit", signatures, &i, "If-Match", version(i), "Idempotency-Key", "submit")
	draft := phone.want(200, "GET", at+"/report?lang=en&edition=internal", nil, nil)
	if text := printed(t, draft.body); !strings.Contains(text, "DRAFT") {
		t.Error("the report of an undecided inspection is not marked as a draft")
	}
	decision := `{"decision":"release","reason":"accepted on all classes"}`
	v.buyer.refused(409, "photos", "POST", at+"/decision", decision, "If-Match", version(i))

	// One photo with a break in the network, the other from a second phone of the visit: only the visit's inspectors' count.
	in := announced(near, models.FilePhoto)
	phone.want(201, "POST", uploadsPath, in, nil)
	phone.sendPart(200, in.ID, 0, near[:2000], nil)
	phone.refused(409, "offset", "PUT", fmt.Sprintf("%s/%s/parts/4000", uploadsPath, in.ID), near[4000:], "Content-SHA256", hashText(near[4000:]))
	var up models.Upload
	phone.want(200, "GET", uploadsPath+"/"+in.ID.String(), nil, &up)
	phone.sendPart(200, in.ID, int(up.Received), near[up.Received:], nil)
	phone.want(200, "POST", uploadsPath+"/"+in.ID.String()+"/complete", nil, nil)
	phone.want(200, "GET", at, nil, &i)
	if i.PhotosPresent != 1 {
		t.Fatalf("%d photos are there, want 1", i.PhotosPresent)
	}
	v.buyer.refused(409, "photos", "POST", at+"/decision", decision, "If-Match", version(i))
	phone.upload(far, models.FilePhoto)
	phone.want(200, "GET", at, nil, &i)

	key := []string{"If-Match", version(i), "Idempotency-Key", "decision"}
	first = v.buyer.want(200, "POST", at+"/decision", decision, &i, key...)
	again = v.buyer.want(200, "POST", at+"/decision", decision, nil, key...)
	if !bytes.Equal(first.body, again.body) {
		t.Errorf("the decision sent again = %s, want %s", again.body, first.body)
	}
	if i.State != models.Final || i.Fingerprint.IsZero() || len(i.Lots[0].Decisions) != 1 {
		t.Fatalf("decided: %+v, want final with one decision and a fingerprint", i)
	}
	checkIssued(t, v, at, i)
}

// checkIssued asks twice for the report of a final inspection, in every language and edition.
func checkIssued(t *testing.T, v *visit, at string, i models.Inspection) {
	t.Helper()
	before := rows(t, v.DB)["issued_reports"]
	for _, lang := range []string{"zh", "en", "both"} {
		for _, edition := range []string{"internal", "customer", "supplier"} {
			path := fmt.Sprintf("%s/report?lang=%s&edition=%s", at, lang, edition)
			first, again := v.buyer.want(200, "GET", path, nil, nil), v.inspector.want(200, "GET", path, nil, nil)
			if !bytes.Equal(first.body, again.body) || first.header.Get("ETag") != `"`+hashText(first.body)+`"` {
				t.Errorf("%s: not the same bytes twice, or not those of ETag %s", path, first.header.Get("ETag"))
			}
			if text := printed(t, first.body); strings.Contains(text, "DRAFT") || !strings.Contains(text, i.Number) {
				t.Errorf("%s: a final report is marked as a draft or lacks its number", path)
			}
			if name := first.header.Get("Content-Disposition"); !strings.Contains(name, i.Number+"-"+edition+"-"+lang+".pdf") {
				t.Errorf("%s is saved as %s", path, name)
			}
			same := v.buyer.want(304, "GET", path, nil, nil, "If-None-Match", first.header.Get("ETag"))
			if len(same.body) != 0 {
				t.Errorf("%s: %d bytes are sent to who has them", path, len(same.body))
			}
		}
	}
	if n := rows(t, v.DB)["issued_reports"]; n != before+9 {
		t.Errorf("%d reports were issued, want 9", n-before)
	}
}

func TestRefusedReports(t *testing.T) {
	v := newVisit(t)
	v.final(t)
	for _, b := range []bad{
		{"unknown language", v.inspector, "GET", v.path("/report?lang=fr"), nil, nil, 422, "lang"},
		{"language in capitals", v.inspector, "GET", v.path("/report?lang=EN"), nil, nil, 422, "lang"},
		{"long language", v.inspector, "GET", v.path("/report?lang=" + strings.Repeat("x", 5000)), nil, nil, 422, "lang"},
		{"unknown edition", v.inspector, "GET", v.path("/report?edition=public"), nil, nil, 422, "edition"},
		{"unknown parameter", v.inspector, "GET", v.path("/report?format=docx"), nil, nil, 400, "format"},
		{"language twice", v.inspector, "GET", v.path("/report?lang=en&lang=zh"), nil, nil, 400, "lang"},
	} {
		b.check(t, v.site)
	}
}

// TestWaiverPriceIsKeptFromInspectors: the record and the editions that name it are purchasing's, sales' and finance's.
func TestWaiverPriceIsKeptFromInspectors(t *testing.T) {
	v := newVisit(t)
	i := v.recorded(t, `"2.1","2.4","2.2"`, `"3.1","2.4","2.2"`)
	v.inspector.want(200, "POST", v.path("/submit"), signatures, &i, "If-Match", version(i))
	waiver := `{"decision":"waiver","reason":"customer agreed by e-mail","conditions":"dry before packing","price":{"amount":"4321.09","currency":"CNY"},"bears_claims":"supplier"}`
	seen := v.buyer.want(200, "POST", v.path("/decision"), waiver, &i, "If-Match", version(i))
	if !bytes.Contains(seen.body, []byte("4321.09")) {
		t.Errorf("purchasing doesn't see the price it named: %s", seen.body)
	}
	viewer := v.as(t, models.Viewer)
	for _, who := range []*client{v.inspector, viewer} {
		if got := who.want(200, "GET", v.path(), nil, nil); bytes.Contains(got.body, []byte("4321.09")) {
			t.Errorf("%v see the waiver's price in the record", who.user.Roles)
		}
		for _, edition := range []string{"internal", "supplier"} {
			bad{edition + " edition", who, "GET", v.path("/report?lang=en&edition=" + edition), nil, nil, 403, "edition"}.check(t, v.site)
		}
		if text := printed(t, who.want(200, "GET", v.path("/report?lang=en&edition=customer"), nil, nil).body); strings.Contains(text, "4321") || strings.Contains(text, "4,321") {
			t.Errorf("the customer's edition names the waiver's price")
		}
	}
	if text := printed(t, v.buyer.want(200, "GET", v.path("/report?lang=en&edition=internal"), nil, nil).body); !strings.Contains(text, "4321.09") && !strings.Contains(text, "4,321.09") {
		t.Error("the internal edition lacks the waiver's price")
	}
	// Issued meanwhile for purchasing, it is still not for others.
	bad{"issued internal edition", v.inspector, "GET", v.path("/report?lang=en&edition=internal"), nil, nil, 403, "edition"}.check(t, v.site)
}

// TestEveryCharacterIsPrinted: remarks as people write them, in every language of the report.
func TestEveryCharacterIsPrinted(t *testing.T) {
	v := newVisit(t)
	remark := "角部🧱压损，𠮷野家 ☑ Łódź ĳ 100 % ② … " + strings.Repeat("第三排托盘无法打开，工厂人员称货物已经装入集装箱。", 80)
	if n := len([]rune(remark)); n < 2000 {
		t.Fatalf("the remark has %d characters, want 2000", n)
	}
	i := v.final(t, `"inspector_remark":""`, `"inspector_remark":"`+remark+`"`, `"同意"`, `"👍🏽 no objection, \"agreed\" \\ <b>&amp;</b>"`)
	if i.InspectorRemark != remark {
		t.Error("the record lost characters of the remark")
	}
	body := strings.NewReplacer("🧱", "□", "𠮷", "□").Replace(remark)
	for _, lang := range []string{"zh", "en", "both"} {
		text := printed(t, v.buyer.want(200, "GET", v.path("/report?edition=internal&lang="+lang), nil, nil).body)
		// The order of lines is the reader's to guess where a remark runs over pages: its characters are counted.
		missing := map[rune]int{}
		for _, r := range squeezed(body) {
			missing[r]++
		}
		for _, r := range text {
			missing[r]--
		}
		for r, n := range missing {
			if n > 0 {
				t.Errorf("%s: %d of %q are not printed", lang, n, r)
			}
		}
		if !strings.Contains(text, "□压损，□野家") || !strings.Contains(text, `"agreed"\<b>&amp;</b>`) {
			t.Errorf("%s: the remark is not printed as it was written", lang)
		}
		note := map[string]string{"zh": "记录中保留原字符", "en": "therecordkeepsthem", "both": "记录中保留原字符"}[lang]
		if !strings.Contains(text, note) || !strings.Contains(text, "U+1F9F1") || !strings.Contains(text, "U+20BB7") {
			t.Errorf("%s: the report doesn't say which characters it could not print", lang)
		}
	}
}

// TestPhoneBegins: a phone that was offline names an inspection nobody planned, and sends it once or twice.
func TestPhoneBegins(t *testing.T) {
	v := newVisit(t)
	id := models.NewID()
	plan := fmt.Sprintf(`{"plan":{"kind":"during_production","contract_id":"%s","planned_on":"2026-04-20","lots":["%s"]},`, v.purchase.ID, v.lot.ID)
	record := plan + v.record()[1:]
	at := inspectionsPath + "/" + id.String()
	bad{"without a plan", v.inspector, "PUT", at, v.record(), nil, 404, ""}.check(t, v.site)
	bad{"plan of nothing", v.inspector, "PUT", at, strings.Replace(record, `"lots":["`+v.lot.ID.String()+`"]`, `"lots":[]`, 1), nil, 422, "plan.lots"}.check(t, v.site)
	bad{"plan under another id", v.inspector, "PUT", at, strings.Replace(record, `"kind"`, `"id":"`+models.NewID().String()+`","kind"`, 1), nil, 422, "plan.id"}.check(t, v.site)
	first := v.inspector.want(200, "PUT", at, record, nil)
	again := v.inspector.want(200, "PUT", at, record, nil)
	if !bytes.Equal(first.body, again.body) {
		t.Errorf("sent again = %s, want %s", again.body, first.body)
	}
	bad{"another's id", v.as(t, models.Inspector), "PUT", at, record, nil, 409, ""}.check(t, v.site)
	var page struct {
		Items []inspections.Summary `json:"items"`
	}
	v.inspector.want(200, "GET", inspectionsPath+"?kind=during_production", nil, &page)
	if len(page.Items) != 1 || page.Items[0].ID != id {
		t.Errorf("the list holds %d such inspections, want the one", len(page.Items))
	}
}

// TestRevisionOverHTTP corrects a final inspection: both stay readable, each with its own report, and nothing final has changed.
func TestRevisionOverHTTP(t *testing.T) {
	v := newVisit(t)
	old := v.final(t)
	report := v.path("/report?lang=en&edition=internal")
	before := v.buyer.want(200, "GET", report, nil, nil)
	var i models.Inspection
	key := []string{"If-Match", version(old), "Idempotency-Key", "revision"}
	bad{"without a reason", v.buyer, "POST", v.path("/revisions"), `{"reason":" "}`, []string{"If-Match", version(old)}, 422, "reason"}.check(t, v.site)
	bad{"by an inspector", v.inspector, "POST", v.path("/revisions"), `{"reason":"x"}`, []string{"If-Match", version(old)}, 403, ""}.check(t, v.site)
	first := v.buyer.want(201, "POST", v.path("/revisions"), `{"reason":"length read from the wrong edge"}`, &i, key...)
	again := v.buyer.want(201, "POST", v.path("/revisions"), `{"reason":"length read from the wrong edge"}`, nil, key...)
	if !bytes.Equal(first.body, again.body) || i.Number != old.Number || i.Revision != 1 {
		t.Fatalf("revised as %s revision %d, want %s revision 1, and the same answer twice", i.Number, i.Revision, old.Number)
	}
	bad{"a second one meanwhile", v.buyer, "POST", v.path("/revisions"), `{"reason":"x"}`, []string{"If-Match", version(old)}, 409, ""}.check(t, v.site)
	at := inspectionsPath + "/" + i.ID.String()
	v.inspector.want(200, "PUT", at+"/lots/"+v.lot.ID.String()+"/readings/LEN", `{"readings":["594.0","594.5","593.0","594.0","595.0"]}`, &i, "If-Match", version(i))
	v.inspector.want(200, "POST", at+"/submit", signatures, &i, "If-Match", version(i))
	v.buyer.want(200, "POST", at+"/decision", `{"decision":"release","reason":"still within the limits"}`, &i, "If-Match", version(i))
	if after := v.buyer.want(200, "GET", report, nil, nil); !bytes.Equal(before.body, after.body) {
		t.Error("the report of the corrected revision is no longer the same bytes")
	}
	if text := printed(t, v.buyer.want(200, "GET", at+"/report?lang=en&edition=internal", nil, nil).body); !strings.Contains(text, old.Number+"-R1") {
		t.Errorf("the correction's report doesn't name itself %s-R1", old.Number)
	}
	v.buyer.want(200, "GET", v.path(), nil, &old)
	if old.SupersededByID == nil || *old.SupersededByID != i.ID || old.State != models.Final {
		t.Errorf("the corrected revision is %s, superseded by %v", old.State, old.SupersededByID)
	}
	var problems []string
	n, err := inspections.CheckFingerprints(t.Context(), v.DB.Read, func(s string) { problems = append(problems, s) })
	if err != nil || n != 2 || len(problems) > 0 {
		t.Errorf("fingerprints of %d final inspections, %v, %v, want 2 without problems", n, problems, err)
	}
}
