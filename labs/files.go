package labs

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // S3 identifies customer keys by MD5
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
)

// given is a file of the lab as this run got it at the start, whatever the learner made of it since.
func given(seed []byte, f File) []byte {
	if f.Random == 0 {
		return []byte(f.Text)
	}
	var out []byte
	for i := uint32(0); len(out) < f.Random; i++ {
		mac := hmac.New(sha256.New, seed)
		mac.Write([]byte("home file\x00" + f.Name + "\x00"))
		mac.Write(binary.BigEndian.AppendUint32(nil, i))
		out = mac.Sum(out)
	}
	return out[:f.Random]
}

// givenFile is the file of that name as the run got it.
func (l *Lab) givenFile(seed []byte, name string) ([]byte, bool) {
	for _, f := range l.Files {
		if f.Name == name {
			return given(seed, f), true
		}
	}
	return nil, false
}

// keyMD5 is how S3 names a customer key.
func keyMD5(key []byte) string {
	sum := md5.Sum(key) //nolint:gosec // S3's own choice
	return base64.StdEncoding.EncodeToString(sum[:])
}
