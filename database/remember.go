package database

import (
	"sync"

	"gorm.io/gorm"
)

// rememberedAtMost bounds what a database remembers.
const rememberedAtMost = 64

// memoryKey is the setting under which a session finds its database's memory.
const memoryKey = "recourse:memory"

// memory is what was computed from a state of the records and is asked for again
// as long as that state lasts.
type memory struct {
	mu    sync.Mutex
	known map[string]remembered
	turn  int64
}

type remembered struct {
	state string
	value any
	used  int64
}

// Remember is what compute made of the records in a state that state names, and
// makes it when that isn't known. The caller answers for state: it has to be read
// in the same transaction, and another one for every change that compute would
// see. What it returns is shared and not to be changed.
func Remember[T any](tx *gorm.DB, key, state string, compute func() (T, error)) (T, error) {
	found, _ := tx.Get(memoryKey)
	m, _ := found.(*memory)
	if m == nil {
		return compute()
	}
	if value, known := m.find(key, state); known {
		return value.(T), nil
	}
	value, err := compute()
	if err == nil {
		m.keep(key, state, value)
	}
	return value, err
}

func (m *memory) find(key, state string) (any, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, known := m.known[key]
	if !known || r.state != state {
		return nil, false
	}
	m.turn++
	r.used = m.turn
	m.known[key] = r
	return r.value, true
}

// keep makes room by what was not asked for the longest.
func (m *memory) keep(key, state string, value any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.turn++
	m.known[key] = remembered{state, value, m.turn}
	if len(m.known) <= rememberedAtMost {
		return
	}
	oldest := key
	for k, r := range m.known {
		if r.used < m.known[oldest].used {
			oldest = k
		}
	}
	delete(m.known, oldest)
}
