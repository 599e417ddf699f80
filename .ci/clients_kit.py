"""What the stories of the real clients share: the world, the aws command, boto3 clients and the rows that are printed."""
import json
import os
import subprocess

import boto3
import botocore
import botocore.config
import botocore.exceptions

MAIN, PARTNER, STRANGER = "111122223333", "444455556666", "777788889999"


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action, resource="*", **more):
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def user(name, **more):
    word = name.upper()
    return {"name": name, "access_key": f"AKIAKEYHOLE{word}0001", "secret_key": f"{name}-secret-key-of-the-clients-test-0001", **more}


def keys(name):
    one = user(name)
    return one["access_key"], one["secret_key"]


ROOT = keys("root")
ALL = {"Everything": policy(allow("*"))}
WORLD = {
    "profile": "2026", "region": "us-east-1", "seed": "clients", "source_ip": "203.0.113.10",
    "accounts": [
        {"id": MAIN, "name": "main", "root": {"access_key": ROOT[0], "secret_key": ROOT[1]}, "users": [
            user("alice", policies=ALL),
            user("basil", policies=ALL, boundary=policy(allow(["s3:GetObject", "s3:ListBucket", "sts:*"]))),
        ], "roles": [{"name": "app", "policies": ALL, "trust": policy(
            {"Effect": "Allow", "Principal": {"AWS": MAIN}, "Action": ["sts:AssumeRole", "sts:TagSession"]})}]},
        {"id": PARTNER, "name": "partner", "users": [user("paula", policies=ALL)]},
        {"id": STRANGER, "name": "stranger", "users": [user("simon", policies=ALL)]},
    ],
    # Main is the management account, which control policies do not bind; the partner's unit may not delete objects.
    "organization": {"management": MAIN, "root": {"accounts": [MAIN], "units": [
        {"name": "Partners", "scps": {"NoDeletes": policy(allow("*"), deny("s3:DeleteObject"))}, "accounts": [PARTNER]}]}},
    "vpc_endpoints": [
        {"id": "vpce-0a1b2c3d", "vpc": "vpc-0a1b2c3d", "http": "127.0.0.1:0", "tls": "127.0.0.1:0"},
        {"id": "vpce-0000ffff", "vpc": "vpc-0a1b2c3d", "tls": "127.0.0.1:0",
         "policy": policy({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"})},
    ],
}
ALICE, BASIL, PAULA, SIMON = keys("alice"), keys("basil"), keys("paula"), keys("simon")
failures = 0


def row(client, what, got, want):
    global failures
    ok = got == want
    failures += not ok
    print(f"{'ok  ' if ok else 'FAIL'} {client:<11} {what:<62} {got if len(str(got)) < 60 or not ok else 'as wanted'}" + ("" if ok else f"\n     wanted {want}"))


def refusal(who, action, resource, why):
    """AWS's sentence for a denial, as a caller of the same account or organization reads it."""
    return f'User: {who} is not authorized to perform: {action} on resource: "{resource}" {why}'


class CLI:
    """The aws command with somebody's keys; answers 'ok' or the error code the CLI prints."""

    def __init__(self, endpoint, ca, home, who=ALICE, proxy=None, region="us-east-1"):
        self.endpoint, self.home = endpoint, home
        self.env = {**os.environ, "AWS_ACCESS_KEY_ID": who[0], "AWS_SECRET_ACCESS_KEY": who[1], "AWS_REGION": region,
                    "AWS_DEFAULT_REGION": region, "AWS_CA_BUNDLE": ca, "AWS_CONFIG_FILE": os.path.join(home, "none"),
                    "AWS_SHARED_CREDENTIALS_FILE": os.path.join(home, "none"), "AWS_EC2_METADATA_DISABLED": "true"}
        if len(who) > 2:
            self.env["AWS_SESSION_TOKEN"] = who[2]
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            self.env.pop(name, None)
        if proxy:
            self.env |= {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy}

    def run(self, *args):
        return subprocess.run(["aws", "--endpoint-url", self.endpoint, *args], env=self.env, cwd=self.home, capture_output=True, text=True, timeout=120)

    def __call__(self, *args):
        p = self.run(*args)
        if p.returncode == 0:
            return "ok"
        text = p.stderr.strip()
        return text.split("(", 1)[1].split(")", 1)[0] if "An error occurred (" in text else f"exit {p.returncode}: {text[-160:]}"

    def json(self, *args):
        """The answer as JSON; an error's text when there is none."""
        p = self.run("--output", "json", *args)
        try:
            return json.loads(p.stdout)
        except ValueError:
            return {"error": p.stderr.strip() or p.stdout}

    def says(self, *args):
        """'Code: message' of the error."""
        text = self.run(*args).stderr.strip()
        if "An error occurred (" not in text:
            return text or "ok"
        code, _, rest = text.split("An error occurred (", 1)[1].partition(")")
        return code + rest[rest.index(":"):]


def sdk(endpoint, ca, who=ALICE, service="s3", region="us-east-1", proxy=None, **more):
    """A client of boto3; more are members of botocore's Config, as signature_version."""
    token = who[2] if len(who) > 2 else None
    config = dict(retries={"max_attempts": 1}, s3={"addressing_style": "path"}, proxies={"http": proxy, "https": proxy} if proxy else None)
    if who == ("",):
        config["signature_version"] = botocore.UNSIGNED
        who = (None, None)
    elif service == "s3":
        config["signature_version"] = "s3v4"
    config |= more
    return boto3.client(service, endpoint_url=endpoint, region_name=region, aws_access_key_id=who[0], aws_secret_access_key=who[1],
                        aws_session_token=token, verify=ca, config=botocore.config.Config(**config))


NOBODY = ("",)


def ask(call, **params):
    """The status, or status and code."""
    try:
        return call(**params)["ResponseMetadata"]["HTTPStatusCode"]
    except botocore.exceptions.ClientError as e:
        return (e.response["ResponseMetadata"]["HTTPStatusCode"], e.response["Error"]["Code"])


def hear(call, **params):
    """The status, or status, code and message."""
    try:
        return call(**params)["ResponseMetadata"]["HTTPStatusCode"]
    except botocore.exceptions.ClientError as e:
        return (e.response["ResponseMetadata"]["HTTPStatusCode"], e.response["Error"]["Code"], e.response["Error"]["Message"])
