"""Object Lock and MFA delete with the ordinary clients: what the root user cannot remove, and what a code may."""
import base64
import datetime
import hashlib
import hmac
import struct
import time

from clients_kit import CLI, ROOT, ask, hear, row, sdk

LOCKED = (403, "AccessDenied", "Access Denied because object protected by object lock.")


def story(scheme, up, home):
    here, ca = up["tls" if scheme == "https" else "http"], up["ca"]
    name, bucket = f"boto3/{scheme}", f"lock-{scheme}"
    alice, root, cli = sdk(here, ca), sdk(here, ca, ROOT), CLI(here, ca, home)
    soon, later = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=n) for n in (1, 2))

    row(name, "a bucket with Object Lock", ask(alice.create_bucket, Bucket=bucket, ObjectLockEnabledForBucket=True), 200)
    row(name, "a default of ten days", ask(alice.put_object_lock_configuration, Bucket=bucket, ObjectLockConfiguration={
        "ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 10}}}), 200)
    a = alice.put_object(Bucket=bucket, Key="a", Body=b"one")["VersionId"]
    row(name, "the default protects what boto3 uploads", alice.head_object(Bucket=bucket, Key="a").get("ObjectLockMode"), "GOVERNANCE")
    row(name, "deleting the key hides it", alice.delete_object(Bucket=bucket, Key="a")["DeleteMarker"], True)
    row(name, "deleting the version", hear(alice.delete_object, Bucket=bucket, Key="a", VersionId=a), LOCKED)
    row(f"cli/{scheme}", "delete-object", cli.says("s3api", "delete-object", "--bucket", bucket, "--key", "a", "--version-id", a), "AccessDenied: " + LOCKED[2])
    row(f"cli/{scheme}", "delete-object --bypass-governance-retention", cli("s3api", "delete-object", "--bucket", bucket, "--key", "a", "--version-id", a, "--bypass-governance-retention"), "ok")

    b = alice.put_object(Bucket=bucket, Key="b", Body=b"two", ObjectLockMode="COMPLIANCE", ObjectLockRetainUntilDate=soon, ObjectLockLegalHoldStatus="ON")["VersionId"]
    row(name, "COMPLIANCE: root, with a bypass", hear(root.delete_object, Bucket=bucket, Key="b", VersionId=b, BypassGovernanceRetention=True), LOCKED)
    row(name, "COMPLIANCE: longer", ask(alice.put_object_retention, Bucket=bucket, Key="b", Retention={"Mode": "COMPLIANCE", "RetainUntilDate": later}), 200)
    row(name, "COMPLIANCE: shorter, root", hear(root.put_object_retention, Bucket=bucket, Key="b", Retention={"Mode": "COMPLIANCE", "RetainUntilDate": soon}, BypassGovernanceRetention=True), LOCKED)
    row(name, "the hold off", ask(alice.put_object_legal_hold, Bucket=bucket, Key="b", LegalHold={"Status": "OFF"}), 200)
    row(name, "OFF is told of", alice.get_object_legal_hold(Bucket=bucket, Key="b")["LegalHold"], {"Status": "OFF"})
    errors = alice.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "b", "VersionId": b}]}, BypassGovernanceRetention=True).get("Errors", [{}])
    row(name, "delete_objects", (errors[0].get("Code"), errors[0].get("Message")), LOCKED[1:])
    row(name, "a copy carries no lock but the default's", alice.copy_object(Bucket=bucket, Key="c", CopySource={"Bucket": bucket, "Key": "b"}) and
        alice.head_object(Bucket=bucket, Key="c")["ObjectLockMode"], "GOVERNANCE")
    row(name, "suspending versions", ask(alice.put_bucket_versioning, Bucket=bucket, VersioningConfiguration={"Status": "Suspended"}), (409, "InvalidBucketState"))


def code(seed, after=0):
    """The six digits a virtual MFA device shows (RFC 6238)."""
    mac = hmac.new(seed, struct.pack(">Q", int(time.time()) // 30 + after), hashlib.sha1).digest()
    at = mac[-1] & 15
    return "%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7FFFFFFF) % 1000000)


def mfa(up, home):
    """The root user makes a device, turns MFA delete on with it, and from then on a version goes only with a code."""
    here, ca, bucket = up["tls"], up["ca"], "mfa-delete"
    alice, root, iam, cli = sdk(here, ca), CLI(here, ca, home, ROOT), sdk(here, ca, ROOT, "iam"), CLI(here, ca, home)
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="root-account-mfa-device")["VirtualMFADevice"]
    seed, serial = base64.b32decode(device["Base32StringSeed"]), device["SerialNumber"]
    alice.create_bucket(Bucket=bucket)
    on = ("s3api", "put-bucket-versioning", "--bucket", bucket, "--versioning-configuration", "Status=Enabled,MFADelete=Enabled")
    row("boto3/iam", "the root user's MFA device", ask(iam.enable_mfa_device, UserName="root", SerialNumber=serial, AuthenticationCode1=code(seed), AuthenticationCode2=code(seed, 1)), 200)
    row("cli/https", "MFA delete without a code", root.says(*on), "AccessDenied: Mfa Authentication must be used for this request")
    row("cli/https", "put-bucket-versioning --mfa, as root", root(*on, "--mfa", f"{serial} {code(seed)}"), "ok")
    row("boto3/https", "get_bucket_versioning", {k: v for k, v in alice.get_bucket_versioning(Bucket=bucket).items() if k != "ResponseMetadata"}, {"Status": "Enabled", "MFADelete": "Enabled"})
    version = alice.put_object(Bucket=bucket, Key="a", Body=b"one")["VersionId"]
    remove = ("s3api", "delete-object", "--bucket", bucket, "--key", "a", "--version-id", version)
    row("cli/https", "deleting a version without a code", cli.says(*remove), "AccessDenied: Mfa Authentication must be used for this request")
    row("cli/https", "with somebody else's", cli("s3api", "delete-object", "--bucket", bucket, "--key", "a", "--version-id", version, "--mfa", f"{serial} {code(seed)}"), "NotDeviceOwnerError")
    row("cli/https", "with the device's, as root", root(*remove, "--mfa", f"{serial} {code(seed)}"), "ok")
