package progress

import "math"

// z80 is the normal quantile that leaves a tenth on each side: an 80 % interval.
const z80 = 1.2815515655446004

// Enough is how many first answers an objective needs before its share says anything.
const Enough = 3

// Share is how often something went right, with the range in which the true share lies four times out of five.
type Share struct {
	Right, Of int
	Known     bool    // false below Enough: show "unknown", not a number
	Low, High float64 // Wilson 80 % interval, 0 to 1; 0 and 1 when nothing was answered
}

// ShareOf computes the share and its Wilson interval, which stays inside 0 to 1 and is honest for few answers.
func ShareOf(right, of int) Share {
	s := Share{Right: right, Of: of, Known: of >= Enough, High: 1}
	if of == 0 {
		return s
	}
	n := float64(of)
	p := float64(right) / n
	scale := 1 + z80*z80/n
	middle := (p + z80*z80/(2*n)) / scale
	half := z80 / scale * math.Sqrt(p*(1-p)/n+z80*z80/(4*n*n))
	s.Low, s.High = math.Max(0, middle-half), math.Min(1, middle+half)
	return s
}

// Value is the plain share, 0 when nothing was answered.
func (s Share) Value() float64 {
	if s.Of == 0 {
		return 0
	}
	return float64(s.Right) / float64(s.Of)
}
