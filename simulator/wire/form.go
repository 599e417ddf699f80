package wire

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"path"
	"strconv"
	"strings"
)

// Limits of a browser's form.
const (
	MaxPostPreDataLength = 20480 // bytes of fields before the file
	maxFormFields        = 1000
)

// Form is a browser's upload, multipart/form-data.
type Form struct {
	Names    []string          // of the fields before the file, in order, as they were spelt
	Fields   map[string]string // by lower-case name; a repeated one joined with commas; ${filename} filled in
	File     []byte
	FileType string // Content-Type of the file's part; S3 does not look at it
}

// Field is a field's value by its name in lower case.
func (f *Form) Field(name string) (string, bool) { value, sent := f.Fields[name]; return value, sent }

// ReadForm reads a form up to its file and ignores what follows it. A field may carry a filename: only the name "file"
// makes the file. limit is the largest file in bytes.
func ReadForm(r io.Reader, contentType string, limit int64) (*Form, *Refusal) {
	kind, parameters, err := mime.ParseMediaType(contentType)
	if kind != "multipart/form-data" {
		return nil, refuse(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold",
			"A POST to a bucket is a form upload.", [2]string{"Condition", "Bucket POST must be of the enclosure-type multipart/form-data"})
	}
	if boundary := parameters["boundary"]; err != nil || boundary == "" || len(boundary) > 70 || r == nil {
		return nil, malformedPost()
	}
	form := &Form{Fields: map[string]string{}}
	size := 0
	for parts := multipart.NewReader(r, parameters["boundary"]); ; {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil, noFile()
		}
		if err != nil {
			return nil, malformedPost()
		}
		name := part.FormName()
		if strings.EqualFold(name, "file") {
			return form, form.take(part, limit)
		}
		for header, values := range part.Header {
			size += len(header) + len(strings.Join(values, "")) + len(": \r\n")
		}
		value, err := io.ReadAll(io.LimitReader(part, MaxPostPreDataLength+1))
		if size += len(value); size > MaxPostPreDataLength || len(form.Names) == maxFormFields {
			return nil, refuse(400, "MaxPostPreDataLengthExceeded", "Your POST request fields preceeding the upload file was too large.", //nolint:misspell // as AWS writes it
				"The fields before the file are too large.", [2]string{"MaxPostPreDataLengthBytes", strconv.Itoa(MaxPostPreDataLength)})
		}
		if err != nil || name == "" {
			return nil, malformedPost()
		}
		form.add(name, string(value))
	}
}

func (f *Form) add(name, value string) {
	lower := strings.ToLower(name)
	f.Names = append(f.Names, name)
	if before, twice := f.Fields[lower]; twice {
		value = before + "," + value
	}
	f.Fields[lower] = value
}

// take reads the file and fills its name in where fields ask for it; without a filename ${filename} stays as it is.
func (f *Form) take(part *multipart.Part, limit int64) *Refusal {
	data, err := io.ReadAll(io.LimitReader(part, limit+1))
	if int64(len(data)) > limit {
		return tooLarge(int64(len(data)), limit)
	}
	if err != nil {
		return malformedPost()
	}
	f.File, f.FileType = data, part.Header.Get("Content-Type")
	_, parameters, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if given, named := parameters["filename"]; err == nil && named {
		if i := strings.LastIndexByte(given, '\\'); i >= 0 { // a browser that sent the whole path
			given = given[i+1:]
		}
		if given != "" {
			given = path.Base(given)
		}
		for name, value := range f.Fields {
			if name != "policy" {
				f.Fields[name] = strings.ReplaceAll(value, "${filename}", given)
			}
		}
	}
	return nil
}

func malformedPost() *Refusal {
	return refuse(400, "MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.", "The form cannot be read.")
}

func noFile() *Refusal {
	return refuse(400, "InvalidArgument", "POST requires exactly one file upload per request.", "The form has no file.",
		[2]string{"ArgumentName", "file"}, [2]string{"ArgumentValue", "0"})
}

// NeedKey refuses a form without the name of its object.
func (f *Form) NeedKey() *Refusal {
	if f.Fields["key"] == "" {
		return refuse(400, "InvalidArgument", "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
			"The form does not name its object.", [2]string{"ArgumentName", "key"}, [2]string{"ArgumentValue", ""})
	}
	return CheckKey(f.Fields["key"])
}
