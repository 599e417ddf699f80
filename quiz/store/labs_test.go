package store

import "keyhole/labs"

// labs and the store do not know one another; cmd joins them.
var _ labs.Store = (*Store)(nil)
