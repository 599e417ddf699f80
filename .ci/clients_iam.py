"""`aws iam` and `aws sts` with the real CLI: users, groups, policies, roles, keys, MFA and the policy simulator."""
import base64
import hashlib
import hmac
import json
import os
import struct
import time

from clients_kit import ALICE, CLI, MAIN, allow, ask, deny, policy, row, sdk

TRUST = json.dumps(policy({"Effect": "Allow", "Principal": {"AWS": MAIN}, "Action": "sts:AssumeRole"}))


def code(seed, at):
    """The six digits of a virtual MFA device (RFC 6238)."""
    mac = hmac.new(base64.b32decode(seed), struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    start = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[start:start + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


def story(up, home):
    aws = CLI(up["tls"], up["ca"], home)
    who = lambda name: f"arn:aws:iam::{MAIN}:user/{name}"
    iam = lambda *args: aws("iam", *args)
    me = aws.json("sts", "get-caller-identity")
    row("aws sts", "get-caller-identity", (me.get("Account"), me.get("Arn")), (MAIN, who("alice")))

    reads = json.dumps(policy(allow("s3:GetObject", "arn:aws:s3:::policies-https/*"), deny("s3:GetObject", "arn:aws:s3:::policies-https/secret*")))
    row("aws iam", "create-user", aws.json("iam", "create-user", "--user-name", "carol").get("User", {}).get("Arn"), who("carol"))
    row("aws iam", "create-user again", iam("create-user", "--user-name", "carol"), "EntityAlreadyExists")
    row("aws iam", "get-user of nobody", aws.says("iam", "get-user", "--user-name", "nobody"), "NoSuchEntity: The user with name nobody cannot be found.")
    row("aws iam", "create-group", iam("create-group", "--group-name", "readers"), "ok")
    row("aws iam", "put-group-policy", iam("put-group-policy", "--group-name", "readers", "--policy-name", "Reads", "--policy-document", reads), "ok")
    row("aws iam", "add-user-to-group", iam("add-user-to-group", "--group-name", "readers", "--user-name", "carol"), "ok")
    row("aws iam", "list-groups-for-user", [g["GroupName"] for g in aws.json("iam", "list-groups-for-user", "--user-name", "carol").get("Groups", [])], ["readers"])
    row("aws iam", "put-user-policy that is no JSON", iam("put-user-policy", "--user-name", "carol", "--policy-name", "x", "--policy-document", "{"), "MalformedPolicyDocument")
    arn = aws.json("iam", "create-policy", "--policy-name", "Lists", "--policy-document", json.dumps(policy(allow("s3:ListBucket")))).get("Policy", {}).get("Arn")
    row("aws iam", "create-policy", arn, f"arn:aws:iam::{MAIN}:policy/Lists")
    row("aws iam", "attach-user-policy", iam("attach-user-policy", "--user-name", "carol", "--policy-arn", f"arn:aws:iam::{MAIN}:policy/Lists"), "ok")
    row("aws iam", "list-attached-user-policies", [p["PolicyName"] for p in aws.json("iam", "list-attached-user-policies", "--user-name", "carol").get("AttachedPolicies", [])], ["Lists"])
    key = aws.json("iam", "create-access-key", "--user-name", "carol").get("AccessKey", {})
    row("aws iam", "create-access-key", key.get("Status"), "Active")
    carol = (key.get("AccessKeyId", ""), key.get("SecretAccessKey", ""))
    hers = CLI(up["tls"], up["ca"], home, carol)
    row("cli/https", "carol reads through her group", hers("s3api", "get-object", "--bucket", "policies-https", "--key", "a.txt", "carol.txt"), "ok")
    row("cli/https", "carol lists through the managed policy", hers("s3api", "list-objects-v2", "--bucket", "policies-https"), "ok")
    row("cli/https", "carol may not write", hers.says("s3api", "put-object", "--bucket", "policies-https", "--key", "a.txt", "--body", "body.txt"),
        f'AccessDenied: User: {who("carol")} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::policies-https/a.txt" because no identity-based policy allows the s3:PutObject action')
    row("aws iam", "carol may not create users", hers("iam", "create-user", "--user-name", "dave"), "AccessDenied")

    simulated = aws.json("iam", "simulate-principal-policy", "--policy-source-arn", who("carol"), "--action-names", "s3:GetObject", "s3:PutObject",
                         "--resource-arns", "arn:aws:s3:::policies-https/a.txt", "arn:aws:s3:::policies-https/secret.txt")
    row("aws iam", "simulate-principal-policy", sorted((r["EvalActionName"], r["EvalResourceName"].rsplit("/", 1)[1], r["EvalDecision"]) for r in simulated.get("EvaluationResults", [])),
        [("s3:GetObject", "a.txt", "allowed"), ("s3:GetObject", "secret.txt", "explicitDeny"), ("s3:PutObject", "a.txt", "implicitDeny"), ("s3:PutObject", "secret.txt", "implicitDeny")])
    custom = aws.json("iam", "simulate-custom-policy", "--policy-input-list", json.dumps(policy(allow("s3:*", Condition={"Bool": {"aws:SecureTransport": "true"}}))),
                      "--action-names", "s3:GetObject", "--context-entries", "ContextKeyName=aws:SecureTransport,ContextKeyValues=false,ContextKeyType=boolean")
    row("aws iam", "simulate-custom-policy over plain HTTP", [r["EvalDecision"] for r in custom.get("EvaluationResults", [])], ["implicitDeny"])
    row("aws iam", "put-user-permissions-boundary", iam("put-user-permissions-boundary", "--user-name", "carol", "--permissions-boundary", f"arn:aws:iam::{MAIN}:policy/Lists"), "ok")
    row("cli/https", "the boundary leaves reading out", hers.says("s3api", "get-object", "--bucket", "policies-https", "--key", "a.txt", "carol.txt"),
        f'AccessDenied: User: {who("carol")} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::policies-https/a.txt" because no permissions boundary allows the s3:GetObject action')
    row("aws iam", "delete-user with things attached", iam("delete-user", "--user-name", "carol"), "DeleteConflict")
    row("aws iam", "update-access-key Inactive", iam("update-access-key", "--user-name", "carol", "--access-key-id", carol[0], "--status", "Inactive"), "ok")
    row("cli/https", "an inactive key", hers("s3api", "list-objects-v2", "--bucket", "policies-https"), "InvalidAccessKeyId")

    roles(aws, up, home)
    mfa(aws, up, home)
    for args in (("remove-user-from-group", "--group-name", "readers"), ("detach-user-policy", "--policy-arn", f"arn:aws:iam::{MAIN}:policy/Lists"),
                 ("delete-user-permissions-boundary",), ("delete-access-key", "--access-key-id", carol[0]), ("delete-user",)):
        row("aws iam", args[0], iam(args[0], "--user-name", "carol", *args[1:]), "ok")


def roles(aws, up, home):
    row("aws iam", "create-role", aws("iam", "create-role", "--role-name", "reader", "--assume-role-policy-document", TRUST), "ok")
    row("aws iam", "attach-role-policy AmazonS3ReadOnlyAccess", aws("iam", "attach-role-policy", "--role-name", "reader", "--policy-arn", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"), "ok")
    role = f"arn:aws:iam::{MAIN}:role/reader"
    c = aws.json("sts", "assume-role", "--role-arn", role, "--role-session-name", "build").get("Credentials", {})
    row("aws sts", "assume-role", c.get("AccessKeyId", "")[:4], "ASIA")
    session = CLI(up["tls"], up["ca"], home, (c.get("AccessKeyId", ""), c.get("SecretAccessKey", ""), c.get("SessionToken", "")))
    row("aws sts", "get-caller-identity of the session", session.json("sts", "get-caller-identity").get("Arn"), f"arn:aws:sts::{MAIN}:assumed-role/reader/build")
    row("cli/https", "the session reads", session("s3api", "get-object", "--bucket", "policies-https", "--key", "a.txt", "out.txt"), "ok")
    row("cli/https", "the session may not write", session("s3api", "put-object", "--bucket", "policies-https", "--key", "a.txt", "--body", "body.txt"), "AccessDenied")
    row("aws sts", "assume-role with a bad session name", aws.says("sts", "assume-role", "--role-arn", role, "--role-session-name", "Session1:2"),
        "ValidationError: 1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*")


def mfa(aws, up, home):
    iam = sdk(up["tls"], up["ca"], ALICE, "iam")
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    row("aws iam", "create-virtual-mfa-device", device["SerialNumber"], f"arn:aws:iam::{MAIN}:mfa/phone")
    seed, now = device["Base32StringSeed"], time.time()
    row("aws iam", "enable-mfa-device", ask(iam.enable_mfa_device, UserName="carol", SerialNumber=device["SerialNumber"],
                                            AuthenticationCode1=code(seed, now - 30), AuthenticationCode2=code(seed, now)), 200)
    strict = json.dumps(policy(allow("sts:GetSessionToken"), allow("s3:*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})))
    for args in (("delete-user-permissions-boundary",), ("put-user-policy", "--policy-name", "Strict", "--policy-document", strict)):
        row("aws iam", args[0], aws("iam", args[0], "--user-name", "carol", *args[1:]), "ok")
    key = aws.json("iam", "create-access-key", "--user-name", "carol").get("AccessKey", {})
    carol = (key.get("AccessKeyId", ""), key.get("SecretAccessKey", ""))
    hers = CLI(up["tls"], up["ca"], home, carol)
    row("cli/https", "without MFA carol may not write", hers("s3api", "put-object", "--bucket", "policies-https", "--key", "mfa.txt", "--body", "body.txt"), "AccessDenied")
    row("aws sts", "get-session-token with a wrong code", hers("sts", "get-session-token", "--serial-number", device["SerialNumber"], "--token-code", wrong(seed, now)), "AccessDenied")
    c = hers.json("sts", "get-session-token", "--serial-number", device["SerialNumber"], "--token-code", code(seed, time.time() + 30)).get("Credentials", {})
    row("aws sts", "get-session-token with MFA", c.get("AccessKeyId", "")[:4], "ASIA")
    session = CLI(up["tls"], up["ca"], home, (c.get("AccessKeyId", ""), c.get("SecretAccessKey", ""), c.get("SessionToken", "")))
    row("cli/https", "with MFA carol writes", session("s3api", "put-object", "--bucket", "policies-https", "--key", "mfa.txt", "--body", "body.txt"), "ok")
    row("aws sts", "get-session-token with session credentials", session("sts", "get-session-token"), "AccessDenied")
    for args in (("deactivate-mfa-device", "--serial-number", device["SerialNumber"]), ("delete-user-policy", "--policy-name", "Strict"),
                 ("delete-access-key", "--access-key-id", carol[0]), ("put-user-permissions-boundary", "--permissions-boundary", f"arn:aws:iam::{MAIN}:policy/Lists")):
        row("aws iam", args[0], aws("iam", args[0], "--user-name", "carol", *args[1:]), "ok")
    row("aws iam", "delete-virtual-mfa-device", aws("iam", "delete-virtual-mfa-device", "--serial-number", device["SerialNumber"]), "ok")


def wrong(seed, at):
    """Six digits that are no code near that time."""
    near = {code(seed, at + 30 * n) for n in range(-3, 5)}
    return next(c for c in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777", "888888") if c not in near)
