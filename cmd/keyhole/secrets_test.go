package main

import (
	"bytes"
	"context"
	"crypto/md5" //nolint:gosec // S3's own digest of a key
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keyhole/content"
	"keyhole/labs"
)

// After a session with several customer keys, in the console, in proofs and over the listeners, no trace, log, page,
// effect, snapshot, journal entry or error holds one of them in any form. The learner's own home folder does, and its
// copy in the run's document: that is the learner's data and stays out of this search.
func TestNoCustomerKeyIsKeptAnywhere(t *testing.T) {
	var log bytes.Buffer
	m := testMachine()
	m.stderr = &log
	c := testConfig(t.TempDir())
	c.quiet = false
	a := startAppWith(t, m, c)
	post(t, a.url()+"/labs/sse-c-by-hand/start", nil)
	run, err := a.runs.Open(context.Background(), soloLearner, "lg05")
	if err != nil {
		t.Fatal(err)
	}
	typed := "0123456789abcdefKEYHOLE-TYPED-KY" // 32 bytes that a learner types
	for _, line := range []string{
		`aws s3api put-bucket-encryption --bucket vault --server-side-encryption-configuration '{"Rules":[{"BlockedEncryptionTypes":{"EncryptionType":["NONE"]}}]}' --profile admin`,
		"aws s3api put-object --bucket vault --key a --body one.txt --sse-customer-algorithm AES256 --sse-customer-key fileb://k1.bin --profile app",
		"aws s3api put-object --bucket vault --key b --body one.txt --sse-customer-algorithm AES256 --sse-customer-key fileb://k2.bin --profile app",
		"aws s3api get-object --bucket vault --key a out --sse-customer-algorithm AES256 --sse-customer-key fileb://k2.bin --profile app",
		"aws s3api get-object --bucket vault --key a out --sse-customer-algorithm AES256 --sse-customer-key fileb://k1.bin --endpoint-url http://127.0.0.1:9000 --profile app",
		"aws s3api copy-object --bucket vault --key c --copy-source vault/a --copy-source-sse-customer-algorithm AES256 --copy-source-sse-customer-key fileb://k1.bin --sse-customer-algorithm AES256 --sse-customer-key fileb://k2.bin --profile app",
		"aws s3api create-multipart-upload --bucket vault --key d --sse-customer-algorithm AES256 --sse-customer-key fileb://k1.bin --profile app",
	} {
		post(t, a.url()+"/labs/sse-c-by-hand/run/exec", url.Values{"line": {line}})
	}
	keys := [][]byte{download(t, a.url()+"/labs/sse-c-by-hand/run/file?name=k1.bin"), download(t, a.url()+"/labs/sse-c-by-hand/run/file?name=k2.bin"), []byte(typed)}
	rawRequest(t, a, typed)

	places := map[string][]byte{"log": log.Bytes()}
	state, err := run.State(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	traces, err := json.Marshal(state.Requests)
	if err != nil {
		t.Fatal(err)
	}
	if len(state.Requests) < 8 {
		t.Fatalf("only %d requests were made", len(state.Requests))
	}
	places["traces"] = traces
	for _, tab := range []string{"why", "wire", "encryption"} {
		for n := 1; n <= len(state.Requests); n++ {
			address := fmt.Sprintf("/labs/sse-c-by-hand/run?request=%d&tab=%s", n, tab)
			_, body := get(t, a.url()+address)
			places[address] = []byte(body)
		}
	}
	for _, page := range []string{"/", "/progress", "/labs/sse-c-by-hand/run?pane=tools", "/notes/sse-c"} {
		_, body := get(t, a.url()+page)
		places[page] = []byte(body)
	}
	for table, data := range tables(t, c.data) {
		places["table "+table] = data
	}
	for where, data := range places {
		for i, key := range keys {
			for form, needle := range forms(key) {
				if bytes.Contains(data, needle) {
					t.Errorf("%s holds key %d as %s", where, i+1, form)
				}
			}
		}
	}
	// The search can find something: the MD5 of a key is meant to be shown.
	sum := md5.Sum(keys[0]) //nolint:gosec // as above
	if !bytes.Contains(traces, []byte(base64.StdEncoding.EncodeToString(sum[:]))) {
		t.Error("not even the MD5 of the key is in the traces: this test cannot fail")
	}
}

func forms(key []byte) map[string][]byte {
	encoded := base64.StdEncoding.EncodeToString(key)
	return map[string][]byte{
		"raw": key, "base64": []byte(encoded), "base64 without padding": []byte(strings.TrimRight(encoded, "=")),
		"hex": []byte(hex.EncodeToString(key)), "query": []byte(url.QueryEscape(encoded)), "path": []byte(url.PathEscape(encoded)),
		"base64 in HTML": []byte(strings.ReplaceAll(encoded, "+", "&#43;")),
	}
}

// tables reads every table but the runs' documents as it lies in the database.
func tables(t *testing.T, data string) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(data, "*.db"))
	if err != nil || len(files) != 1 {
		t.Fatalf("database files %v, %v", files, err)
	}
	db, err := sql.Open("sqlite", "file:"+files[0]+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	out := map[string][]byte{}
	for _, name := range []string{"journal", "sandbox_effects", "sandbox_snapshots", "sandbox_blobs", "settings", "learners"} {
		out[name] = table(t, db, name)
	}
	if len(out["sandbox_effects"])+len(out["sandbox_snapshots"]) == 0 || len(out["sandbox_blobs"]) == 0 {
		t.Fatal("the sandbox is not in the database: this test looks in the wrong place")
	}
	return out
}

