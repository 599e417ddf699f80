// The AWS SDK for JavaScript does its ordinary work and a customer key, a lock, a link and a form. Prints one JSON line a step.
import { readFileSync } from "node:fs";
import * as s3 from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const client = new s3.S3Client({ endpoint: process.env.ENDPOINT, region: "us-east-1", forcePathStyle: true });
const bucket = "javascript", key = "a folder/über.txt";
const customer = { SSECustomerAlgorithm: "AES256", SSECustomerKey: Buffer.alloc(32, 7), SSECustomerKeyMD5: undefined };

async function step(what, want, run) {
  let got;
  try {
    got = await run();
  } catch (e) {
    got = e.$metadata ? `${e.$metadata.httpStatusCode} ${e.name}` : String(e);
  }
  console.log(JSON.stringify({ what, got, want }));
}
const status = async (command) => (await client.send(command)).$metadata.httpStatusCode;

await step("create bucket", 200, () => status(new s3.CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true })));
await step("put", 200, () => status(new s3.PutObjectCommand({ Bucket: bucket, Key: key, Body: "the ledger" })));
await step("get", "the ledger", async () => (await client.send(new s3.GetObjectCommand({ Bucket: bucket, Key: key }))).Body.transformToString());
await step("list", key, async () => (await client.send(new s3.ListObjectsV2Command({ Bucket: bucket }))).Contents[0].Key);
await step("write only if absent", "412 PreconditionFailed", () => status(new s3.PutObjectCommand({ Bucket: bucket, Key: key, Body: "again", IfNoneMatch: "*" })));
await step("customer key on a new bucket", "403 AccessDenied", () => status(new s3.PutObjectCommand({ Bucket: bucket, Key: "c", Body: "x", ...customer })));
await step("encrypt with the key AWS manages", "aws:kms", async () => (await client.send(new s3.PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x", ServerSideEncryption: "aws:kms" }))).ServerSideEncryption);
await step("hold a version", 200, () => status(new s3.PutObjectLegalHoldCommand({ Bucket: bucket, Key: key, LegalHold: { Status: "ON" } })));
await step("remove the held version", "403 AccessDenied", async () => {
  const { VersionId } = await client.send(new s3.HeadObjectCommand({ Bucket: bucket, Key: key }));
  return status(new s3.DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId }));
});
await step("a link", "200 the ledger", async () => {
  const answer = await fetch(await getSignedUrl(client, new s3.GetObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: 60 }));
  return `${answer.status} ${await answer.text()}`;
});
await step("a browser's form", 204, async () => {
  const { url, fields } = await createPresignedPost(client, { Bucket: bucket, Key: "form.txt", Conditions: [["content-length-range", 1, 100]], Expires: 60 });
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([readFileSync(new URL(import.meta.url)).subarray(0, 50)]), "form.txt");
  return (await fetch(url, { method: "POST", body: form })).status;
});
