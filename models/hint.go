package models

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"
)

// minPrinted is the fewest readings whose repetition says anything.
const minPrinted = 5

// ReadingPrint is the trace of a lot's readings of one characteristic, written
// when the inspection becomes final: two lots with the same readings have the
// same hashes, so that a repetition is found by an index among any number of readings.
type ReadingPrint struct {
	InspectionLotID ID     `gorm:"primaryKey"`
	Characteristic  string `gorm:"primaryKey"`
	InspectionID    ID
	SupplierID      ID
	Series          int64 // hash of standard, characteristic, decimals and number: what can be compared
	Ordered         int64 // hash of series and readings as they were taken
	Sorted          int64 // hash of series and readings by size
	N               int
}

// PrintReadings hashes the readings of one characteristic, scaled by its
// decimals, in sample order. ok is false when they are fewer than five or all
// equal: such ones repeat by themselves. Each hash is the first 64 bits of a SHA-256.
func PrintReadings(standardCode, characteristic string, decimals int, values []int64) (p ReadingPrint, ok bool) {
	if len(values) < minPrinted || slices.Min(values) == slices.Max(values) {
		return p, false
	}
	series := []byte(Key(standardCode) + "\x00" + characteristic + "\x00")
	series = binary.BigEndian.AppendUint32(series, uint32(decimals))
	series = binary.BigEndian.AppendUint32(series, uint32(len(values)))
	p = ReadingPrint{Characteristic: characteristic, N: len(values), Series: hash64(series), Ordered: hash64(appendValues(series, values))}
	sorted := slices.Sorted(slices.Values(values))
	p.Sorted = hash64(appendValues(series, sorted))
	return p, true
}

func appendValues(to []byte, values []int64) []byte {
	to = slices.Clip(to)
	for _, v := range values {
		to = binary.BigEndian.AppendUint64(to, uint64(v))
	}
	return to
}

func hash64(b []byte) int64 {
	sum := sha256.Sum256(b)
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// HintSetAside is a hint of the independence checks that purchasing has looked
// into and set aside, as it was shown. It exists as long as it is set aside.
type HintSetAside struct {
	ID             ID        `json:"id"` // the hint's
	Kind           string    `json:"kind"`
	InspectorID    *ID       `json:"inspector_id"` // of a hint about one inspector's readings
	Subject        ID        `json:"-"`            // what the hint is about, whichever visits it rests on
	Through        Date      `json:"through"`      // the last visit the hint rests on
	Content        string    `json:"-"`            // the hint as JSON
	Reason         string    `json:"reason"`
	SetAsideBy     *ID       `json:"set_aside_by"`
	SetAsideByName string    `json:"set_aside_by_name"`
	SetAsideAt     time.Time `json:"set_aside_at"`
}

// TableName is hints_set_aside.
func (HintSetAside) TableName() string { return "hints_set_aside" }
