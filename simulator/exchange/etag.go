package exchange

import "keyhole/simulator/sse"

// ETag is that of an object or part of these bytes, without quotes. Where it is the MD5 of the request's own body, which is
// known already, nothing is hashed again.
func (x *Exchange) ETag(m sse.Method, plain []byte) string {
	if sum := x.body.MD5(plain); sum != "" && (m == sse.SSES3 || m == sse.None) {
		return sum
	}
	return sse.ETag(m, plain, x.World.Random)
}
