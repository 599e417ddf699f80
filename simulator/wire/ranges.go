package wire

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Range is an inclusive span of bytes.
type Range struct{ First, Last int64 }

// Length is the number of bytes in it.
func (r Range) Length() int64 { return r.Last - r.First + 1 }

// ContentRange is the header's value: "bytes 0-8/10".
func (r Range) ContentRange(size int64) string {
	return fmt.Sprintf("bytes %d-%d/%d", r.First, r.Last, size)
}

// ParseRange reads a Range header against an object of size bytes. partial is false when the whole object is the
// answer: no header, several ranges, or a syntax S3 ignores. A range that starts past the end is InvalidRange.
//
//	"bytes=" first "-" [ last ]  |  "bytes=" "-" suffix
func ParseRange(header string, size int64) (r Range, partial bool, refusal *Refusal) {
	whole := Range{0, size - 1}
	spec, ok := strings.CutPrefix(header, "bytes=")
	if !ok {
		return whole, false, nil
	}
	before, after, ok := strings.Cut(spec, "-")
	if !ok || !digitsOrNothing(before) || !digitsOrNothing(after) || before == "" && after == "" {
		return whole, false, nil
	}
	unsatisfiable := refuse(416, "InvalidRange", "The requested range is not satisfiable", "The object does not reach that far.",
		[2]string{"RangeRequested", header}, [2]string{"ActualObjectSize", strconv.FormatInt(size, 10)})
	if before == "" {
		suffix := offset(after)
		if suffix == 0 || size == 0 {
			return Range{}, false, unsatisfiable
		}
		return Range{max(0, size-suffix), size - 1}, true, nil
	}
	first, last := offset(before), int64(math.MaxInt64)
	if after != "" {
		last = offset(after)
	}
	switch {
	case last < first:
		return whole, false, nil
	case first >= size:
		return Range{}, false, unsatisfiable
	}
	return Range{first, min(last, size-1)}, true, nil
}

func digitsOrNothing(s string) bool { return strings.Trim(s, "0123456789") == "" }

// offset reads digits; what does not fit is as far as one can point.
func offset(digits string) int64 {
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return math.MaxInt64
	}
	return n
}

// ParseCopyRange reads x-amz-copy-source-range against a source of size bytes: only "bytes=first-last", inside it.
// (The text for a range beyond the source is from memory.)
func ParseCopyRange(header string, size int64) (Range, *Refusal) {
	const name = "x-amz-copy-source-range"
	spec, ok := strings.CutPrefix(header, "bytes=")
	before, after, cut := strings.Cut(spec, "-")
	if !ok || !cut || before == "" || after == "" || !digitsOrNothing(before) || !digitsOrNothing(after) || offset(after) < offset(before) {
		return Range{}, badArgument(name, header,
			"The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
			"A range to copy reads bytes=first-last.")
	}
	r := Range{offset(before), offset(after)}
	if r.Last >= size {
		return Range{}, badArgument(name, header,
			fmt.Sprintf("Range specified is not valid for source object of size: %d", size),
			"The source does not reach that far.")
	}
	return r, nil
}

// ParsePartNumber reads a partNumber: 1 to 10000.
func ParsePartNumber(s string) (int, *Refusal) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > MaxParts {
		return 0, badArgument("partNumber", s, "Part number must be an integer between 1 and 10000, inclusive",
			"Parts are numbered 1 to 10,000.")
	}
	return n, nil
}
