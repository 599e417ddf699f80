package s3

import (
	"net/http"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// A setting is one document of a bucket: it is kept as we write it, and given back so.
type setting struct {
	name string // in world.Bucket.Config
	root string // element
	what string // for sentences: "lifecycle configuration"
	// none is the answer while there is no document; nil: an empty document.
	none func(*exchange.Exchange) *exchange.Fault
}

// get answers with the document.
func (s setting) get(x *exchange.Exchange) *exchange.Fault {
	text := x.At.Config[s.name]
	switch {
	case len(text) > 0:
		x.Answer.Body, x.Answer.XML = text, true
	case s.none != nil:
		return s.none(x)
	default:
		x.Document(s.root, struct{}{})
	}
	return nil
}

// keep stores a document that was judged.
func (s setting) keep(x *exchange.Exchange, doc any) *exchange.Fault {
	if err := x.World.Apply(world.ConfigSet(x.Bucket, s.name, wire.Encode(s.root, doc))); err != nil {
		return x.Failed(err)
	}
	x.Did("%s has a %s now", x.Bucket, s.what)
	return nil
}

// remove takes the document away; there need not be one.
func (s setting) remove(x *exchange.Exchange) *exchange.Fault {
	x.Answer.Status = http.StatusNoContent
	if x.At.Config[s.name] == nil {
		return nil
	}
	if err := x.World.Apply(world.ConfigSet(x.Bucket, s.name, nil)); err != nil {
		return x.Failed(err)
	}
	x.Did("%s has no %s any more", x.Bucket, s.what)
	return nil
}

// missing is a 404 that names the bucket.
func missing(code, message, say string) func(*exchange.Exchange) *exchange.Fault {
	return func(x *exchange.Exchange) *exchange.Fault {
		return exchange.Err(404, code, message).With("BucketName", x.Bucket).Told(say)
	}
}

// enabled judges the text of a switch that a document may leave out.
func enabled(status string) bool { return status == "Enabled" }

func switchWord(status, off string) bool { return status == "Enabled" || status == off }
