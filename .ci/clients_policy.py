"""Policies on the wire: principals of three accounts, both listeners and two VPC endpoints, in AWS's words."""
import json

from clients_kit import ALICE, BASIL, CLI, MAIN, NOBODY, PARTNER, PAULA, SIMON, allow, ask, deny, hear, policy, refusal, row, sdk

BASIL_ARN, PAULA_ARN, ALICE_ARN = f"arn:aws:iam::{MAIN}:user/basil", f"arn:aws:iam::{PARTNER}:user/paula", f"arn:aws:iam::{MAIN}:user/alice"


def story(scheme, up, endpoints, home):
    here, secure, plain, ca = up["tls" if scheme == "https" else "http"], up["tls"], up["http"], up["ca"]
    name, bucket = f"boto3/{scheme}", f"policies-{scheme}"
    arn, every = f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"
    alice, nobody, paula, simon = (sdk(here, ca, who) for who in (ALICE, NOBODY, PAULA, SIMON))
    cli = CLI(here, ca, home)
    put = lambda document: ask(alice.put_bucket_policy, Bucket=bucket, Policy=json.dumps(document))

    row(name, "create_bucket", ask(alice.create_bucket, Bucket=bucket), 200)
    row(name, "put_object", ask(alice.put_object, Bucket=bucket, Key="a.txt", Body=b"the ledger"), 200)

    # Trap 22: default encryption does not satisfy a policy that wants the header.
    row(name, "policy: uploads must name AES256", put(policy(deny("s3:PutObject", every, Principal="*", Condition={"StringNotEquals": {"s3:x-amz-server-side-encryption": "AES256"}}))), 204)
    row(name, "trap 22: an upload without the header", hear(alice.put_object, Bucket=bucket, Key="b.txt", Body=b"x"),
        (403, "AccessDenied", refusal(ALICE_ARN, "s3:PutObject", f"{arn}/b.txt", "with an explicit deny in a resource-based policy")))
    row(name, "trap 22: with the header", ask(alice.put_object, Bucket=bucket, Key="b.txt", Body=b"x", ServerSideEncryption="AES256"), 200)

    # Trap 36: ACLs on a default bucket.
    for acl in ("public-read", "private"):
        row(name, f"trap 36: put_object with ACL {acl}", hear(alice.put_object, Bucket=bucket, Key="c.txt", Body=b"x", ACL=acl, ServerSideEncryption="AES256"),
            (400, "AccessControlListNotSupported", "The bucket does not allow ACLs"))
    row(name, "trap 36: ACL bucket-owner-full-control", ask(alice.put_object, Bucket=bucket, Key="c.txt", Body=b"x", ACL="bucket-owner-full-control", ServerSideEncryption="AES256"), 200)
    row(f"cli/{scheme}", "trap 36: put-object --acl public-read", cli.says("s3api", "put-object", "--bucket", bucket, "--key", "c.txt", "--body", "body.txt", "--acl", "public-read", "--server-side-encryption", "AES256"),
        "AccessControlListNotSupported: The bucket does not allow ACLs")

    # Trap 37: a public policy on a default bucket, then without Block Public Access.
    public = policy({"Sid": "Everybody", **allow("s3:GetObject", every), "Principal": "*"})
    row(name, "trap 37: a public policy", hear(alice.put_bucket_policy, Bucket=bucket, Policy=json.dumps(public)),
        (403, "AccessDenied", refusal(ALICE_ARN, "s3:PutBucketPolicy", arn, "because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.")))
    row(name, "trap 37: Block Public Access off", ask(alice.delete_public_access_block, Bucket=bucket), 204)
    row(name, "trap 37: the same policy", put(public), 204)
    row(name, "trap 37: get_bucket_policy_status", alice.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"], {"IsPublic": True})
    row(f"cli/{scheme}", "trap 37: get-bucket-policy-status", cli.json("s3api", "get-bucket-policy-status", "--bucket", bucket), {"PolicyStatus": {"IsPublic": True}})
    row(name, "anonymous get_object", ask(nobody.get_object, Bucket=bucket, Key="a.txt"), 200)

    # Trap 38: nobody learns whether a key exists without ListBucket.
    row(name, "trap 38: anonymous get of a missing key", hear(nobody.get_object, Bucket=bucket, Key="none.txt"), (403, "AccessDenied", "Access Denied"))
    row(name, "trap 38: the owner's get of it", ask(alice.get_object, Bucket=bucket, Key="none.txt"), (404, "NoSuchKey"))

    # Trap 40: the expected owner.
    row(name, "trap 40: expected owner 0000", hear(alice.get_bucket_location, Bucket=bucket, ExpectedBucketOwner="0000"),
        (400, "InvalidBucketOwnerAWSAccountID", "The value of the expected bucket owner parameter must be an AWS Account ID... [0000]"))
    row(name, "trap 40: another account's id", hear(alice.get_bucket_location, Bucket=bucket, ExpectedBucketOwner=PARTNER), (403, "AccessDenied", "Access Denied"))
    row(name, "trap 40: the owner's id", ask(alice.get_bucket_location, Bucket=bucket, ExpectedBucketOwner=MAIN), 200)

    # TLS only.
    row(name, "policy: TLS only", put(policy(deny("s3:*", [arn, every], Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}}))), 204)
    row("boto3/http", "TLS only: over HTTP", hear(sdk(plain, ca).get_object, Bucket=bucket, Key="a.txt"),
        (403, "AccessDenied", refusal(ALICE_ARN, "s3:GetObject", f"{arn}/a.txt", "with an explicit deny in a resource-based policy")))
    row("boto3/https", "TLS only: over TLS", ask(sdk(secure, ca).get_object, Bucket=bucket, Key="a.txt"), 200)
    row("boto3/vpce", "TLS only: through the endpoint over HTTP", ask(sdk(endpoints["vpce-0a1b2c3d"]["http"], ca).get_object, Bucket=bucket, Key="a.txt"), (403, "AccessDenied"))
    lift = sdk(secure, ca)

    # One VPC endpoint only, for objects.
    row("boto3/https", "policy: one VPC endpoint only", ask(lift.put_bucket_policy, Bucket=bucket, Policy=json.dumps(policy(
        deny(["s3:GetObject", "s3:PutObject"], every, Principal="*", Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-0a1b2c3d"}})))), 204)
    row(name, "VPC endpoint only: from the internet", hear(alice.get_object, Bucket=bucket, Key="a.txt"),
        (403, "AccessDenied", refusal(ALICE_ARN, "s3:GetObject", f"{arn}/a.txt", "with an explicit deny in a resource-based policy")))
    inside = endpoints["vpce-0a1b2c3d"]["tls" if scheme == "https" else "http"]
    row("boto3/vpce", "VPC endpoint only: through it", ask(sdk(inside, ca).get_object, Bucket=bucket, Key="a.txt"), 200)
    row("cli/vpce", "VPC endpoint only: s3 cp through it", CLI(inside, ca, home)("s3", "cp", "body.txt", f"s3://{bucket}/d.txt", "--no-progress"), "ok")
    row("boto3/vpce", "VPC endpoint only: through another one", ask(sdk(endpoints["vpce-0000ffff"]["tls"], ca).get_object, Bucket=bucket, Key="a.txt"), (403, "AccessDenied"))
    row(name, "the policy goes", ask(alice.delete_bucket_policy, Bucket=bucket), 204)
    row("boto3/vpce", "an endpoint whose policy allows reading only", hear(sdk(endpoints["vpce-0000ffff"]["tls"], ca).put_object, Bucket=bucket, Key="e.txt", Body=b"x"),
        (403, "AccessDenied", refusal(ALICE_ARN, "s3:PutObject", f"{arn}/e.txt", "because no VPC endpoint policy allows the s3:PutObject action")))

    # Another account: both sides.
    row(name, "cross-account: no bucket policy, same organization", hear(paula.get_object, Bucket=bucket, Key="a.txt"),
        (403, "AccessDenied", refusal(PAULA_ARN, "s3:GetObject", f"{arn}/a.txt", "because no resource-based policy allows the s3:GetObject action")))
    row(name, "cross-account: no bucket policy, no organization", hear(simon.get_object, Bucket=bucket, Key="a.txt"), (403, "AccessDenied", "Access Denied"))
    row(name, "cross-account: policy for the partner's account", put(policy(allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], every, Principal={"AWS": f"arn:aws:iam::{PARTNER}:root"}))), 204)
    row(name, "cross-account: both sides allow", ask(paula.get_object, Bucket=bucket, Key="a.txt"), 200)
    made = sdk(here, ca, PAULA, "iam")
    row("boto3/iam", "a partner's user without policies", ask(made.create_user, UserName=f"pete-{scheme}"), 200)
    key = made.create_access_key(UserName=f"pete-{scheme}")["AccessKey"]
    row(name, "cross-account: the caller's side is missing", hear(sdk(here, ca, (key["AccessKeyId"], key["SecretAccessKey"])).get_object, Bucket=bucket, Key="a.txt"),
        (403, "AccessDenied", refusal(f"arn:aws:iam::{PARTNER}:user/pete-{scheme}", "s3:GetObject", f"{arn}/a.txt", "because no identity-based policy allows the s3:GetObject action")))

    # An SCP, a boundary and a session policy, each in its own words.
    row(name, "an SCP denies", hear(paula.delete_object, Bucket=bucket, Key="a.txt"),
        (403, "AccessDenied", refusal(PAULA_ARN, "s3:DeleteObject", f"{arn}/a.txt", "with an explicit deny in a service control policy")))
    row(name, "a boundary leaves it out", hear(sdk(here, ca, BASIL).put_object, Bucket=bucket, Key="f.txt", Body=b"x"),
        (403, "AccessDenied", refusal(BASIL_ARN, "s3:PutObject", f"{arn}/f.txt", "because no permissions boundary allows the s3:PutObject action")))
    row(name, "the boundary leaves reading in", ask(sdk(here, ca, BASIL).get_object, Bucket=bucket, Key="a.txt"), 200)
    sts = sdk(here, ca, ALICE, "sts")
    for what, session, why in (("leaves it out", policy(allow("s3:GetObject")), "because no session policy allows the s3:PutObject action"),
                               ("denies it", policy(allow("s3:*"), deny("s3:PutObject")), "with an explicit deny in a session policy")):
        c = sts.assume_role(RoleArn=f"arn:aws:iam::{MAIN}:role/app", RoleSessionName="clients", Policy=json.dumps(session))["Credentials"]
        app = sdk(here, ca, (c["AccessKeyId"], c["SecretAccessKey"], c["SessionToken"]))
        row(name, f"a session policy {what}", hear(app.put_object, Bucket=bucket, Key="g.txt", Body=b"x"),
            (403, "AccessDenied", refusal(f"arn:aws:sts::{MAIN}:assumed-role/app/clients", "s3:PutObject", f"{arn}/g.txt", why)))
        row(name, "and leaves reading in", ask(app.get_object, Bucket=bucket, Key="a.txt"), 200)
