"""Writes testdata/cli.json: what the real aws CLI of this machine prints for command lines against canned answers.
Run in labs/shell: python3 testdata/record.py"""
import json, os, shlex, subprocess, tempfile, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
X = '<?xml version="1.0" encoding="UTF-8"?>\n'
ERR = X + "<Error><Code>%s</Code><Message>%s</Message><RequestId>R</RequestId><HostId>H</HostId></Error>"
LIST = (X + f'<ListBucketResult {NS}><Name>two</Name><Prefix></Prefix><KeyCount>3</KeyCount><MaxKeys>1000</MaxKeys><Delimiter>%s</Delimiter><EncodingType>url</EncodingType>'
        '<IsTruncated>false</IsTruncated><Contents><Key>a+b%%20c.txt</Key><LastModified>2026-06-01T00:00:00.000Z</LastModified><ETag>&quot;e1&quot;</ETag><Size>3</Size><StorageClass>STANDARD</StorageClass></Contents>'
        '<Contents><Key>b.txt</Key><LastModified>2026-06-02T10:20:30.000Z</LastModified><ETag>&quot;e2&quot;</ETag><Size>12345</Size><StorageClass>STANDARD</StorageClass></Contents>'
        '<CommonPrefixes><Prefix>logs/</Prefix></CommonPrefixes></ListBucketResult>')
