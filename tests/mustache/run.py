#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""run.py FILE.json...: renders every case of files in the format of the Mustache specification's own
(specs/*.json) with $TOOL, and compares byte for byte. Prints TAP."""
import json
import os
import subprocess
import sys
import tempfile

TOOL = os.environ["TOOL"]


def render(case):
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(folder + "/partials")
        for name, text in case.get("partials", {}).items():
            path = os.path.join(folder, "partials", name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(text)
        with open(folder + "/template", "w", encoding="utf-8", newline="") as file:
            file.write(case["template"])
        with open(folder + "/data.json", "w", encoding="utf-8") as file:
            json.dump(case["data"], file)
        done = subprocess.run([TOOL, "render", "template", "--data", "data.json", "--language", "html",
                               "--lenient", "--partials", "partials"], cwd=folder,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode()


def main():
    number = failed = 0
    for file in sys.argv[1:]:
        with open(file, encoding="utf-8") as source:
            cases = json.load(source)["tests"]
        for case in cases:
            number += 1
            got = render(case)
            passed = got == (0, case["expected"], "")
            failed += not passed
            print("%sok %d - %s: %s" % ("" if passed else "not ", number, os.path.basename(file), case["name"]))
            if not passed:
                print("#  template: %r\n#  partials: %r\n#  data: %r\n#  got:  %r\n#  want: %r" %
                      (case["template"], case.get("partials"), case["data"], got, case["expected"]))
    print("1..%d" % number)
    sys.exit(failed > 0 or number == 0)


main()
