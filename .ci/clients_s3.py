"""S3's other security features with the ordinary clients: SSE-KMS, links, forms, CORS, conditions, checksums, settings."""
import json
import os
import subprocess

import urllib3

from clients_kit import ALICE, CLI, MAIN, ask, hear, row, sdk


def story(up, home):
    kms(up, home)
    links(up, home)
    forms_and_origins(up)
    objects(up, home)
    settings(up, home)
    virtual(up, home)


def kms(up, home):
    aws, s3, key = CLI(up["tls"], up["ca"], home), sdk(up["tls"], up["ca"]), sdk(up["tls"], up["ca"], ALICE, "kms")
    arn, bucket = key.create_key()["KeyMetadata"]["Arn"], "sse-kms"
    s3.create_bucket(Bucket=bucket)
    how = lambda name: {k: v for k, v in s3.head_object(Bucket=bucket, Key=name).items() if k in ("ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled")}
    row("aws s3", "cp --sse aws:kms", aws("s3", "cp", "body.txt", f"s3://{bucket}/managed", "--sse", "aws:kms", "--no-progress"), "ok")
    row("boto3/https", "that is the account's own key for S3", how("managed").get("SSEKMSKeyId") == key.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["Arn"], True)
    row("aws s3", "cp --sse-kms-key-id", aws("s3", "cp", "body.txt", f"s3://{bucket}/mine", "--sse", "aws:kms", "--sse-kms-key-id", arn, "--no-progress"), "ok")
    row("boto3/https", "head_object", how("mine"), {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": arn})
    default = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": arn}, "BucketKeyEnabled": True}]}
    row("aws s3api", "put-bucket-encryption", aws("s3api", "put-bucket-encryption", "--bucket", bucket, "--server-side-encryption-configuration", json.dumps(default)), "ok")
    row("aws s3", "cp with the bucket's default", aws("s3", "cp", "body.txt", f"s3://{bucket}/default", "--no-progress"), "ok")
    row("boto3/https", "head_object", how("default"), {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": arn, "BucketKeyEnabled": True})
    row("boto3/https", "DSSE-KMS", ask(s3.put_object, Bucket=bucket, Key="dsse", Body=b"x", ServerSideEncryption="aws:kms:dsse", SSEKMSKeyId=arn), 200)
    row("aws kms", "disable-key", aws("kms", "disable-key", "--key-id", arn), "ok")
    row("aws s3api", "get-object under a disabled key", aws("s3api", "get-object", "--bucket", bucket, "--key", "mine", "out.txt"), "KMS.DisabledException")
    row("aws s3", "cp under a disabled key", aws("s3", "cp", "body.txt", f"s3://{bucket}/default", "--no-progress"), "KMS.DisabledException")


def links(up, home):
    plain, ca = up["http"], up["ca"]
    fetch = lambda url: urllib3.PoolManager().request("GET", url)
    for region in ("us-east-1", "eu-central-1"):
        bucket = f"links-{region}"
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3, aws = sdk(plain, ca, region=region), CLI(plain, ca, home, region=region)
        row("boto3/http", f"a bucket in {region}", ask(s3.create_bucket, Bucket=bucket, **where), 200)
        s3.put_object(Bucket=bucket, Key="a b/é.txt", Body=b"the ledger")
        link = aws.run("s3", "presign", f"s3://{bucket}/a b/é.txt").stdout.strip()
        # Of itself the CLI signs with Version 2, in Regions too that are younger than Version 4 and take nothing else.
        second = "AWSAccessKeyId" in link
        want = (400, b"InvalidRequest") if second and region == "eu-central-1" else (200, b"the ledger")
        got = fetch(link)
        row("aws s3", f"presign in {region}, Version {2 if second else 4}", (got.status, want[1] if want[1] in got.data else got.data), want)
        link = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a b/é.txt"}, ExpiresIn=60)
        row("boto3/http", f"a link of Version 4 in {region}", fetch(link).data, b"the ledger")
        row("boto3/http", "for another object", fetch(link.replace("a%20b", "c")).status, 403)
    old = sdk(plain, ca, signature_version="s3")
    put = old.generate_presigned_url("put_object", Params={"Bucket": "links-us-east-1", "Key": "up", "ContentType": "text/plain"})
    row("boto3/http", "an upload by a link of Version 2", urllib3.PoolManager().request("PUT", put, body=b"x", headers={"Content-Type": "text/plain"}).status, 200)
    row("boto3/http", "of another type", urllib3.PoolManager().request("PUT", put, body=b"x", headers={"Content-Type": "text/html"}).status, 403)
    # boto3 follows S3 to the bucket's Region by itself.
    row("boto3/http", "a client of us-east-1 in eu-central-1", ask(sdk(plain, ca).list_objects_v2, Bucket="links-eu-central-1"), 200)


def forms_and_origins(up):
    s3, http = sdk(up["http"], up["ca"]), urllib3.PoolManager()
    s3.create_bucket(Bucket="forms")
    conditions = [["content-length-range", 1, 100], {"success_action_status": "201"}]
    form = s3.generate_presigned_post("forms", "in/${filename}", Fields={"success_action_status": "201"}, Conditions=conditions)
    send = lambda data, **change: http.request("POST", form["url"], fields={**form["fields"], **change, "file": ("my file.txt", data)})
    done = send(b"the ledger")
    row("boto3/http", "generate_presigned_post, sent", (done.status, b"<Key>in/my file.txt</Key>" in done.data), (201, True))
    row("boto3/http", "what it stored", s3.get_object(Bucket="forms", Key="in/my file.txt")["Body"].read(), b"the ledger")
    row("boto3/http", "more than the policy allows", b"EntityTooLarge" in send(b"x" * 101).data, True)
    row("boto3/http", "with a field the policy does not name", b"AccessDenied" in send(b"x", **{"x-amz-meta-more": "1"}).data, True)
    rule = {"AllowedOrigins": ["https://*.example.com"], "AllowedMethods": ["PUT"], "AllowedHeaders": ["content-type"], "MaxAgeSeconds": 60}
    row("boto3/http", "put_bucket_cors", ask(s3.put_bucket_cors, Bucket="forms", CORSConfiguration={"CORSRules": [rule]}), 200)
    for origin, want in (("https://a.example.com", ["HTTP/1.1 200 OK", "Access-Control-Allow-Origin: https://a.example.com"]), ("https://example.org", ["HTTP/1.1 403 Forbidden"])):
        out = subprocess.run(["curl", "-s", "-i", "--noproxy", "*", "-X", "OPTIONS", "-H", f"Origin: {origin}", "-H", "Access-Control-Request-Method: PUT", up["http"] + "/forms/x"],
                             capture_output=True, text=True, timeout=30).stdout
        row("curl", f"preflight from {origin}", [x.strip() for x in out.splitlines() if x.startswith(("HTTP/", "Access-Control-Allow-Origin"))], want)


def objects(up, home):
    s3, aws, b = sdk(up["tls"], up["ca"]), CLI(up["tls"], up["ca"], home), "objects"
    s3.create_bucket(Bucket=b)
    here = ("--bucket", b, "--key", "a")
    etag = s3.put_object(Bucket=b, Key="a", Body=b"123456789", ChecksumAlgorithm="SHA256", Tagging="team=red")["ETag"]
    row("boto3/https", "put_object IfNoneMatch on what is there", ask(s3.put_object, Bucket=b, Key="a", Body=b"x", IfNoneMatch="*"), (412, "PreconditionFailed"))
    row("aws s3api", "put-object --if-match another", aws("s3api", "put-object", *here, "--if-match", '"0"'), "PreconditionFailed")
    row("aws s3api", "put-object --if-match", aws("s3api", "put-object", *here, "--body", "body.txt", "--if-match", etag), "ok")
    row("boto3/https", "get_object IfNoneMatch", ask(s3.get_object, Bucket=b, Key="a", IfNoneMatch=s3.head_object(Bucket=b, Key="a")["ETag"]), (304, "304"))
    # The sum of "123456789" that the CRC catalogue gives for CRC-64/NVME is ae8b14860a799888. Without the CRT, boto3 sends
    # the sum it is given and makes none.
    row("boto3/https", "CRC64NVME", ask(s3.put_object, Bucket=b, Key="crc", Body=b"123456789", ChecksumCRC64NVME="rosUhgp5mIg="), 200)
    row("boto3/https", "a wrong one", ask(s3.put_object, Bucket=b, Key="crc", Body=b"12345678", ChecksumCRC64NVME="rosUhgp5mIg="), (400, "BadDigest"))
    row("boto3/https", "head_object ChecksumMode", s3.head_object(Bucket=b, Key="crc", ChecksumMode="ENABLED").get("ChecksumCRC64NVME"), "rosUhgp5mIg=")
    parts = s3.get_object_attributes(Bucket=b, Key="crc", ObjectAttributes=["Checksum", "ObjectSize"])
    row("boto3/https", "get_object_attributes", (parts["ObjectSize"], parts["Checksum"].get("ChecksumType")), (9, "FULL_OBJECT"))
    tags = [{"Key": "team", "Value": "blue"}]
    row("aws s3api", "put-object-tagging", aws("s3api", "put-object-tagging", *here, "--tagging", json.dumps({"TagSet": tags})), "ok")
    row("aws s3api", "get-object-tagging", aws.json("s3api", "get-object-tagging", *here).get("TagSet"), tags)
    row("boto3/https", "a range", s3.get_object(Bucket=b, Key="crc", Range="bytes=2-4")["Body"].read(), b"345")
    row("boto3/https", "somebody else's bucket, says the caller", ask(s3.head_bucket, Bucket=b, ExpectedBucketOwner="444455556666"), (403, "403"))
    with open(os.path.join(home, "big.bin"), "wb") as f:
        f.write(bytes(9 << 20))
    row("aws s3", "cp in parts, sync, rm", " ".join(aws("s3", *w) for w in (("cp", "big.bin", f"s3://{b}/t/big", "--no-progress"), ("sync", f"s3://{b}/t", "got", "--no-progress"), ("rm", f"s3://{b}/t", "--recursive"))), "ok ok ok")
    row("aws s3", "the same bytes", os.path.getsize(os.path.join(home, "got", "big")), 9 << 20)


def settings(up, home):
    s3, aws, b = sdk(up["tls"], up["ca"]), CLI(up["tls"], up["ca"], home), "settings"
    for name in (b, "settings-copy"):
        s3.create_bucket(Bucket=name)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    role, there = f"arn:aws:iam::{MAIN}:role/app", "arn:aws:s3:::settings-copy"
    for what, option, value, member in (
            ("lifecycle-configuration", "lifecycle-configuration", {"Rules": [{"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "old/"}, "Expiration": {"Days": 7}}]}, "Rules"),
            ("replication", "replication-configuration", {"Role": role, "Rules": [{"ID": "all", "Priority": 1, "Status": "Enabled", "Filter": {"Prefix": ""}, "DeleteMarkerReplication": {"Status": "Disabled"}, "Destination": {"Bucket": there}}]}, "ReplicationConfiguration"),
            ("logging", "bucket-logging-status", {"LoggingEnabled": {"TargetBucket": "settings-copy", "TargetPrefix": "log/"}}, "LoggingEnabled"),
            ("website", "website-configuration", {"IndexDocument": {"Suffix": "index.html"}}, "IndexDocument"),
            ("tagging", "tagging", {"TagSet": [{"Key": "team", "Value": "red"}]}, "TagSet")):
        row("aws s3api", f"put-bucket-{what}", aws("s3api", f"put-bucket-{what}", "--bucket", b, f"--{option}", json.dumps(value)), "ok")
        row("aws s3api", f"get-bucket-{what}", aws.json("s3api", f"get-bucket-{what}", "--bucket", b).get(member), value if member == "ReplicationConfiguration" else value[member])
    row("boto3/https", "no rule at all", hear(s3.get_bucket_lifecycle_configuration, Bucket="settings-copy"), (404, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"))


def virtual(up, home):
    """BUCKET.s3.localhost is no name that a resolver has to know when the HTTP listener is the proxy (CONNECT)."""
    aws = CLI("https://s3.localhost", up["ca"], home, proxy=up["http"])
    s3 = sdk("https://s3.localhost", up["ca"], proxy=up["http"], s3={"addressing_style": "virtual"})
    row("boto3/proxy", "create_bucket by its own host", ask(s3.create_bucket, Bucket="by-host"), 200)
    row("aws s3", "cp through HTTPS_PROXY", aws("s3", "cp", "body.txt", "s3://by-host/a.txt", "--no-progress"), "ok")
    row("boto3/proxy", "get_object", s3.get_object(Bucket="by-host", Key="a.txt")["Body"].read(), b"the ledger\n")
    outside = sdk("https://example.com", up["ca"], proxy=up["http"])
    try:
        outside.list_buckets()
        row("boto3/proxy", "a tunnel to other names", "let through", "refused")
    except Exception as e:  # urllib3 and botocore each have a name for it
        row("boto3/proxy", "a tunnel to other names", "refused" if type(e).__name__ == "ProxyConnectionError" else repr(e), "refused")
