package labs

import (
	"context"

	"keyhole/simulator"
)

// Explain looks for what would change the answer of a request of this run; false when the request was let go or never was.
func (r *Run) Explain(ctx context.Context, number int) (e simulator.Explanation, ok bool, err error) {
	err = r.with(ctx, func(sb *sandbox) error {
		t, found := sb.doc.request(number)
		if ok = found; found {
			e = sb.sim.ExplainTrace(t)
		}
		return nil
	})
	return e, ok, err
}

// WhoCan asks for every principal of the sandbox what it may do with the lab's bucket; without rows when there is none.
func (r *Run) WhoCan(ctx context.Context) (t simulator.Table, err error) {
	err = r.with(ctx, func(sb *sandbox) error {
		t = sb.sim.WhoCan(sb.lab.Bucket, "", simulator.UsualActions)
		return nil
	})
	return t, err
}
