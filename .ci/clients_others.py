"""Drives `keyhole simulate` with other people's S3 clients: each its ordinary work and one security feature.

curl, the AWS SDK and the MinIO client for JavaScript, rclone, restic and s3cmd. What is not on this machine is named and
left out. Each row says what was asked, what came back and what was wanted.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

import clients_kit as kit
from clients_kit import ALICE, WORLD, ask, deny, policy, row, sdk

HERE = os.path.dirname(os.path.abspath(__file__))
KEY = "0123456789abcdef0123456789abcdef"
UNBLOCK = {"Rules": [{"BlockedEncryptionTypes": {"EncryptionType": ["NONE"]}}]}


class Tool:
    """A program with alice's keys; answers what it printed, or 'exit N: …' with the last thing it said."""

    def __init__(self, name, home, **env):
        self.name, self.home = name, home
        self.env = {k: v for k, v in os.environ.items() if k.lower() not in ("http_proxy", "https_proxy", "aws_ca_bundle", "aws_profile")}
        self.env |= {"AWS_ACCESS_KEY_ID": ALICE[0], "AWS_SECRET_ACCESS_KEY": ALICE[1], "AWS_REGION": "us-east-1", "HOME": home, **env}

    def __call__(self, *args, input=None):
        p = subprocess.run([self.name, *args], env=self.env, cwd=self.home, capture_output=True, text=True, timeout=180, input=input)
        if p.returncode == 0:
            return p.stdout.strip()
        return f"exit {p.returncode}: {(p.stderr.strip() or p.stdout.strip())[-200:]}"


def with_curl(plain, secure, ca, home):
    curl = Tool("curl", home)
    # curl 7.88 does not send this header of itself, which S3 demands: the client's fault.
    sign = ("-s", "--aws-sigv4", "aws:amz:us-east-1:s3", "--user", ":".join(ALICE), "--cacert", ca, "-w", " %{http_code}", "-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD")
    row("curl", "make a bucket", curl(*sign, "-X", "PUT", f"{secure}/curl"), "200")
    row("curl", "put", curl(*sign, "-T", "body.txt", f"{secure}/curl/body.txt"), "200")
    row("curl", "get", curl(*sign, f"{plain}/curl/body.txt"), "the ledger\n 200")
    row("curl", "get without a signature", curl("-s", "-o", "/dev/null", "-w", "%{http_code}", f"{plain}/curl/body.txt"), "403")
    link = sdk(secure, ca).generate_presigned_url("get_object", Params={"Bucket": "curl", "Key": "body.txt"}, ExpiresIn=60)
    row("curl", "a link", curl("-s", "--cacert", ca, link), "the ledger")
    form = sdk(secure, ca).generate_presigned_post("curl", "form/${filename}", Conditions=[["starts-with", "$key", "form/"]], ExpiresIn=60)
    fields = [x for k, v in form["fields"].items() for x in ("-F", f"{k}={v}")]
    row("curl", "a form", curl("-s", "--cacert", ca, "-w", "%{http_code}", *fields, "-F", "file=@body.txt", form["url"]), "204")
    row("curl", "what the form stored", curl(*sign, f"{secure}/curl/form/body.txt"), "the ledger\n 200")


def with_javascript(script, name, endpoint, ca, home):
    node = Tool("node", home, NODE_EXTRA_CA_CERTS=ca, ENDPOINT=endpoint)
    for line in node("--no-warnings", os.path.join(HERE, "javascript", script)).splitlines():
        try:
            step = json.loads(line)
            row(name, step["what"], step["got"], step["want"])
        except ValueError:
            row(name, "a step", line, "a line of JSON")


def with_rclone(plain, secure, ca, home):
    rclone = Tool("rclone", home)
    with open(os.path.join(home, "rclone.conf"), "w") as f:
        for name, endpoint in (("plain", plain), ("secure", secure)):
            f.write(f"[{name}]\ntype = s3\nprovider = Other\naccess_key_id = {ALICE[0]}\nsecret_access_key = {ALICE[1]}\nregion = us-east-1\nendpoint = {endpoint}\n")
    # Older versions send "x-amz-acl: private" unless told otherwise, which S3 refuses where ACLs are off, the default since
    # 2023. The fault is the client's: newer ones send nothing, and this value is one that S3 takes.
    args = ("--config", "rclone.conf", "--ca-cert", ca, "--s3-acl", "bucket-owner-full-control", "--s3-bucket-acl", "private", "--retries", "1", "--low-level-retries", "1", "--contimeout", "5s")
    for remote in ("plain", "secure"):
        row("rclone", f"{remote}: mkdir, copy", rclone("mkdir", f"{remote}:rclone-{remote}", *args) + rclone("copy", "tree", f"{remote}:rclone-{remote}/tree", "--s3-upload-cutoff", "5Mi", "--s3-chunk-size", "5Mi", *args), "")
        row("rclone", f"{remote}: check says the same", rclone("check", "tree", f"{remote}:rclone-{remote}/tree", *args), "")
        row("rclone", f"{remote}: cat", rclone("cat", f"{remote}:rclone-{remote}/tree/one.txt", *args), "one")
        row("rclone", f"{remote}: sync after a change", rclone("sync", "tree", f"{remote}:rclone-{remote}/tree", *args), "")
    s3 = sdk(secure, ca)
    ask(s3.put_bucket_encryption, Bucket="rclone-secure", ServerSideEncryptionConfiguration=UNBLOCK)
    customer = ("--s3-sse-customer-algorithm", "AES256", "--s3-sse-customer-key", KEY)
    row("rclone", "a customer key", rclone("copy", "tree/one.txt", "secure:rclone-secure/locked", *customer, *args), "")
    row("rclone", "read with it", rclone("cat", "secure:rclone-secure/locked/one.txt", *customer, *args), "one")
    row("rclone", "purge", rclone("purge", "plain:rclone-plain", *args), "")


