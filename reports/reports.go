// Package reports prints: values in, a PDF out. It answers for the look, the
// words in Chinese and English, what each edition may show, and for every
// recorded character being on the paper. It knows neither database nor clock nor
// HTTP; times, file bytes and addresses are arguments. It is the only package
// that knows gofpdf.
//
// Its invariants: what cannot be drawn is a visible □ and is listed on the
// report; an edition is applied to the whole value before anything is laid out,
// so nothing later can show more; the same value and options give the same bytes.
package reports
