# Must fail at: two-versions. Both versions are stored with the first key.
aws s3api put-bucket-encryption --bucket vault --server-side-encryption-configuration '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"},"BlockedEncryptionTypes":{"EncryptionType":["NONE"]}}]}' --profile admin
aws s3api put-object --bucket vault --key secret.txt --body one.txt --sse-customer-algorithm AES256 --sse-customer-key fileb://k1.bin --profile app
aws s3api put-object --bucket vault --key secret.txt --body two.txt --sse-customer-algorithm AES256 --sse-customer-key fileb://k1.bin --profile app
aws s3api copy-object --bucket vault --key plain.txt --copy-source vault/secret.txt --copy-source-sse-customer-algorithm AES256 --copy-source-sse-customer-key fileb://k1.bin --server-side-encryption AES256 --profile app
aws s3api put-bucket-encryption --bucket vault --server-side-encryption-configuration '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"},"BlockedEncryptionTypes":{"EncryptionType":["SSE-C"]}}]}' --profile admin
