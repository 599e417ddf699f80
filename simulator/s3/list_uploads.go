package s3

import (
	"strconv"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

type partEntry struct {
	PartNumber   int    `xml:"PartNumber"`
	LastModified string `xml:"LastModified"`
	ETag         string `xml:"ETag"`
	Size         int64  `xml:"Size"`
	checksums
}

type partList struct {
	Bucket               string      `xml:"Bucket"`
	Key                  string      `xml:"Key"`
	UploadID             string      `xml:"UploadId"`
	PartNumberMarker     int         `xml:"PartNumberMarker"`
	NextPartNumberMarker int         `xml:"NextPartNumberMarker"`
	MaxParts             int         `xml:"MaxParts"`
	IsTruncated          bool        `xml:"IsTruncated"`
	Parts                []partEntry `xml:"Part"`
	Initiator            initiator   `xml:"Initiator"`
	Owner                owner       `xml:"Owner"`
	StorageClass         string      `xml:"StorageClass"`
	ChecksumAlgorithm    string      `xml:"ChecksumAlgorithm,omitempty"`
	ChecksumType         string      `xml:"ChecksumType,omitempty"`
}

// initiator still has a DisplayName, unlike every Owner (s3-wire 1.1).
type initiator struct {
	ID          string `xml:"ID"`
	DisplayName string `xml:"DisplayName"`
}

func initiatorOf(u *world.Upload) initiator {
	return initiator{ID: u.Initiator, DisplayName: u.Initiator[strings.LastIndexAny(u.Initiator, "/:")+1:]}
}

func listParts(x *exchange.Exchange) *exchange.Fault {
	u, fault := upload(x)
	if fault != nil {
		return fault
	}
	if fault := x.OpenUpload(u); fault != nil {
		return fault
	}
	most, fault := maxOf(x, "max-parts", maxKeys)
	if fault != nil {
		return fault
	}
	marker := 0
	if sent := x.Query.Get("part-number-marker"); sent != "" {
		n, err := strconv.Atoi(sent)
		if err != nil || n < 0 {
			return exchange.Invalid("Provided part-number-marker not an integer or within integer range", "part-number-marker", sent).Told("That is not a number.")
		}
		marker = n
	}
	list := partList{Bucket: x.Bucket, Key: x.Key, UploadID: u.ID, PartNumberMarker: marker, MaxParts: most,
		Initiator: initiatorOf(u), Owner: ownerOf(x, u.Template.Owner), StorageClass: u.Template.StorageClass,
		ChecksumAlgorithm: u.ChecksumAlgorithm, ChecksumType: u.ChecksumType}
	for _, p := range u.PartList() {
		if p.Number <= marker {
			continue
		}
		if len(list.Parts) == most {
			list.IsTruncated = most > 0
			break
		}
		e := partEntry{PartNumber: p.Number, LastModified: wire.ISO(p.Modified), ETag: quoted(p.ETag), Size: p.Size}
		if u.ChecksumAlgorithm != "" {
			e.checksums = sums(p.Checksum)
		}
		list.Parts, list.NextPartNumberMarker = append(list.Parts, e), p.Number
	}
	x.Document("ListPartsResult", list)
	return nil
}

type uploadEntry struct {
	Key               string    `xml:"Key"`
	UploadID          string    `xml:"UploadId"`
	Initiator         initiator `xml:"Initiator"`
	Owner             owner     `xml:"Owner"`
	StorageClass      string    `xml:"StorageClass"`
	Initiated         string    `xml:"Initiated"`
	ChecksumAlgorithm string    `xml:"ChecksumAlgorithm,omitempty"`
	ChecksumType      string    `xml:"ChecksumType,omitempty"`
}

type uploadList struct {
	Bucket             string         `xml:"Bucket"`
	KeyMarker          string         `xml:"KeyMarker"`
	UploadIDMarker     string         `xml:"UploadIdMarker"`
	NextKeyMarker      string         `xml:"NextKeyMarker"`
	NextUploadIDMarker string         `xml:"NextUploadIdMarker"`
	Prefix             string         `xml:"Prefix,omitempty"`
	Delimiter          string         `xml:"Delimiter,omitempty"`
	EncodingType       string         `xml:"EncodingType,omitempty"`
	MaxUploads         int            `xml:"MaxUploads"`
	IsTruncated        bool           `xml:"IsTruncated"`
	Uploads            []uploadEntry  `xml:"Upload"`
	CommonPrefixes     []commonPrefix `xml:"CommonPrefixes"`
}

func listMultipartUploads(x *exchange.Exchange) *exchange.Fault {
	q, fault := listQuery(x, "max-uploads", maxKeys)
	if fault != nil {
		return fault
	}
	key, id := x.Query.Get("key-marker"), x.Query.Get("upload-id-marker")
	if key == "" {
		id = "" // an upload id marks a place only under its key
	}
	all := x.At.UploadList()
	start, fault := startAfter(all, key, id)
	if fault != nil {
		return fault
	}
	list := uploadList{Bucket: x.Bucket, KeyMarker: q.encode(key), UploadIDMarker: id, Prefix: q.encode(q.prefix),
		Delimiter: q.encode(q.delimiter), EncodingType: q.encoding, MaxUploads: q.most}
	var groups []string
	for _, u := range all[start:] {
		if len(u.Key) < len(q.prefix) || u.Key[:len(q.prefix)] != q.prefix {
			continue
		}
		group := q.group(u.Key)
		if group != "" && (len(groups) > 0 && groups[len(groups)-1] == group || group <= key) {
			continue
		}
		if len(list.Uploads)+len(groups) == q.most {
			list.IsTruncated = q.most > 0
			break
		}
		if group != "" {
			groups = append(groups, group)
			list.NextKeyMarker, list.NextUploadIDMarker = q.encode(group), ""
			continue
		}
		list.Uploads = append(list.Uploads, uploadEntry{Key: q.encode(u.Key), UploadID: u.ID, Initiator: initiatorOf(u),
			Owner: ownerOf(x, u.Template.Owner), StorageClass: u.Template.StorageClass, Initiated: wire.ISO(u.Started),
			ChecksumAlgorithm: u.ChecksumAlgorithm, ChecksumType: u.ChecksumType})
		list.NextKeyMarker, list.NextUploadIDMarker = q.encode(u.Key), u.ID
	}
	list.CommonPrefixes = q.common(groups)
	x.Document("ListMultipartUploadsResult", list)
	return nil
}

// startAfter is the place after the markers in uploads sorted by key and start.
func startAfter(all []*world.Upload, key, id string) (int, *exchange.Fault) {
	if key == "" {
		return 0, nil
	}
	found := id == ""
	start := len(all)
	for i, u := range all {
		if u.Key == key && u.ID == id {
			return i + 1, nil
		}
		if u.Key > key {
			start = i
			break
		}
	}
	if !found {
		return 0, exchange.Invalid("Invalid uploadId marker", "upload-id-marker", id).Told("No upload of this key has this id.")
	}
	return start, nil
}
