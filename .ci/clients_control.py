"""S3 Control and CloudTrail with the ordinary clients: access points, the account's block, and what is written down of whom."""
import gzip
import json
import urllib.request

from clients_kit import ALICE, CLI, MAIN, PAULA, allow, ask, policy, row, sdk

EVERYBODY = {"Principal": "*"}
BLOCK = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}


def points(up, endpoints, home):
    # S3 Control's clients put "ACCOUNT." before the host of an endpoint they are given, and S3's put "POINT-ACCOUNT."
    # before it for an ARN: no name that a resolver knows, so that the HTTP listener is the proxy too.
    proxy, name, bucket = up["http"], "boto3/s3ctl", "points"
    named = proxy.replace("127.0.0.1", "localhost")
    aws, direct = CLI(named, up["ca"], home, proxy=proxy), CLI(up["tls"], up["ca"], home)
    s3, paula = sdk(up["tls"], up["ca"]), sdk(up["tls"], up["ca"], PAULA)
    control = sdk(named, up["ca"], ALICE, "s3control", proxy=proxy)
    by_arn = sdk(named, up["ca"], proxy=proxy, s3={})
    me = ("--account-id", MAIN)
    arn = f"arn:aws:s3:us-east-1:{MAIN}:accesspoint/desk"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="a.txt", Body=b"the ledger")

    made = aws.json("s3control", "create-access-point", *me, "--name", "desk", "--bucket", bucket)
    alias = made.get("Alias", "")
    row("aws s3control", "create-access-point", made.get("AccessPointArn"), arn)
    row("aws s3control", "create-access-point again", aws("s3control", "create-access-point", *me, "--name", "desk", "--bucket", bucket), "AccessPointAlreadyOwnedByYou")
    got = control.get_access_point(AccountId=MAIN, Name="desk")
    row(name, "get_access_point", (got["Bucket"], got["NetworkOrigin"], got["Alias"]), (bucket, "Internet", alias))
    row(name, "its Block Public Access is all on", got["PublicAccessBlockConfiguration"], BLOCK)
    row(name, "list_access_points", [p["Name"] for p in control.list_access_points(AccountId=MAIN, Bucket=bucket)["AccessPointList"]], ["desk"])
    row("boto3/https", "read by the alias", s3.get_object(Bucket=alias, Key="a.txt")["Body"].read(), b"the ledger")
    row("boto3/http", "read by the ARN", by_arn.get_object(Bucket=arn, Key="a.txt")["Body"].read(), b"the ledger")
    row("cli/https", "s3 cp by the alias", direct("s3", "cp", "body.txt", f"s3://{alias}/b.txt", "--no-progress"), "ok")
    row("cli/http", "get-object by the ARN", aws("s3api", "get-object", "--bucket", arn, "--key", "b.txt", "out.txt"), "ok")

    theirs = json.dumps(policy(allow("s3:GetObject", arn + "/object/*", Principal={"AWS": "arn:aws:iam::444455556666:root"})))
    row("aws s3control", "put-access-point-policy", aws("s3control", "put-access-point-policy", *me, "--name", "desk", "--policy", theirs), "ok")
    row("aws s3control", "get-access-point-policy", json.loads(aws.json("s3control", "get-access-point-policy", *me, "--name", "desk").get("Policy", "{}")), json.loads(theirs))
    row(name, "get_access_point_policy_status", control.get_access_point_policy_status(AccountId=MAIN, Name="desk")["PolicyStatus"], {"IsPublic": False})
    row("boto3/https", "the point's policy is not enough", ask(paula.get_object, Bucket=alias, Key="a.txt"), (403, "AccessDenied"))
    delegate = policy({**allow("s3:*", [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"], Principal={"AWS": "*"}), "Condition": {"StringEquals": {"s3:DataAccessPointAccount": MAIN}}})
    row("boto3/https", "the bucket leaves it to its points", ask(s3.put_bucket_policy, Bucket=bucket, Policy=json.dumps(delegate)), 204)
    row("boto3/https", "paula reads through the point", ask(paula.get_object, Bucket=alias, Key="a.txt"), 200)
    row("boto3/https", "but not past it", ask(paula.get_object, Bucket=bucket, Key="a.txt"), (403, "AccessDenied"))
    public = json.dumps(policy({**allow("s3:GetObject", arn + "/object/*"), **EVERYBODY}))
    row("aws s3control", "a public policy is blocked", aws("s3control", "put-access-point-policy", *me, "--name", "desk", "--policy", public), "AccessDenied")
    row("aws s3control", "delete-access-point-policy", aws("s3control", "delete-access-point-policy", *me, "--name", "desk"), "ok")
    row("aws s3control", "get-access-point-policy", aws("s3control", "get-access-point-policy", *me, "--name", "desk"), "NoSuchAccessPointPolicy")

    inner = control.create_access_point(AccountId=MAIN, Name="inner", Bucket=bucket, VpcConfiguration={"VpcId": "vpc-0a1b2c3d"})["Alias"]
    row(name, "a point of one VPC", control.get_access_point(AccountId=MAIN, Name="inner")["NetworkOrigin"], "VPC")
    row("boto3/https", "from the Internet", ask(s3.get_object, Bucket=inner, Key="a.txt"), (403, "AccessDenied"))
    row("boto3/vpce", "through the VPC's endpoint", ask(sdk(endpoints["vpce-0a1b2c3d"]["tls"], up["ca"]).get_object, Bucket=inner, Key="a.txt"), 200)
    row("boto3/https", "a bucket with points is not deleted", ask(s3.delete_bucket, Bucket=bucket)[0], 409)
    for point in ("desk", "inner"):
        row("aws s3control", f"delete-access-point {point}", aws("s3control", "delete-access-point", *me, "--name", point), "ok")
    row(name, "read by the alias of a point that is gone", ask(s3.get_object, Bucket=alias, Key="a.txt")[0], 404)

    words = ",".join(f"{k}=true" for k in BLOCK)
    row("aws s3control", "get-public-access-block", aws("s3control", "get-public-access-block", *me), "NoSuchPublicAccessBlockConfiguration")
    row("aws s3control", "put-public-access-block", aws("s3control", "put-public-access-block", *me, "--public-access-block-configuration", words), "ok")
    row(name, "get_public_access_block", control.get_public_access_block(AccountId=MAIN)["PublicAccessBlockConfiguration"], BLOCK)
    row("aws s3control", "delete-public-access-block", aws("s3control", "delete-public-access-block", *me), "ok")


def trail(up, home):
    """A trail that selects one bucket's objects; the clock jumps, and the file with who read what is there."""
    aws, s3, cloud = CLI(up["tls"], up["ca"], home), sdk(up["tls"], up["ca"]), sdk(up["tls"], up["ca"], ALICE, "cloudtrail")
    s3.create_bucket(Bucket="vault")
    s3.create_bucket(Bucket="trail-files")
    s3.put_object(Bucket="vault", Key="a.txt", Body=b"the ledger")
    create = ("cloudtrail", "create-trail", "--name", "audit", "--s3-bucket-name", "trail-files")
    row("aws cloudtrail", "create-trail before its bucket lets it write", aws(*create), "InsufficientS3BucketPolicyException")
    service = {"Principal": {"Service": "cloudtrail.amazonaws.com"}}
    s3.put_bucket_policy(Bucket="trail-files", Policy=json.dumps(policy(
        allow("s3:GetBucketAcl", "arn:aws:s3:::trail-files", **service), allow("s3:PutObject", f"arn:aws:s3:::trail-files/AWSLogs/{MAIN}/*", **service))))
    row("aws cloudtrail", "create-trail", aws.json(*create).get("TrailARN"), f"arn:aws:cloudtrail:us-east-1:{MAIN}:trail/audit")
    selectors = [{"Name": "the vault", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
                                                         {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::vault/"]}]}]
    row("aws cloudtrail", "put-event-selectors", aws("cloudtrail", "put-event-selectors", "--trail-name", "audit", "--advanced-event-selectors", json.dumps(selectors)), "ok")
    row("boto3/trail", "get_event_selectors", cloud.get_event_selectors(TrailName="audit")["AdvancedEventSelectors"], selectors)
    row("aws cloudtrail", "start-logging", aws("cloudtrail", "start-logging", "--name", "audit"), "ok")
    row("boto3/trail", "get_trail_status", cloud.get_trail_status(Name="audit")["IsLogging"], True)
    row("boto3/https", "a read of the vault", ask(s3.get_object, Bucket="vault", Key="a.txt"), 200)
    seen = cloud.lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreateTrail"}])["Events"]
    row("boto3/trail", "lookup_events has who made the trail", {e["Username"] for e in seen}, {"alice"})
    reads = aws.json("cloudtrail", "lookup-events", "--lookup-attributes", "AttributeKey=EventName,AttributeValue=GetObject")
    row("aws cloudtrail", "lookup-events never has reads of objects", reads.get("Events"), [])

    jump = urllib.request.Request(up["control"] + "/clock?advance=6m", method="POST")
    row("control", "six minutes later", urllib.request.build_opener(urllib.request.ProxyHandler({})).open(jump).status, 200)
    files = [o["Key"] for o in s3.list_objects_v2(Bucket="trail-files", Prefix=f"AWSLogs/{MAIN}/CloudTrail/us-east-1/").get("Contents", [])]
    records = [r for f in files for r in json.loads(gzip.decompress(s3.get_object(Bucket="trail-files", Key=f)["Body"].read()))["Records"]]
    row("boto3/https", "the delivered file has the read", [(r["eventName"], r["userIdentity"]["userName"], r["requestParameters"]["key"]) for r in records], [("GetObject", "alice", "a.txt")])
    row("aws cloudtrail", "delete-trail", aws("cloudtrail", "delete-trail", "--name", "audit"), "ok")
    row("aws cloudtrail", "get-trail", aws("cloudtrail", "get-trail", "--name", "audit"), "TrailNotFoundException")
