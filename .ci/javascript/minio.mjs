// The MinIO client for JavaScript does its ordinary work and a lock. Prints one JSON line a step.
import * as Minio from "minio";

const at = new URL(process.env.ENDPOINT);
const client = new Minio.Client({ endPoint: at.hostname, port: Number(at.port), useSSL: at.protocol === "https:", region: "us-east-1",
  accessKey: process.env.AWS_ACCESS_KEY_ID, secretKey: process.env.AWS_SECRET_ACCESS_KEY });
const bucket = "minio-client";

async function step(what, want, run) {
  let got;
  try {
    got = (await run()) ?? "done";
  } catch (e) {
    got = e.code ?? String(e);
  }
  console.log(JSON.stringify({ what, got, want }));
}
const text = async (stream) => {
  let out = "";
  for await (const chunk of await stream) out += chunk;
  return out;
};

await step("make a bucket with Object Lock", "done", () => client.makeBucket(bucket, "us-east-1", { ObjectLocking: true }));
await step("put", "done", async () => void (await client.putObject(bucket, "ledger.txt", "the ledger")));
await step("put 12 MiB in parts", "done", async () => void (await client.putObject(bucket, "big.bin", Buffer.alloc(12 << 20, 1))));
await step("get", "the ledger", () => text(client.getObject(bucket, "ledger.txt")));
await step("list", "big.bin ledger.txt", async () => {
  const names = [];
  for await (const o of client.listObjectsV2(bucket, "", true)) names.push(o.name);
  return names.join(" ");
});
await step("stat", 10, async () => (await client.statObject(bucket, "ledger.txt")).size);
await step("tag", "done", () => client.setObjectTagging(bucket, "ledger.txt", { class: "secret" }));
await step("retention of a day", "COMPLIANCE", async () => {
  await client.putObjectRetention(bucket, "ledger.txt", { mode: "COMPLIANCE", retainUntilDate: new Date(Date.now() + 86400e3).toISOString().replace(/\.\d+/, "") });
  return (await client.getObjectRetention(bucket, "ledger.txt")).mode;
});
await step("remove the kept version", "AccessDenied", async () => {
  const { versionId } = await client.statObject(bucket, "ledger.txt");
  return client.removeObject(bucket, "ledger.txt", { versionId, forceDelete: false });
});
await step("a public policy", "AccessDenied", () => client.setBucketPolicy(bucket, JSON.stringify({ Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${bucket}/*` }] })));
await step("a link", 200, async () => (await fetch(await client.presignedGetObject(bucket, "big.bin", 60))).status);
