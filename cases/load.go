package cases

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/database"
	"recourse/files"
	"recourse/inspections"
	"recourse/models"
	"recourse/wire"
)

// Result is what was computed, under the keys by which a file expects it.
type Result struct {
	Warnings   []contracts.Warning `json:"expected_contract_warnings"`
	Inspection *InspectionResult   `json:"inspection,omitempty"`
	Claim      *ClaimResult        `json:"claim,omitempty"`
	Recovery   *RecoveryResult     `json:"recovery,omitempty"`
}

// Photos opens a photo that a case names. The error is an *Error when there is none.
type Photos func(name string) (io.ReadSeekCloser, error)

// Folder gives the photos of a folder.
func Folder(dir string) Photos {
	return func(name string) (io.ReadSeekCloser, error) {
		if name != filepath.Base(name) {
			return nil, models.Invalid("", "A photo is named without a folder.", "照片名不得包含文件夹。")
		}
		f, err := os.Open(filepath.Join(dir, name))
		if errors.Is(err, os.ErrNotExist) {
			return nil, models.Invalid("", "%s is not in %s: name the folder with --photos.", "%[2]s 中没有 %[1]s：请用 --photos 指定文件夹。", name, dir)
		}
		return f, err
	}
}

// Load writes a case in one transaction: all of it or none. The photos' bytes
// are stored first, since looking at them takes long; a refused case leaves
// their blobs, which no record names.
func Load(ctx context.Context, db *database.DB, archive *files.Archive, by models.Actor, f *File, open Photos) (*Result, error) {
	photos, err := TakePhotos(ctx, archive, f, open)
	if err != nil {
		return nil, err
	}
	var result *Result
	err = db.Tx(ctx, func(tx *gorm.DB) (err error) {
		result, err = Write(ctx, tx, func(string) models.Actor { return by }, f, photos)
		return err
	})
	return result, err
}

// TakePhotos stores the bytes of the photos that a case names, by name. It takes
// no part in a transaction.
func TakePhotos(ctx context.Context, archive *files.Archive, f *File, open Photos) (map[string]*models.File, error) {
	photos := map[string]*models.File{}
	for _, name := range f.photoNames() {
		file, err := takePhoto(ctx, archive, open, name)
		if err != nil {
			return nil, models.At("inspection.photos."+name, err)
		}
		photos[name] = file
	}
	return photos, nil
}

// Write writes a case, whose photos were taken, in the caller's transaction,
// which must end when it is refused. by says who writes a part, named by its key
// in the file, and when.
func Write(ctx context.Context, tx *gorm.DB, by func(part string) models.Actor, f *File, photos map[string]*models.File) (*Result, error) {
	w := writer{ctx: ctx, tx: tx, file: f, photos: photos}
	return w.write(by)
}

func takePhoto(ctx context.Context, archive *files.Archive, open Photos, name string) (*models.File, error) {
	src, err := open(name)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	return archive.Take(ctx, models.FilePhoto, src)
}

// writer carries one transaction through the parts of a file.
type writer struct {
	ctx     context.Context
	tx      *gorm.DB
	by      models.Actor
	file    *File
	photos  map[string]*models.File
	sales   *models.Contract
	lot     *models.Lot
	shipped *models.Shipment
	opened  *models.Claim
}

func (w *writer) write(by func(part string) models.Actor) (*Result, error) {
	r := &Result{Warnings: []contracts.Warning{}}
	for _, part := range []struct {
		name  string
		write func(*Result) error
	}{
		{"supplier", func(*Result) error { return w.party(w.file.Supplier, models.PartySupplier) }},
		{"customer", func(*Result) error { return w.party(w.file.Customer, models.PartyCustomer) }},
		{"product", func(*Result) error { return w.product() }},
		{"quality_standard", func(*Result) error { return w.standard() }},
		{"purchase_contract", func(r *Result) error { return w.contract(w.file.PurchaseContract, models.PurchaseContract, r) }},
		{"sales_contract", func(r *Result) error { return w.contract(w.file.SalesContract, models.SalesContract, r) }},
		{"inspection", w.inspection},
		{"shipment", func(*Result) error { return w.shipment() }},
		{"claim", w.claim},
		{"recovery", w.recover},
	} {
		w.by = by(part.name)
		if err := part.write(r); err != nil {
			return nil, models.At(part.name, err)
		}
	}
	return r, nil
}

