package cases

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"sort"
	"strconv"
)

// Comparison counts what a file expects against what was computed.
type Comparison struct {
	Passed      int
	Failed      int
	Differences []string
}

// Compare holds every value that want names against got; got may say more.
// Numbers agree to 1e-9 relative; lists have the same length and order.
func (c *Comparison) Compare(path string, want json.RawMessage, got any) error {
	w, err := generic(want)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	b, err := json.Marshal(got)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	g, err := generic(b)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	c.walk(path, w, g)
	return nil
}

func generic(b []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}

func (c *Comparison) walk(path string, want, got any) {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			c.differ(path, want, got)
			return
		}
		keys := make([]string, 0, len(w))
		for k := range w {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			v, found := g[k]
			if !found {
				c.differ(path+"."+k, w[k], "nothing")
				continue
			}
			c.walk(path+"."+k, w[k], v)
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			c.differ(path, want, got)
			return
		}
		for n := range w {
			c.walk(fmt.Sprintf("%s[%d]", path, n), w[n], g[n])
		}
	default:
		if same(want, got) {
			c.Passed++
		} else {
			c.differ(path, want, got)
		}
	}
}

func (c *Comparison) differ(path string, want, got any) {
	c.Failed++
	w, _ := json.Marshal(want) // both came from JSON
	g, _ := json.Marshal(got)
	c.Differences = append(c.Differences, fmt.Sprintf("%s: expected %s, computed %s", path, w, g))
}

func same(want, got any) bool {
	w, wok := want.(json.Number)
	g, gok := got.(json.Number)
	if !wok || !gok {
		return want == got
	}
	a, err1 := strconv.ParseFloat(string(w), 64)
	b, err2 := strconv.ParseFloat(string(g), 64)
	return err1 == nil && err2 == nil && math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b))
}
