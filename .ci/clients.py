"""Drives `keyhole simulate` with the real aws CLI and boto3 over plain HTTP, TLS and two VPC endpoints.

The story of SSE-C in 2026: refused on a new bucket, unblocked, stored, read with the right key, refused with the wrong
one (403), without one (400) and over HTTP (400). Then the stories of the files clients_*. Each row says what
was asked, what came back and what was wanted.
"""
import json
import os
import subprocess
import sys
import tempfile

import clients_control
import clients_iam
import clients_kit as kit
import clients_kms
import clients_lock
import clients_policy
import clients_s3
from clients_kit import CLI, PAULA, WORLD, ask, row, sdk

EVERYTHING = {"Everything": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}
UNBLOCK = json.dumps({"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
                                 "BlockedEncryptionTypes": {"EncryptionType": ["NONE"]}}]})

def with_cli(name, plain, secure, ca, home, bucket):
    aws = CLI(plain if name == "cli/http" else secure, ca, home)
    tls = CLI(secure, ca, home)
    http = CLI(plain, ca, home)
    sse = ("--sse-customer-algorithm", "AES256", "--sse-customer-key")
    put = ("s3api", "put-object", "--bucket", bucket, "--key", "secret.txt", "--body", "body.txt")
    get = ("s3api", "get-object", "--bucket", bucket, "--key", "secret.txt", "out.txt")
    row(name, "create-bucket", aws("s3api", "create-bucket", "--bucket", bucket), "ok")
    row(name, "put-object plain.txt", aws("s3api", "put-object", "--bucket", bucket, "--key", "plain.txt", "--body", "body.txt"), "ok")
    row(name, "get-object plain.txt", aws("s3api", "get-object", "--bucket", bucket, "--key", "plain.txt", "out.txt"), "ok")
    row(name, "  the same bytes", open(os.path.join(home, "out.txt")).read(), "the ledger\n")
    row(name, "s3 cp and s3 ls", aws("s3", "cp", "body.txt", f"s3://{bucket}/copied.txt", "--no-progress") + " " + aws("s3", "ls", f"s3://{bucket}"), "ok ok")
    row(name, "SSE-C put on a new bucket", tls(*put, *sse, "fileb://k1.bin"), "AccessDenied")
    row(name, "unblock SSE-C", aws("s3api", "put-bucket-encryption", "--bucket", bucket, "--server-side-encryption-configuration", UNBLOCK), "ok")
    row(name, "SSE-C put over TLS", tls(*put, *sse, "fileb://k1.bin"), "ok")
    row(name, "SSE-C get with the right key", tls(*get, *sse, "fileb://k1.bin"), "ok")
    row(name, "SSE-C get with another key", tls(*get, *sse, "fileb://k2.bin"), "AccessDenied")
    row(name, "SSE-C get without a key", tls(*get), "InvalidRequest")
    row(name, "SSE-C get over plain HTTP", http(*get, *sse, "fileb://k1.bin"), "InvalidRequest")
    row(name, "SSE-C put over plain HTTP", http(*put, *sse, "fileb://k1.bin"), "InvalidRequest")
    row(name, "an unimplemented operation by name", aws("s3api", "get-object-torrent", "--bucket", bucket, "--key", "plain.txt", "out.txt"), "NotImplemented")