ETAG = {"ETag": '"764efa883dda1e11db47671c4a3bbd9e"'}
# Method and path to status, headers, body. The query is looked up by its first word where several share a path.
ANSWERS = {
    "GET /": [200, {}, X + f'<ListAllMyBucketsResult {NS}><Owner><ID>abc</ID></Owner><Buckets><Bucket><Name>one</Name><CreationDate>2026-06-01T00:00:00.000Z</CreationDate></Bucket><Bucket><Name>two</Name><CreationDate>2026-06-02T00:00:00.000Z</CreationDate></Bucket></Buckets></ListAllMyBucketsResult>'],
    "GET /two list-type": [200, {}, LIST % "%2F"],
    "GET /empty list-type": [200, {}, X + f'<ListBucketResult {NS}><Name>empty</Name><Prefix></Prefix><KeyCount>0</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated></ListBucketResult>'],
    "GET /gone list-type": [404, {}, ERR % ("NoSuchBucket", "The specified bucket does not exist")],
    "GET /two encryption": [200, {}, X + f'<ServerSideEncryptionConfiguration {NS}><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled><BlockedEncryptionTypes><EncryptionType>SSE-C</EncryptionType></BlockedEncryptionTypes></Rule></ServerSideEncryptionConfiguration>'],
    "GET /two versioning": [200, {}, X + f'<VersioningConfiguration {NS}/>'],
    "GET /two location": [200, {}, X + f'<LocationConstraint {NS}/>'],
    "GET /two tagging": [200, {}, X + f'<Tagging {NS}><TagSet><Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>b</Key><Value>2</Value></Tag></TagSet></Tagging>'],
    "PUT /two encryption": [200, {}, ""],
    "PUT /two tagging": [204, {}, ""],
    "PUT /new": [200, {"Location": "/new"}, ""],
    "PUT /taken": [409, {}, ERR % ("BucketAlreadyExists", "The requested bucket name is not available.")],
    "DELETE /two": [409, {}, ERR % ("BucketNotEmpty", "The bucket you tried to delete is not empty")],
    "DELETE /new": [204, {}, ""],
    "PUT /two/a.txt": [200, ETAG | {"x-amz-server-side-encryption": "AES256", "x-amz-version-id": "v1"}, ""],
    "PUT /two/no.txt": [403, {}, ERR % ("AccessDenied", "Access Denied")],
    "GET /two/a.txt": [200, ETAG | {"Last-Modified": "Mon, 01 Jun 2026 00:00:00 GMT", "Content-Type": "text/plain", "x-amz-meta-who": "me"}, "hi\n"],
    "HEAD /two/a.txt": [200, ETAG | {"Last-Modified": "Mon, 01 Jun 2026 00:00:00 GMT", "Content-Type": "text/plain", "Content-Length": "3", "Accept-Ranges": "bytes", "x-amz-meta-who": "me"}, ""],
    "HEAD /two/none": [404, {}, ""], "HEAD /two/denied": [403, {}, ""], "HEAD /two/bad": [400, {}, ""],
    "GET /two/none": [404, {}, ERR % ("NoSuchKey", "The specified key does not exist.")],
    "DELETE /two/a.txt": [204, {"x-amz-delete-marker": "true", "x-amz-version-id": "m1"}, ""],
    "DELETE /two/no.txt": [403, {}, ERR % ("AccessDenied", "Access Denied")],
}
LINES = """
aws s3api list-buckets
aws s3api list-buckets --output text
aws s3api list-buckets --output table
aws s3api list-buckets --query Buckets[].Name
aws s3api list-buckets --query 'Buckets[].{n:Name,d:CreationDate}' --output table
aws s3api list-buckets --query 'Buckets[0].Name' --output text
aws s3api list-buckets --query 'length(Buckets)'
aws s3api list-buckets --query Nothing
aws s3api list-buckets --query Nothing --output text
aws s3api list-objects-v2 --bucket two
aws s3api list-objects-v2 --bucket two --output text
aws s3api list-objects-v2 --bucket two --output table
aws s3api list-objects-v2 --bucket two --query 'Contents[].[Key,Size]' --output text
aws s3api list-objects-v2 --bucket two --query 'Contents[].[Key,Size]' --output table
aws s3api list-objects-v2 --bucket two --max-items 1
aws s3api list-objects-v2 --bucket two --no-paginate
aws s3api list-objects-v2 --bucket empty
aws s3api list-objects-v2 --bucket empty --output text
aws s3api list-objects-v2 --bucket gone
aws s3api get-bucket-encryption --bucket two
aws s3api get-bucket-encryption --bucket two --output text
aws s3api get-bucket-encryption --bucket two --output table
aws s3api get-bucket-versioning --bucket two
aws s3api get-bucket-location --bucket two
aws s3api get-bucket-tagging --bucket two --output text
aws s3api put-bucket-tagging --bucket two --tagging 'TagSet=[{Key=a,Value=1},{Key=b,Value=2}]'
aws s3api put-bucket-tagging --bucket two --tagging '{"TagSet":[{"Key":"a"}]}'
aws s3api put-bucket-tagging --bucket two --tagging '{"TagSet":[{"Key":1,"Value":"x"}]}'
aws s3api put-bucket-tagging --bucket two --tagging 'TagSet=[{Key=a,Value=1'
aws s3api put-bucket-encryption --bucket two --server-side-encryption-configuration 'Rules=[{Foo=1}]'
aws s3api put-bucket-encryption --bucket two --server-side-encryption-configuration '{"Rules":'
aws s3api put-bucket-encryption --bucket two --server-side-encryption-configuration '{Rules:[]}'
aws s3api put-bucket-encryption --bucket two --server-side-encryption-configuration '{"Rules":[]} x'
aws s3api put-bucket-encryption --bucket two --server-side-encryption-configuration file://nope.json
aws s3api put-object --bucket two --key a.txt --body a.txt
aws s3api put-object --bucket two --key a.txt --body a.txt --output text
aws s3api put-object --bucket two --key a.txt --metadata who=me,why=no
aws s3api put-object --bucket two --key no.txt --body a.txt
aws s3api put-object --bucket two --key a.txt --body nofile
aws s3api put-object --bucket two --key a.txt --sse-customer-key fileb://nofile
aws s3api put-object --bucket two
aws s3api put-object
aws s3api put-object --bucket two --key a.txt --foo bar baz
aws s3api put-object --bucket two --key a.txt --body
aws s3api put-object --bucket two --key a.txt --sse-customer-key fileb://a.txt --sse-customer-algorithm AES256
aws s3api put-objct
aws s3api get-object --bucket two --key a.txt got.txt
aws s3api get-object --bucket two --key none got.txt
aws s3api get-object --bucket two --key a.txt
aws s3api get-object
aws s3api head-object --bucket two --key a.txt
aws s3api head-object --bucket two --key none
aws s3api head-object --bucket two --key denied
aws s3api head-object --bucket two --key bad
aws s3api head-object --bucket two --key ''
aws s3api head-object --bucket a/b --key x
aws s3api delete-object --bucket two --key a.txt
aws s3api delete-object --buck two --key no.txt
aws s3api list-objects-v2 --bucket two --max-keys abc
aws s3api create-bucket --bucket new
aws s3api create-bucket --bucket taken
aws s3api delete-bucket --bucket two
aws s3api list-buckets --query 'Foo['
aws s3api list-buckets --output xml
aws s3api list-buckets --profile nobody
aws s4
aws
aws s3 ls
aws s3 ls s3://two
aws s3 ls two
aws s3 ls s3://two --recursive --summarize --human-readable
aws s3 ls s3://empty
aws s3 ls s3://empty/x
aws s3 ls s3://gone
aws s3 mb s3://new
aws s3 mb s3://taken
aws s3 mb new
aws s3 rb s3://new
aws s3 rb s3://two
aws s3 cp a.txt s3://two/ --no-progress
aws s3 cp a.txt s3://two/no.txt --no-progress
aws s3 cp s3://two/a.txt . --no-progress
aws s3 cp s3://two/a.txt sub/ --no-progress
aws s3 cp s3://two/none . --no-progress
aws s3 cp s3://two/denied . --no-progress
aws s3 cp nofile s3://two/
aws s3 cp a.txt b.txt
aws s3 cp a.txt s3://two/ --dryrun
aws s3 cp a.txt s3://two/ --sse foo
aws s3 cp a.txt s3://two/ --sse-c
aws s3 cp a.txt s3://two/ --sse-c-key fileb://a.txt
aws s3 cp a.txt s3://two/ --foo
aws s3 mv s3://two/a.txt moved.txt --no-progress
aws s3 rm s3://two/a.txt
aws s3 rm s3://two/no.txt
aws s3 rm a.txt
aws s3 rm
aws s3 rm s3://gone --recursive
aws s3 xx
aws s3api put-object-tagging --bucket two --key a.txt
aws s3api delete-objects --bucket two --delete 'Objects=[{Key=a},{Key=b}],Quiet=tru'
""".strip().splitlines()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        n = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(n)
        path, _, query = self.path.partition("?")
        key = f"{self.command} {path}"
        word = query.split("=")[0].split("&")[0]
        a = ANSWERS.get(key + " " + word) or ANSWERS.get(key) or [501, {}, ERR % ("NotImplemented", "no canned answer")]
        status, headers, body = a
        data = body.encode()
        self.send_response(status)
        for k, v in headers.items():
            self.send_header(k, v)
        if "Content-Length" not in headers and status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = answer

    def log_message(self, *a):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
