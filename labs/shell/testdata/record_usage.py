"""Writes testdata/usage.json: what the real aws CLI of this machine prints for lines that it refuses, or answers without
asking anybody. Run in labs/shell: python3 testdata/record_usage.py"""
import json
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

HOME = tempfile.mkdtemp()
open(HOME + "/a.txt", "w").write("hi\n")
ENV = {**os.environ, "HOME": HOME, "AWS_ACCESS_KEY_ID": "AKIAEXAMPLEEXAMPLE00", "AWS_SECRET_ACCESS_KEY": "secret",
       "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "PYENV_VERSION": os.environ.get("PYENV_VERSION", "3.11.7")}


def run(line):
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=ENV, cwd=HOME)
    stderr = done.stderr
    for mark in ("aws: error: ", "Unknown options"):  # the usage before them is always the same
        if mark in stderr and "usage: \nNote" in stderr:
            stderr = stderr[stderr.index(mark):]
    return {"line": line, "stdout": done.stdout, "stderr": stderr, "code": done.returncode}


lines = [l for l in open("testdata/usage.txt").read().split("\n") if l and not l.startswith("#")]
with ThreadPoolExecutor(3) as pool:
    runs = list(pool.map(run, lines))
unsent = [r["line"] for r in runs if "Could not connect" in r["stderr"]]
assert not unsent, unsent
json.dump({"runs": runs}, open("testdata/usage.json", "w"), indent=1)
