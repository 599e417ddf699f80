# See the refusal: the bucket blocks SSE-C.
aws s3api put-object --bucket vault --key secret.txt --body one.txt --sse-customer-algorithm AES256 --sse-customer-key fileb://k1.bin --profile app

# Unblock it on this bucket, and store two versions under two keys.
aws s3api put-bucket-encryption --bucket vault --server-side-encryption-configuration '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"},"BlockedEncryptionTypes":{"EncryptionType":["NONE"]}}]}' --profile admin
aws s3api put-object --bucket vault --key secret.txt --body one.txt --sse-customer-algorithm AES256 --sse-customer-key fileb://k1.bin --profile app
aws s3api put-object --bucket vault --key secret.txt --body two.txt --sse-customer-algorithm AES256 --sse-customer-key fileb://k2.bin --profile app

# Read both: the newest by name, the older one by its version id.
aws s3api get-object --bucket vault --key secret.txt new.txt --sse-customer-algorithm AES256 --sse-customer-key fileb://k2.bin --profile app
old=$(aws s3api list-object-versions --bucket vault --prefix secret.txt --query 'Versions[?!IsLatest].VersionId' --output text --profile app)
aws s3api get-object --bucket vault --key secret.txt --version-id "$old" old.txt --sse-customer-algorithm AES256 --sse-customer-key fileb://k1.bin --profile app

# One 400: no key. One 403: the wrong key.
aws s3api get-object --bucket vault --key secret.txt none.txt --profile app
aws s3api get-object --bucket vault --key secret.txt none.txt --sse-customer-algorithm AES256 --sse-customer-key fileb://k1.bin --profile app

# Hand a copy over under SSE-S3, then close the door.
aws s3api copy-object --bucket vault --key plain.txt --copy-source vault/secret.txt --copy-source-sse-customer-algorithm AES256 --copy-source-sse-customer-key fileb://k2.bin --server-side-encryption AES256 --profile app
aws s3api put-bucket-encryption --bucket vault --server-side-encryption-configuration '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"},"BlockedEncryptionTypes":{"EncryptionType":["SSE-C"]}}]}' --profile admin
