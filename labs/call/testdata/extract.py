"""Writes what the SDK's types do not say, from the botocore and the CLI of this machine: members/SERVICE.txt (the order of
members, which are required, the shortest values, policy documents), pages.txt (how lists come in pages) and
testdata/flags/SERVICE.json (the flags of every command). Run in labs/call: python3 testdata/extract.py"""
import json
import os

import botocore.session
from awscli.clidriver import create_clidriver
from botocore import xform_name
from botocore.exceptions import UnknownServiceError

SERVICES = ["s3", "kms", "iam", "sts", "s3control", "cloudtrail"]
KINDS = {"long": "integer", "float": "double"}
session = botocore.session.get_session()


def sdk(name):
    return name[0].upper() + name[1:]


def minimum(shape):
    if shape.type_name in ("string", "list", "integer", "long", "blob", "map"):
        return shape.metadata.get("min")


class Service:
    def __init__(self, name):
        self.name, self.model = name, session.get_service_model(name)
        self.seen, self.lines, self.flags = set(), [], {}

    def printed(self, shape):
        """Members in the order in which the CLI prints them: what comes in headers first."""
        names = list(shape.members)
        payload = shape.serialization.get("payload")

        def late(name):
            loc = shape.members[name].serialization.get("location")
            return name == payload or loc is None
        return [n for n in names if not late(n)] + [n for n in names if late(n)]

    def write(self, name, shape, names):
        line = name + ": " + " ".join(names)
        # A token that makes a call safe to repeat is made up when it is not given.
        required = [m for m in shape.metadata.get("required", []) if not shape.members[m].metadata.get("idempotencyToken")]
        if required:
            line += " ! " + " ".join(required)
        least = []
        for member, s in shape.members.items():
            if minimum(s):
                least.append(f"{member}={minimum(s)}")
            if s.type_name == "list" and minimum(s.member):
                least.append(f"{member}[]={minimum(s.member)}")
        if least:
            line += " > " + " ".join(least)
        documents = [m for m, s in shape.members.items() if s.name == "policyDocumentType"]
        if documents:
            line += " % " + " ".join(documents)
        items = [f"{m}={s.member.name}" for m, s in shape.members.items()
                 if s.type_name == "list" and s.member.type_name == "string" and not s.member.enum]
        if items:
            line += " @ " + " ".join(items)
        self.lines.append(line.rstrip())

    def walk(self, shape):
        if shape.type_name == "structure":
            if shape.name in self.seen:
                return
            self.seen.add(shape.name)
            name = sdk(shape.name)
            if any(name in (op + "Input", op + "Output") for op in self.model.operation_names):
                name = "types." + name  # the SDK's package of types keeps it apart from the operation's own structure
            self.write(name, shape, list(shape.members))
            for member in shape.members.values():
                self.walk(member)
        elif shape.type_name == "list":
            self.walk(shape.member)
        elif shape.type_name == "map":
            self.walk(shape.value)

    def read(self, table):
        for name in sorted(self.model.operation_names):
            op = self.model.operation_model(name)
            for suffix, shape in (("Input", op.input_shape), ("Output", op.output_shape)):
                if shape is None:
                    self.lines.append(name + suffix + ":")
                    continue
                self.write(name + suffix, shape, list(shape.members) if suffix == "Input" else self.printed(shape))
                for member in shape.members.values():
                    self.walk(member)
            members = op.input_shape.members if op.input_shape else {}
            command = xform_name(name, "-")
            shown = table[command].arg_table if command in table else {}
            flags = {m: "--" + xform_name(m, "-") for m in members}
            flags.update({a._serialized_name: "--" + key for key, a in shown.items()
                          if getattr(a, "_serialized_name", None) in members and not key.startswith("no-")})
            own = sorted("--" + a for a in shown if "--" + a not in flags.values())
            self.flags[command] = {"operation": name, "members": flags, "own": own,
                                   "kinds": {m: KINDS.get(s.type_name, s.type_name) for m, s in members.items() if s.type_name != "string"}}
        os.makedirs("members", exist_ok=True)
        os.makedirs("testdata/flags", exist_ok=True)
        open(f"members/{self.name}.txt", "w").write("\n".join(self.lines) + "\n")
        json.dump(self.flags, open(f"testdata/flags/{self.name}.json", "w"), indent=0, sort_keys=True)


def many(value):
    return " ".join(value) if isinstance(value, list) else value


def pages(name):
    try:
        config = session.get_component("data_loader").load_service_model(name, "paginators-1")["pagination"]
    except UnknownServiceError:
        return
    for op in sorted(config):
        c = config[op]
        parts = [f"{name}:{op}", c.get("more_results", ""), many(c["input_token"]), many(c["output_token"]),
                 c.get("limit_key", ""), many(c["result_key"]), many(c.get("non_aggregate_keys", []))]
        yield "\t".join(parts)


driver = create_clidriver()
commands = driver._get_command_table()
for one in SERVICES:
    Service(one).read(commands["s3api" if one == "s3" else one]._get_command_table())
open("pages.txt", "w").write("\n".join(line for one in SERVICES for line in pages(one)) + "\n")