def with_restic(plain, secure, ca, home):
    restic = Tool("restic", home, RESTIC_PASSWORD="a passphrase", RESTIC_CACHE_DIR=os.path.join(home, "cache"))
    repo = ("-r", f"s3:{secure}/restic", "--cacert", ca, "-q")
    row("restic", "init", restic(*repo, "init"), "")
    row("restic", "backup", restic(*repo, "backup", "tree"), "")
    row("restic", "check", restic(*repo, "check"), "")
    row("restic", "restore", restic(*repo, "restore", "latest", "--target", "restored"), "")
    row("restic", "the same bytes", subprocess.run(["diff", "-r", "tree", "restored/tree"], cwd=home).returncode, 0)
    ask(sdk(secure, ca).put_bucket_policy, Bucket="restic", Policy=json.dumps(policy({**deny("s3:*", ["arn:aws:s3:::restic", "arn:aws:s3:::restic/*"]), "Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}})))
    row("restic", "over TLS where the policy demands it", restic(*repo, "snapshots", "--last"), restic(*repo, "snapshots", "--last"))
    row("restic", "over plain HTTP where the policy denies it", "exit" in restic("-r", f"s3:{plain}/restic", "snapshots", "--no-lock"), True)


def with_s3cmd(plain, secure, ca, home):
    s3cmd = Tool("s3cmd", home)
    with open(os.path.join(home, "s3cfg"), "w") as f:
        host = plain.split("//")[1]
        f.write(f"[default]\naccess_key = {ALICE[0]}\nsecret_key = {ALICE[1]}\nhost_base = {host}\nhost_bucket = {host}\nuse_https = False\n")
    args = ("-c", "s3cfg", "-q")
    row("s3cmd", "mb, put, put in parts", s3cmd("mb", "s3://s3cmd", *args) + s3cmd("put", "tree/one.txt", "s3://s3cmd/", *args) + s3cmd("put", "--multipart-chunk-size-mb=5", "tree/big.bin", "s3://s3cmd/", *args), "")
    row("s3cmd", "get", s3cmd("get", "--force", "s3://s3cmd/big.bin", "got.bin", *args), "")
    row("s3cmd", "the same bytes", subprocess.run(["cmp", "tree/big.bin", "got.bin"], cwd=home).returncode, 0)
    row("s3cmd", "SSE-S3", s3cmd("put", "--server-side-encryption", "tree/one.txt", "s3://s3cmd/sse", *args), "")
    row("s3cmd", "info names the encryption", "SSE:       AES256" in s3cmd("info", "s3://s3cmd/sse", "-c", "s3cfg"), True)
    row("s3cmd", "a link of Signature Version 2", Tool("curl", home)("-s", s3cmd("signurl", "s3://s3cmd/one.txt", "+60", "-c", "s3cfg")), "one")
    row("s3cmd", "a lifecycle rule and what it says", "<Days>7</Days>" in s3cmd("expire", "s3://s3cmd", "--expiry-days=7", *args) + s3cmd("getlifecycle", "s3://s3cmd", "-c", "s3cfg"), True)
    row("s3cmd", "delete all, rb", s3cmd("del", "-r", "-f", "s3://s3cmd", *args) + s3cmd("rb", "s3://s3cmd", *args), "")


def main(binary):
    with tempfile.TemporaryDirectory() as home:
        os.mkdir(os.path.join(home, "tree"))
        for name, data in (("body.txt", b"the ledger\n"), ("world.json", json.dumps(WORLD).encode()), ("tree/one.txt", b"one\n"), ("tree/big.bin", os.urandom(6 << 20))):
            with open(os.path.join(home, name), "wb") as f:
                f.write(data)
        server = subprocess.Popen([binary, "simulate", "--world", os.path.join(home, "world.json"), "--http", "127.0.0.1:0", "--tls", "127.0.0.1:0", "--max-sandbox", str(256 << 20)], stdout=subprocess.PIPE, text=True)
        try:
            up = json.loads(server.stdout.readline())
            plain, secure, ca = up["http"], up["tls"], up["ca"]
            for program, run in (
                    ("curl", lambda: with_curl(plain, secure, ca, home)),
                    ("node", lambda: with_javascript("sdk.mjs", "javascript", secure, ca, home)),
                    ("node", lambda: with_javascript("minio.mjs", "minio", plain, ca, home)),
                    ("rclone", lambda: with_rclone(plain, secure, ca, home)),
                    ("restic", lambda: with_restic(plain, secure, ca, home)),
                    ("s3cmd", lambda: with_s3cmd(plain, secure, ca, home))):
                if shutil.which(program):
                    run()
                else:
                    print(f"skip {program}: it is not on this machine (apt-get install {program})")
        finally:
            server.terminate()
            row("server", "exit status after SIGTERM", server.wait(timeout=20), 0)
    print(f"{kit.failures} steps failed" if kit.failures else "every step answered as it should")
    return 1 if kit.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
