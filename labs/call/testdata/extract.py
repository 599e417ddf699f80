"""Writes members.txt (member order and required members of every S3 shape) and testdata/flags.json
(the flags of every s3api command) from the botocore of this machine. Run: python3 testdata/extract.py"""
import json

import botocore.session
from botocore import xform_name

model = botocore.session.get_session().get_service_model("s3")
seen, lines, flags = set(), [], {}


def printed(shape):
    """Members in the order in which the CLI prints them: what comes in headers first."""
    names = list(shape.members)
    payload = shape.serialization.get("payload")
    def late(name):
        loc = shape.members[name].serialization.get("location")
        return name == payload or loc is None
    return [n for n in names if not late(n)] + [n for n in names if late(n)]


def write(name, shape, names):
    line = name + ": " + " ".join(names)
    required = shape.metadata.get("required", [])
    if required:
        line += " ! " + " ".join(required)
    lines.append(line)


def walk(shape):
    if shape.type_name == "structure":
        if shape.name in seen:
            return
        seen.add(shape.name)
        write(shape.name, shape, list(shape.members))
        for member in shape.members.values():
            walk(member)
    elif shape.type_name == "list":
        walk(shape.member)
    elif shape.type_name == "map":
        walk(shape.value)


for name in sorted(model.operation_names):
    op = model.operation_model(name)
    for suffix, shape in (("Input", op.input_shape), ("Output", op.output_shape)):
        if shape is None:
            lines.append(name + suffix + ":")
            continue
        write(name + suffix, shape, list(shape.members) if suffix == "Input" else printed(shape))
        for member in shape.members.values():
            walk(member)
    members = op.input_shape.members if op.input_shape else {}
    flags[xform_name(name, "-")] = {"operation": name, "members": {m: "--" + xform_name(m, "-") for m in members}}

open("members.txt", "w").write("\n".join(lines) + "\n")
json.dump(flags, open("testdata/flags.json", "w"), indent=0, sort_keys=True)
