package world

import "time"

// Base says which clock a date was read from.
type Base string

const (
	BaseReal      Base = "real"      // clients of the listeners: their computer's clock
	BaseSimulated Base = "simulated" // in-process clients: the world's clock
)

// Skew is how far a signing date may lie outside the life of the world and still be a real one.
const Skew = 15 * time.Minute

// start sets the clock going: at the real moment now it shows simulated, or the real time when that is zero.
func (w *World) start(simulated time.Time) {
	now := utc(w.now())
	if simulated.IsZero() {
		simulated = now
	}
	w.points = []Point{{Real: now, Simulated: utc(simulated)}}
}

// Now is the simulated time. It never goes back behind the last jump, even when the real clock does.
func (w *World) Now() time.Time { return w.Simulated(w.RealNow()) }

// RealNow is the real time, but never before the last jump.
func (w *World) RealNow() time.Time {
	now, last := utc(w.now()), w.points[len(w.points)-1].Real
	if now.Before(last) {
		return last
	}
	return now
}

// Made is the real moment the world was made.
func (w *World) Made() time.Time { return w.points[0].Real }

// Points are the jumps as (real, simulated) pairs, the start first.
func (w *World) Points() []Point { return append([]Point(nil), w.points...) }

// Simulated is what the simulated clock showed, or will show without a further jump, at a real moment.
// Before the world was made it is taken to have run along with the real one.
func (w *World) Simulated(real time.Time) time.Time {
	p := w.points[0]
	for _, q := range w.points[1:] {
		if q.Real.After(real) {
			break
		}
		p = q
	}
	return utc(p.Simulated.Add(real.Sub(p.Real)))
}

// Real is the real moment at which the simulated clock showed, or will show without a further jump, the given time.
// For times that were jumped over it is the moment of the jump.
func (w *World) Real(simulated time.Time) time.Time {
	i := len(w.points) - 1
	for i > 0 && w.points[i].Simulated.After(simulated) {
		i--
	}
	p := w.points[i]
	real := p.Real.Add(simulated.Sub(p.Simulated))
	if i+1 < len(w.points) && real.After(w.points[i+1].Real) {
		real = w.points[i+1].Real
	}
	return utc(real)
}

// Jump moves the simulated clock forward by d, which is more than zero. The jump is an effect like any other.
func (w *World) Jump(d time.Duration) error {
	if d <= 0 {
		return invalid("the clock only jumps forward")
	}
	real := w.RealNow()
	return w.Apply(ClockJumped(Point{Real: real, Simulated: w.Simulated(real).Add(d)}))
}

// BaseOf tells real signing dates from simulated ones and returns the date in simulated time: a date between the
// making of the world less Skew and the real now plus Skew is real, any other is simulated already.
func (w *World) BaseOf(date time.Time) (Base, time.Time) {
	if date.Before(w.Made().Add(-Skew)) || date.After(w.RealNow().Add(Skew)) {
		return BaseSimulated, utc(date)
	}
	return BaseReal, w.Simulated(date)
}

// In answers a simulated moment in the given base.
func (w *World) In(base Base, simulated time.Time) time.Time {
	if base == BaseReal {
		return w.Real(simulated)
	}
	return utc(simulated)
}
