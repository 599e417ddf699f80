package world

import "slices"

// adoptThings takes over what exists beside accounts and buckets, after the checks that Apply made when it came.
func (w *World) adoptThings(d document) error {
	var list []Effect
	for _, k := range d.KMSKeys {
		list = append(list, KMSKeyPut(k))
	}
	for _, a := range d.Aliases {
		list = append(list, KMSAliasPut(a))
	}
	for _, p := range d.AccessPoints {
		list = append(list, AccessPointPut(p))
	}
	for _, t := range d.Trails {
		list = append(list, TrailPut(t))
	}
	if !slices.IsSortedFunc(d.Jobs, func(a, b Job) int {
		if before(&b, &a) {
			return 1
		}
		return -1
	}) {
		return invalid("jobs out of order")
	}
	for _, j := range d.Jobs {
		list = append(list, JobAdded(j))
	}
	for _, v := range d.Events {
		list = append(list, EventWritten(v))
	}
	for _, e := range list {
		if err := w.check(e); err != nil {
			return err
		}
		if twice := w.hasThing(e); twice {
			return invalid("a %s that is there twice", e.Kind)
		}
		w.changeThings(e.copiedThings())
	}
	return nil
}

// hasThing says whether an effect would replace something.
func (w *World) hasThing(e Effect) (there bool) {
	switch e.Kind {
	case KindKMSKeyPut:
		_, there = w.KMSKey(e.KMSKey.ARN)
	case KindKMSAliasPut:
		_, there = w.KMSAlias(e.KMSAlias.Account, e.KMSAlias.Region, e.KMSAlias.Name)
	case KindAccessPointPut:
		_, there = w.AccessPoint(e.AccessPoint.Account, e.AccessPoint.Name)
	case KindTrailPut:
		_, there = find(w.trails, func(t *Trail) bool { return t.Account == e.Trail.Account && t.Name == e.Trail.Name })
	}
	return there
}
