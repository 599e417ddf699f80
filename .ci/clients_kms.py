"""KMS with the ordinary clients: a key's whole life, what an encryption context is good for, and who may use a key."""
import base64
import json
import os

from clients_kit import ALICE, CLI, MAIN, PAULA, allow, ask, hear, policy, row, sdk

BLOCKED = "The key ID in the request does not identify a CMK that can perform this operation."


def story(scheme, up, home):
    here, ca = up["tls" if scheme == "https" else "http"], up["ca"]
    name, alias = f"boto3/{scheme}", f"alias/ledger-{scheme}"
    kms, paula, cli = sdk(here, ca, ALICE, "kms"), sdk(here, ca, PAULA, "kms"), CLI(here, ca, home)
    made = kms.create_key(Description="the ledger", Tags=[{"TagKey": "team", "TagValue": "red"}])["KeyMetadata"]
    key, arn = made["KeyId"], made["Arn"]
    row(name, "create_key", (made["KeyState"], made["KeySpec"], made["EncryptionAlgorithms"]), ("Enabled", "SYMMETRIC_DEFAULT", ["SYMMETRIC_DEFAULT"]))
    row(name, "create_alias", ask(kms.create_alias, AliasName=alias, TargetKeyId=key), 200)
    row(name, "an alias without its prefix", ask(kms.create_alias, AliasName="ledger", TargetKeyId=key), (400, "ValidationException"))
    row(name, "describe_key by the alias", kms.describe_key(KeyId=alias)["KeyMetadata"]["Arn"], arn)
    row(name, "list_resource_tags", kms.list_resource_tags(KeyId=key)["Tags"], [{"TagKey": "team", "TagValue": "red"}])

    context = {"table": "ledger"}
    sealed = kms.encrypt(KeyId=alias, Plaintext=b"one million", EncryptionContext=context)["CiphertextBlob"]
    row(name, "decrypt with the context", kms.decrypt(CiphertextBlob=sealed, EncryptionContext=context)["Plaintext"], b"one million")
    row(name, "decrypt without it", hear(kms.decrypt, CiphertextBlob=sealed), (400, "InvalidCiphertextException", ""))
    row(name, "too much to encrypt", ask(kms.encrypt, KeyId=key, Plaintext=b"x" * 4097), (400, "ValidationException"))
    data = kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=context)
    row(name, "a data key opens again", kms.decrypt(CiphertextBlob=data["CiphertextBlob"], EncryptionContext=context)["Plaintext"] == data["Plaintext"], True)
    row(name, "generate_random", len(kms.generate_random(NumberOfBytes=12)["Plaintext"]), 12)

    other = kms.create_key()["KeyMetadata"]["KeyId"]
    again = kms.re_encrypt(CiphertextBlob=sealed, SourceEncryptionContext=context, DestinationKeyId=other)
    row(name, "re_encrypt under another key", kms.decrypt(CiphertextBlob=again["CiphertextBlob"], KeyId=other)["Plaintext"], b"one million")
    row(name, "decrypt and name the wrong key", hear(kms.decrypt, CiphertextBlob=again["CiphertextBlob"], KeyId=key), (400, "IncorrectKeyException", BLOCKED))

    row(name, "rotate_key_on_demand", ask(kms.rotate_key_on_demand, KeyId=key), 200)
    row(name, "what the old material sealed still opens", kms.decrypt(CiphertextBlob=sealed, EncryptionContext=context)["Plaintext"], b"one million")
    row(name, "list_key_rotations", [r["RotationType"] for r in kms.list_key_rotations(KeyId=key)["Rotations"]], ["ON_DEMAND"])
    row(name, "enable_key_rotation", ask(kms.enable_key_rotation, KeyId=key, RotationPeriodInDays=90), 200)
    row(name, "get_key_rotation_status", kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"], 90)

    row(name, "another account may not", ask(paula.decrypt, CiphertextBlob=sealed, EncryptionContext=context), (400, "AccessDeniedException"))
    grant = kms.create_grant(KeyId=key, GranteePrincipal="arn:aws:iam::444455556666:user/paula", Operations=["Decrypt"],
                             Constraints={"EncryptionContextSubset": context})
    row(name, "with a grant it may", paula.decrypt(CiphertextBlob=sealed, EncryptionContext=context)["Plaintext"], b"one million")
    row(name, "but not encrypt", ask(paula.encrypt, KeyId=arn, Plaintext=b"x", EncryptionContext=context), (400, "AccessDeniedException"))
    row(name, "list_grants", [g["GrantId"] for g in kms.list_grants(KeyId=key)["Grants"]], [grant["GrantId"]])
    row(name, "revoke_grant", ask(kms.revoke_grant, KeyId=key, GrantId=grant["GrantId"]), 200)
    row(name, "and again it may not", ask(paula.decrypt, CiphertextBlob=sealed, EncryptionContext=context), (400, "AccessDeniedException"))

    lockout = json.dumps(policy(allow("kms:Decrypt", Principal={"AWS": f"arn:aws:iam::{MAIN}:root"})))
    row(name, "a policy that locks everybody out", hear(kms.put_key_policy, KeyId=key, Policy=lockout),
        (400, "MalformedPolicyDocumentException", "The new key policy will not allow you to update the key policy in the future."))
    pages = [len(p["Keys"]) for p in kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 1})]
    row(name, "list_keys, a page each", len(pages) >= 2 and set(pages) == {1}, True)

    row(f"cli/{scheme}", "disable-key", cli("kms", "disable-key", "--key-id", key), "ok")
    row(f"cli/{scheme}", "encrypt", cli.says("kms", "encrypt", "--key-id", alias, "--plaintext", "hello"), f"DisabledException: {arn} is disabled.")
    row(f"cli/{scheme}", "enable-key", cli("kms", "enable-key", "--key-id", key), "ok")
    blob = cli.json("kms", "encrypt", "--key-id", alias, "--plaintext", "hello").get("CiphertextBlob", "")
    with open(os.path.join(home, "blob.bin"), "wb") as f:
        f.write(base64.b64decode(blob))
    row(f"cli/{scheme}", "decrypt", cli.json("kms", "decrypt", "--ciphertext-blob", "fileb://blob.bin").get("Plaintext"), "aGVsbG8=")
    row(f"cli/{scheme}", "list-aliases", alias in [a["AliasName"] for a in cli.json("kms", "list-aliases")["Aliases"]], True)
    row(f"cli/{scheme}", "get-key-policy", json.loads(cli.json("kms", "get-key-policy", "--key-id", key)["Policy"])["Id"], "key-default-1")
    row(f"cli/{scheme}", "schedule-key-deletion", cli.json("kms", "schedule-key-deletion", "--key-id", key, "--pending-window-in-days", "7")["KeyState"], "PendingDeletion")
    row(f"cli/{scheme}", "decrypt", cli.says("kms", "decrypt", "--ciphertext-blob", "fileb://blob.bin"), f"KMSInvalidStateException: {arn} is pending deletion.")
    row(f"cli/{scheme}", "cancel-key-deletion", cli("kms", "cancel-key-deletion", "--key-id", key), "ok")
    row(f"cli/{scheme}", "describe-key", cli.json("kms", "describe-key", "--key-id", key)["KeyMetadata"]["KeyState"], "Disabled")
    row(f"cli/{scheme}", "sign, which is not imitated", cli("kms", "sign", "--key-id", key, "--message", "aGVsbG8=", "--signing-algorithm", "ECDSA_SHA_256"), "NotImplemented")
