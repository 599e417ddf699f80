package world

import (
	"encoding/json"
	"sync"

	"keyhole/simulator/policy"
)

// compiledDocuments is how many documents are kept compiled; beyond it the cache begins anew.
const compiledDocuments = 4096

// compiled are documents by their text. Documents never change, so clones share one cache; whoever only reads the
// world fills it too, hence the lock.
type compiled struct {
	mu   sync.RWMutex
	docs map[string]*policy.Document
}

func newCompiled() *compiled { return &compiled{docs: map[string]*policy.Document{}} }

// Compile is the document of a text, decoded once. The error is a *policy.Malformed.
func (w *World) Compile(text json.RawMessage) (*policy.Document, error) {
	c := w.compiled
	c.mu.RLock()
	d := c.docs[string(text)] // by itself, so that finding it allocates nothing
	c.mu.RUnlock()
	if d != nil {
		return d, nil
	}
	return c.get(string(text), func() (*policy.Document, error) { return policy.Decode(text) })
}

// get is the document of a key, made when it is not there. One that cannot be made is not kept.
func (c *compiled) get(key string, decode func() (*policy.Document, error)) (*policy.Document, error) {
	c.mu.RLock()
	d := c.docs[key]
	c.mu.RUnlock()
	if d != nil {
		return d, nil
	}
	d, err := decode()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.docs) >= compiledDocuments {
		clear(c.docs)
	}
	c.docs[key] = d
	return d, nil
}

// attach is a document under its name; nil for no text. One that cannot be decoded has no statements, so that it allows
// nothing: it was refused wherever it could have come in, unless the decoder has become stricter since.
func (w *World) attach(name, source string, text json.RawMessage) *policy.Attached {
	if len(text) == 0 {
		return nil
	}
	d, err := w.Compile(text)
	if err != nil {
		d = &policy.Document{Text: string(text)}
	}
	return &policy.Attached{Name: name, Source: source, Document: d}
}
