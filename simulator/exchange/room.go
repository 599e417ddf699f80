package exchange

// LendFrom is the least size, in bytes, for which room is borrowed: below it new room costs less than the borrowing.
const LendFrom = 32 << 10

// Lend sets where room for the bytes of an answer is borrowed. What is borrowed goes back when the answer is written, so only
// an operation whose plaintext goes to the client and nowhere else may borrow.
func (x *Exchange) Lend(lend func(n int) []byte) { x.lend = lend }

// room is borrowed room of n bytes; nil where new room is to be made.
func (x *Exchange) room(n int) []byte {
	if x.lend == nil || n < LendFrom || x.Op == nil || x.Op.Name != "GetObject" {
		return nil
	}
	return x.lend(n)
}