func table(t *testing.T, db *sql.DB, name string) (all []byte) {
	t.Helper()
	rows, err := db.Query("SELECT * FROM " + name) //nolint:gosec // names of our own
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = new(sql.RawBytes)
		}
		if err := rows.Scan(cells...); err != nil {
			t.Fatal(err)
		}
		for _, cell := range cells {
			all = append(all, *cell.(*sql.RawBytes)...)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// rawRequest sends a typed key over both listeners with a signature that is wrong, so that the answer quotes the request.
func rawRequest(t *testing.T, a *app, typed string) {
	t.Helper()
	library, err := content.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := a.store.RunIDs(context.Background())
	if err != nil || len(rows) != 1 {
		t.Fatalf("runs %v, %v", rows, err)
	}
	s, err := labs.RoleSession(context.Background(), a.store, library.Labs, soloLearner, rows[0][0], "app", time.Hour, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	date := time.Now().UTC().Format("20060102T150405Z")
	r, err := http.NewRequest("PUT", "http://"+a.services[1].addr()+"/vault/typed", strings.NewReader("body"))
	if err != nil {
		t.Fatal(err)
	}
	sum := md5.Sum([]byte(typed)) //nolint:gosec // S3's own digest of a key
	const signed = "host;x-amz-content-sha256;x-amz-date;x-amz-security-token;x-amz-server-side-encryption-customer-algorithm;x-amz-server-side-encryption-customer-key;x-amz-server-side-encryption-customer-key-md5"
	for name, value := range map[string]string{
		"X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD", "X-Amz-Date": date, "X-Amz-Security-Token": s.Token,
		"X-Amz-Server-Side-Encryption-Customer-Algorithm": "AES256",
		"X-Amz-Server-Side-Encryption-Customer-Key":       base64.StdEncoding.EncodeToString([]byte(typed)),
		"X-Amz-Server-Side-Encryption-Customer-Key-Md5":   base64.StdEncoding.EncodeToString(sum[:]),
		"Authorization": "AWS4-HMAC-SHA256 Credential=" + s.AccessKey + "/" + date[:8] + "/us-east-1/s3/aws4_request, SignedHeaders=" + signed + ", Signature=" + strings.Repeat("0", 64),
	} {
		r.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(body, []byte("SignatureDoesNotMatch")) || !bytes.Contains(body, []byte("CanonicalRequest")) {
		t.Fatalf("the answer does not quote the request: %s", body)
	}
	for form, needle := range forms([]byte(typed)) {
		if bytes.Contains(body, needle) {
			t.Errorf("the SignatureDoesNotMatch answer holds the key as %s", form)
		}
	}
	if bytes.Contains(body, []byte(s.Token)) || bytes.Contains(body, []byte(s.Secret)) {
		t.Error("the SignatureDoesNotMatch answer holds the session's token or secret")
	}
}