// missing reports that a lookup found nothing, so that the record is made.
func missing(err error) bool { return models.IsCode(err, models.CodeNotFound) }

func (w *writer) party(p *Party, kind models.PartyKind) error {
	if p == nil {
		return nil
	}
	known, err := contracts.PartyByCode(w.ctx, w.tx, w.by, p.Code)
	if err == nil && (known.Kind != kind || known.Name != p.Name) {
		return models.Conflict("code", "%s is stored already with another name or kind.", "%s 已存在，但名称或类型不同。", p.Code)
	}
	if !missing(err) {
		return err
	}
	_, err = contracts.CreateParty(w.ctx, w.tx, w.by, contracts.PartyInput{Kind: kind, Code: p.Code, Name: p.Name, Country: p.Country, Place: p.Place})
	return err
}

func (w *writer) product() error {
	p := w.file.Product
	if p == nil {
		return nil
	}
	known, err := contracts.ProductByCode(w.ctx, w.tx, w.by, p.Code)
	if err == nil && (known.Name != p.Name || known.Specification != p.Specification) {
		return models.Conflict("code", "%s is stored already with another name or specification.", "%s 已存在，但名称或规格不同。", p.Code)
	}
	if !missing(err) {
		return err
	}
	_, err = contracts.CreateProduct(w.ctx, w.tx, w.by, contracts.ProductInput{Code: p.Code, Name: p.Name, Unit: p.Unit, Category: p.Category, Specification: p.Specification})
	return err
}

func (w *writer) standard() error {
	s := w.file.QualityStandard
	if s == nil {
		return nil
	}
	in := contracts.StandardInput{Code: s.Code, VersionNo: s.Version, EffectiveFrom: s.EffectiveFrom, Title: s.Title, Content: s.content()}
	known, err := contracts.StandardByCodeVersion(w.ctx, w.tx, w.by, s.Code, s.Version)
	if err == nil && known.ContentHash != contracts.ContentHash(in.Content) {
		return models.Conflict("version", "%s version %d is stored already with other content: give the file's standard a new version.", "%s 第 %d 版已存在且内容不同：请使用新的版本号。", s.Code, s.Version)
	}
	if !missing(err) {
		return err
	}
	if err := wire.Validate(&in); err != nil {
		return err
	}
	draft, err := contracts.CreateStandard(w.ctx, w.tx, w.by, in)
	if err != nil || s.Status == "draft" {
		return err
	}
	active, err := contracts.ActivateStandard(w.ctx, w.tx, w.by, draft.ID, draft.Version)
	if err != nil || s.Status != "retired" {
		return err
	}
	_, err = contracts.RetireStandard(w.ctx, w.tx, w.by, active.ID, active.Version)
	return err
}

// content turns the file's short form into the standard's content.
func (s *Standard) content() models.StandardContent {
	rules := models.SamplingRules{Scheme: s.Sampling.Scheme, Level: s.Sampling.Level, CommonN: s.Sampling.CommonN}
	if rules.Scheme == "" {
		rules.Scheme = "iso2859-1"
	}
	if s.Sampling.Critical != "" {
		rules.Classes = append(rules.Classes, models.ClassRule{Class: models.Critical, Rule: s.Sampling.Critical})
	}
	for _, c := range []struct {
		class models.DefectClass
		aql   string
	}{{models.Critical, s.Sampling.CriticalAQL}, {models.Major, s.Sampling.MajorAQL}, {models.Minor, s.Sampling.MinorAQL}} {
		if c.aql != "" {
			rules.Classes = append(rules.Classes, models.ClassRule{Class: c.class, Rule: models.RuleAQL, AQL: c.aql})
		}
	}
	out := models.StandardContent{Cites: s.Cites, Sampling: rules, Defects: s.Defects, Checks: s.Checks}
	for _, m := range s.Measured {
		out.Characteristics = append(out.Characteristics, m.characteristic())
	}
	return out
}

