package s3

import (
	"net/http"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

func getObjectTagging(x *exchange.Exchange) *exchange.Fault {
	v, fault := tagged(x)
	if fault != nil {
		if fault.Code == "NoSuchKey" { // recorded: only this operation names the bucket too
			fault.Extra = []exchange.Element{{Name: "Key", Value: x.Bucket + "/" + x.Key}}
		}
		return fault
	}
	versionHeader(x, v)
	tagDocument(x, v.Tags)
	return nil
}

func putObjectTagging(x *exchange.Exchange) *exchange.Fault {
	v, fault := tagged(x)
	if fault != nil {
		return fault
	}
	tags, fault := readTagging(x, objectTagRules)
	if fault != nil {
		return fault
	}
	if fault := setTags(x, v, tags); fault != nil {
		return fault
	}
	x.Did("version %s of %s now has %d tags", v.ID, v.Key, len(tags))
	return nil
}

func deleteObjectTagging(x *exchange.Exchange) *exchange.Fault {
	v, fault := tagged(x)
	if fault != nil {
		return fault
	}
	if fault := setTags(x, v, nil); fault != nil {
		return fault
	}
	x.Did("version %s of %s has no tags any more", v.ID, v.Key)
	x.Answer.Status = http.StatusNoContent
	return nil
}

func setTags(x *exchange.Exchange, v *world.Version, tags map[string]string) *exchange.Fault {
	versionHeader(x, v)
	if err := x.World.Apply(world.VersionSet(x.Bucket, v.Key, v.ID, world.VersionChange{Tags: &tags})); err != nil {
		return x.Failed(err)
	}
	return changedLater(x, v)
}

// tagged is the version whose tags the request is about. Unlike a read, these operations are refused with 405 also where a
// delete marker is only the current version. (recorded)
func tagged(x *exchange.Exchange) (*world.Version, *exchange.Fault) {
	v, fault := find(x)
	if now, ok := x.At.Current(x.Key); ok && now.DeleteMarker && !x.Asked("versionId") {
		return nil, noneOnMarker(x, now)
	}
	if fault != nil {
		return nil, hidden(x, fault, x.Bucket)
	}
	return v, nil
}