endpoint = f"http://127.0.0.1:{server.server_port}"
out = []
for line in LINES:
    with tempfile.TemporaryDirectory() as home:
        open(home + "/a.txt", "w").write("hi\n")
        env = {"PATH": os.environ["PATH"], "HOME": home, "AWS_ACCESS_KEY_ID": "AKIAEXAMPLEEXAMPLE00", "AWS_SECRET_ACCESS_KEY": "secret",
               "AWS_DEFAULT_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "1", "AWS_ENDPOINT_URL": endpoint, "TZ": "UTC", "AWS_EC2_METADATA_DISABLED": "true"}
        if os.environ.get("PYENV_ROOT"): env["PYENV_ROOT"] = os.environ["PYENV_ROOT"]
        env["PYENV_ROOT"] = env.get("PYENV_ROOT", "/root/.pyenv")
        r = subprocess.run(shlex.split(line), cwd=home, env=env, capture_output=True, text=True)
        err = r.stderr.replace(endpoint, "ENDPOINT")
        if "aws: error: " in err:  # after the usage, which is not compared
            err = "aws: error: " + err.split("aws: error: ", 1)[1]
        elif "Unknown options" in err:
            err = err[err.index("Unknown options"):]
        out.append({"line": line, "code": r.returncode, "stdout": r.stdout.replace(endpoint, "ENDPOINT"), "stderr": err})
json.dump({"answers": ANSWERS, "runs": out}, open("testdata/cli.json", "w"), indent=1)