func (m Measured) characteristic() models.Characteristic {
	c := models.Characteristic{
		Code: m.Code, Name: m.Name, Kind: "measured", Class: m.Class, Unit: m.Unit, Nominal: m.Nominal, Lower: m.Lower, Upper: m.Upper,
		MeanLower: m.MeanLower, MeanUpper: m.MeanUpper, Level: m.Level, AQL: m.AQL, SampleSize: m.SampleSize, Destructive: m.Destructive, Instrument: m.Instrument,
	}
	if m.Decimals != nil {
		c.Decimals = *m.Decimals
		return c
	}
	for _, limit := range []models.Decimal{m.Lower, m.Upper, m.MeanLower, m.MeanUpper} {
		c.Decimals = max(c.Decimals, limit.Places()+1)
	}
	return c
}

func (w *writer) contract(c *Contract, kind models.ContractKind, r *Result) error {
	if c == nil {
		return nil
	}
	code, at := c.Supplier, "supplier"
	if kind == models.SalesContract {
		code, at = c.Customer, "customer"
	}
	party, err := contracts.PartyByCode(w.ctx, w.tx, w.by, code)
	if err != nil {
		return models.At(at, err)
	}
	in := contracts.ContractInput{
		Kind: kind, Number: c.Number, SignedOn: c.Date, PartyID: party.ID, Currency: c.Currency, Incoterm: c.Incoterm, LatestShipment: c.LatestShipment,
		ShippingMarks: c.ShippingMarks, Packing: c.Packing, QualityClause: c.QualityClause, RequiredDocuments: c.RequiredDocuments, ClaimClause: c.ClaimClause,
	}
	for n, l := range c.Lines {
		line, err := w.line(l)
		if err != nil {
			return models.At(fmt.Sprintf("lines[%d]", n), err)
		}
		in.Lines = append(in.Lines, line)
	}
	if err := wire.Validate(&in); err != nil {
		return err
	}
	entered, err := contracts.CreateContract(w.ctx, w.tx, w.by, in)
	if err != nil {
		return err
	}
	if kind == models.SalesContract {
		w.sales = &entered.Contract
		r.Warnings = append(r.Warnings, entered.Warnings...)
	}
	return nil
}

func (w *writer) line(l Line) (contracts.LineInput, error) {
	product, err := contracts.ProductByCode(w.ctx, w.tx, w.by, l.Product)
	if err != nil {
		return contracts.LineInput{}, models.At("product", err)
	}
	in := contracts.LineInput{
		LineNo: l.Line, ProductID: product.ID, Quantity: l.Quantity, Unit: product.Unit,
		TolerancePercent: l.TolerancePercent, ToleranceOption: l.ToleranceOption, UnitPrice: l.UnitPrice,
	}
	if l.Standard != "" {
		s, err := contracts.StandardByCodeVersion(w.ctx, w.tx, w.by, l.Standard, l.StandardVersion)
		if err != nil {
			return in, models.At("standard", err)
		}
		in.StandardID = &s.ID
	}
	if l.FedBy != nil {
		fed, _, err := contracts.LineByNumber(w.ctx, w.tx, w.by, models.PurchaseContract, l.FedBy.Contract, l.FedBy.Line)
		if err != nil {
			return in, models.At("fed_by", err)
		}
		in.FedBy = []models.LineLink{{PurchaseLineID: fed.ID}}
	}
	return in, nil
}

func (w *writer) seed() (models.SHA256, error) {
	var seed models.SHA256
	_, err := rand.Read(seed[:])
	return seed, err
}

func (w *writer) photo(names []string) []inspections.PhotoInput {
	out := make([]inspections.PhotoInput, len(names))
	for n, name := range names {
		out[n] = inspections.PhotoInput{SHA256: w.photos[name].SHA256, Caption: name}
	}
	return out
}