def with_boto3(name, plain, secure, ca, bucket):
    s3 = sdk(plain if name == "boto3/http" else secure, ca)
    tls, http, paula = sdk(secure, ca), sdk(plain, ca), sdk(secure, ca, PAULA)
    k1, k2 = bytes(range(32)), bytes(range(32, 64))
    one = {"Bucket": bucket, "Key": "secret.txt"}
    c = lambda k: {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": k}
    row(name, "create_bucket", ask(s3.create_bucket, Bucket=bucket), 200)
    row(name, "put_object plain.txt", ask(s3.put_object, Bucket=bucket, Key="plain.txt", Body=b"the ledger"), 200)
    row(name, "get_object plain.txt", s3.get_object(Bucket=bucket, Key="plain.txt")["Body"].read(), b"the ledger")
    row(name, "SSE-C put on a new bucket", ask(tls.put_object, **one, Body=b"x", **c(k1)), (403, "AccessDenied"))
    row(name, "unblock SSE-C", ask(s3.put_bucket_encryption, Bucket=bucket, ServerSideEncryptionConfiguration=json.loads(UNBLOCK)), 200)
    row(name, "SSE-C put over TLS", ask(tls.put_object, **one, Body=b"the ledger", **c(k1)), 200)
    row(name, "SSE-C get with the right key", tls.get_object(**one, **c(k1))["Body"].read(), b"the ledger")
    row(name, "SSE-C get with another key", ask(tls.get_object, **one, **c(k2)), (403, "AccessDenied"))
    row(name, "SSE-C get without a key", ask(tls.get_object, **one), (400, "InvalidRequest"))
    row(name, "SSE-C head without a key", ask(tls.head_object, **one), (400, "400"))
    row(name, "SSE-C head with another key", ask(tls.head_object, **one, **c(k2)), (403, "403"))
    row(name, "SSE-C get over plain HTTP", ask(http.get_object, **one, **c(k1)), (400, "InvalidRequest"))
    row(name, "SSE-C put over plain HTTP", ask(http.put_object, **one, Body=b"x", **c(k1)), (400, "InvalidRequest"))
    row(name, "copy SSE-C to SSE-S3", ask(tls.copy_object, Bucket=bucket, Key="plain2.txt", CopySource=one, CopySourceSSECustomerAlgorithm="AES256", CopySourceSSECustomerKey=k1), 200)
    row(name, "multipart with a customer key", multipart(tls, bucket, k1), 200)
    row(name, "presigned get (Signature Version 4)", presigned(s3, bucket, ca), 200)
    row(name, "somebody else's account", ask(paula.get_object, Bucket=bucket, Key="plain.txt"), (403, "AccessDenied"))


def multipart(s3, bucket, key):
    c = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": key}
    up = s3.create_multipart_upload(Bucket=bucket, Key="big.bin", **c)["UploadId"]
    parts = []
    for n, size in ((1, 5 << 20), (2, 1024)):
        p = s3.upload_part(Bucket=bucket, Key="big.bin", UploadId=up, PartNumber=n, Body=b"a" * size, **c)
        parts.append({"PartNumber": n, "ETag": p["ETag"], **({"ChecksumCRC32": p["ChecksumCRC32"]} if "ChecksumCRC32" in p else {})})
    s3.complete_multipart_upload(Bucket=bucket, Key="big.bin", UploadId=up, MultipartUpload={"Parts": parts}, **c)
    got = s3.get_object(Bucket=bucket, Key="big.bin", **c)
    return 200 if len(got["Body"].read()) == (5 << 20) + 1024 else "wrong size"


def presigned(s3, bucket, ca):
    import urllib3
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "plain.txt"}, ExpiresIn=60)
    return urllib3.PoolManager(ca_certs=ca).request("GET", url).status


def stories(up, home):
    endpoints = {e["id"]: e for e in up["endpoints"]}
    for scheme in ("https", "http"):
        clients_policy.story(scheme, up, endpoints, home)
        clients_lock.story(scheme, up, home)
        clients_kms.story(scheme, up, home)
    clients_lock.mfa(up, home)
    clients_iam.story(up, home)
    clients_s3.story(up, home)
    clients_control.points(up, endpoints, home)
    clients_control.trail(up, home)  # last: it moves the clock


def main(binary, brief=False):
    with tempfile.TemporaryDirectory() as home:
        for name, data in (("body.txt", b"the ledger\n"), ("k1.bin", bytes(range(32))), ("k2.bin", bytes(range(32, 64))), ("world.json", json.dumps(WORLD).encode())):
            with open(os.path.join(home, name), "wb") as f:
                f.write(data)
        server = subprocess.Popen([binary, "simulate", "--world", os.path.join(home, "world.json"), "--http", "127.0.0.1:0", "--tls", "127.0.0.1:0", "--control", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        try:
            up = json.loads(server.stdout.readline())
            plain, secure, ca = up["http"], up["tls"], up["ca"]
            with_cli("cli/https", plain, secure, ca, home, "cli-https")
            with_boto3("boto3/https", plain, secure, ca, "boto-https")
            if not brief:
                with_cli("cli/http", plain, secure, ca, home, "cli-http")
                with_boto3("boto3/http", plain, secure, ca, "boto-http")
                stories(up, home)
        finally:
            server.terminate()
            row("server", "exit status after SIGTERM", server.wait(timeout=20), 0)
    print(f"{kit.failures} steps failed" if kit.failures else "every step answered as it should")
    return 1 if kit.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], brief=sys.argv[2:] == ["brief"]))
