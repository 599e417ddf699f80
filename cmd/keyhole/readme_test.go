package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// The README shows `keyhole simulate` in other people's tests. Both examples are run: the Python one as it stands there,
// the Go one as the lines below, which must stand there.

func TestReadmeExampleInPython(t *testing.T) {
	need(t, "clients", missingPython("boto3"))
	dir := exampleFolder(t)
	code := readmeBlock(t, "python")
	if err := os.WriteFile(filepath.Join(dir, "test_example.py"), []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("python3", "-B", "-W", "error::ResourceWarning", "-m", "unittest", "test_example")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestReadmeExampleInGo(t *testing.T) {
	t.Chdir(exampleFolder(t))
	t.Setenv("PATH", "."+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("GODEBUG", "execerrdot=0") // the binary of this test stands in the folder, not on the PATH
	ctx := context.Background()
	reader := func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "AKIAEXAMPLEREADER001", SecretAccessKey: "reader-secret-key-of-the-example-0001"}, nil
	}

	server := exec.Command("keyhole", "simulate", "--world", "world.json", "--http", "127.0.0.1:0", "--tls", "127.0.0.1:0")
	out, _ := server.StdoutPipe()
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer server.Process.Kill()
	var ready struct{ HTTP string }
	json.NewDecoder(out).Decode(&ready)
	client := s3.New(s3.Options{BaseEndpoint: &ready.HTTP, UsePathStyle: true, Region: "us-east-1", Credentials: aws.CredentialsProviderFunc(reader)})
	_, err := client.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("reports"), Key: aws.String("q3.csv"), Body: strings.NewReader("1,2")})

	if err == nil || !strings.Contains(err.Error(), "not authorized to perform: s3:PutObject") {
		t.Errorf("the answer is %v", err)
	}
}

func TestReadmeExampleInGoIsTheOneThatRuns(t *testing.T) {
	source, err := os.ReadFile("readme_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(readmeBlock(t, "go")), "\n") {
		if !strings.Contains(string(source), "\t"+line+"\n") {
			t.Errorf("the README has a line that is not run: %s", line)
		}
	}
}

// exampleFolder has the world of the example and a binary called keyhole.
func exampleFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "keyhole"), ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	world, err := os.ReadFile(filepath.Join("..", "..", "docs", "examples", "world.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "world.json"), world, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// readmeBlock is the first block of a language in the README's section about other people's tests.
func readmeBlock(t *testing.T, language string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindSubmatch(text)
	if m == nil {
		t.Fatalf("no block of %s in the README", language)
	}
	return string(m[1])
}
