package sampling

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"
)

// CartonsToOpen is how many of a lot's cartons are opened for a sample: at
// least the square root of their number, rounded up, and enough to hold the
// sample, but never more than there are.
func CartonsToOpen(cartons, perCarton, sample int) int {
	if cartons < 1 || perCarton < 1 {
		return max(cartons, 0)
	}
	root := int(math.Sqrt(float64(cartons)))
	for root*root < cartons {
		root++
	}
	for root > 1 && (root-1)*(root-1) >= cartons {
		root--
	}
	holding := sample / perCarton
	if sample%perCarton > 0 {
		holding++
	}
	return min(max(root, holding), cartons)
}

// DrawCartons draws k of the carton numbers 1 … cartons, each set equally
// likely, ascending. The same seed always gives the same numbers, in every
// release, so that a report's draw can be repeated:
//
//   - words: block i = 0, 1, … is HMAC-SHA256 with the seed as key over
//     "recourse cartons" and i as 8 bytes big-endian; each block is four 64-bit
//     big-endian words.
//   - a number below m: the first word under the largest multiple of m not
//     above 2^64, modulo m.
//   - Floyd's sampling: for j = cartons-k+1 … cartons draw t in 1 … j; take t,
//     or j when t is taken already.
func DrawCartons(seed []byte, cartons, k int) ([]int, error) {
	switch {
	case len(seed) < 16:
		return nil, refuse("seed", "the seed has %d bytes: at least 16", "种子为 %d 字节：至少 16 字节", len(seed))
	case cartons < 1:
		return nil, refuse("cartons", "there are %d cartons: at least 1", "箱数为 %d：至少为 1", cartons)
	case k < 0 || k > cartons:
		return nil, refuse("cartons_to_open", "%d cartons can't be drawn from %d", "无法从 %[2]d 箱中抽取 %[1]d 箱", k, cartons)
	}
	w := words{seed: seed}
	taken := make(map[int]bool, k)
	drawn := make([]int, 0, k)
	for j := cartons - k + 1; j <= cartons; j++ {
		t := 1 + int(w.below(uint64(j)))
		if taken[t] {
			t = j
		}
		taken[t] = true
		drawn = append(drawn, t)
	}
	slices.Sort(drawn)
	return drawn, nil
}

// words is the stream of words that DrawCartons describes.
type words struct {
	seed  []byte
	block uint64
	left  []byte
}

func (w *words) next() uint64 {
	if len(w.left) == 0 {
		mac := hmac.New(sha256.New, w.seed)
		mac.Write([]byte("recourse cartons"))
		mac.Write(binary.BigEndian.AppendUint64(nil, w.block))
		w.left = mac.Sum(nil)
		w.block++
	}
	word := binary.BigEndian.Uint64(w.left)
	w.left = w.left[8:]
	return word
}

// below draws a number under m without bias.
func (w *words) below(m uint64) uint64 {
	excess := (math.MaxUint64%m + 1) % m // 2^64 modulo m
	for {
		if word := w.next(); word <= math.MaxUint64-excess {
			return word % m
		}
	}
}
