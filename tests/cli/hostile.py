#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# Puts every nasty string into every place of a description, and watches what becomes of it.
"""hostile.py COMMAND

  run FOLDER          every string in every place: generate, and what is accepted is run; the
                      results go into FOLDER, which must be empty
  report FOLDER PLACE says what went wrong in one place; exit 1 when something did
  places              compares the places with the keys of the schema; exit 1 when one is missing
  sample FOLDER       a few strings with the az stand-in as it is, under strace; scripts stay there

A string is refused with its line and nothing written, or it arrives byte for byte in the recorded
call, and nothing else happens: no program runs, no file appears, no log command is printed."""

import collections
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True

from hostile_places import LISTS, PLACES, STRINGS, judge, text_of, value_of  # noqa: E402
from hostile_runs import ARRIVES, TOOLS, WORLD, Calls, Run, load_az  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
AZ = None
PER_RUN = {"share": 8, "tag key": 20, "tag value": 1}


def plan_runs(results):
    """Runs so that each accepted string is used in each place: [(flavour, {place: [label]})]."""
    runs = []
    for flavour in ("workspace", "group", "subscription"):
        waiting = {where: [label for label, (verdict, _) in results[where].items()
                           if verdict == "accepted"]
                   for where, it in PLACES.items() if it.flavour == flavour and where in ARRIVES}
        # a string stands in several places at once, so the lists are turned against one another
        for turn, labels in enumerate(waiting.values()):
            labels[:] = labels[turn % max(1, len(labels)):] + labels[:turn % max(1, len(labels))]
        while any(waiting.values()):
            chosen = {}
            tags = set()
            for where, labels in waiting.items():
                now = labels[:PER_RUN.get(where, 1)]
                if PLACES[where].slot == "identity.tags":  # of which no two may have one key
                    now = [label for label in now if tag_key(where, label) not in tags]
                    tags.update(tag_key(where, label) for label in now)
                chosen[where] = now
                labels[:] = [label for label in labels if label not in now]
            runs.append((flavour, {where: labels for where, labels in chosen.items() if labels}))
    return runs


def tag_key(where, label):
    return value_of(where, label).partition(b"=")[0].strip().lower()


def values_of(chosen):
    values = {}
    for where, labels in chosen.items():
        slot = PLACES[where].slot
        for label in labels:
            if slot in LISTS:
                values.setdefault(slot, []).append(value_of(where, label))
            else:
                values[slot] = value_of(where, label)
    return values


def perform(job):
    folder, number, flavour, chosen = job
    values = values_of(chosen)
    try:
        run = Run(os.path.join(folder, "run%d" % number), flavour, values, AZ)
    except AssertionError as error:
        return chosen, [str(error)], {}
    lost = collections.defaultdict(list)
    try:
        run.script("provision.sh", "--yes")
        calls = Calls(run.log, run.plan())
        for where, labels in chosen.items():
            for label in labels:
                try:
                    there = ARRIVES[where](calls, os.fsdecode(value_of(where, label)))
                except (IndexError, KeyError, AttributeError, TypeError) as error:
                    there = None
                    lost[where].append("%s: no such call: %r" % (label, error))
                if there is not None and not there:
                    lost[where].append("%s: has not arrived unchanged" % label)
        run.script("verify.sh", writes=False)
        if number % 6 == 0:
            run.script("provision.sh", "--yes", writes=False)
        name = os.fsdecode(values.get("connection.name", values.get("connection NAME", b"conn0")))
        if flavour != "group" or number % 4 == 0:
            run.script("rollback.sh", "--yes", "--delete-identity", "--confirm", name)
            if b"left:" in run.said or run.remains():
                run.problems.append("rollback left something:\n%s\n%s" % (
                    run.said.decode("utf-8", "replace"), run.remains()))
    except subprocess.TimeoutExpired as error:
        run.problems.append(str(error))
    finally:
        run.end()
    if not run.problems and not lost:
        shutil.rmtree(run.folder)
    return chosen, run.problems, lost


SINGLE = ("tenant", "organization")  # sections of which a description has one


def try_place(job):
    folder, where = job
    work = os.path.join(folder, "pair-" + where.replace(" ", "-"))
    labels = [label for label in STRINGS if text_of(where, label) is not None]
    alone = PLACES[where].slot.partition(".")[0] in SINGLE
    # a string that ends its line would move those below it
    groups = [[label] for label in labels if alone or b"\n" in text_of(where, label)]
    labels = [label for label in labels if [label] not in groups]
    groups += [labels[at:at + 40] for at in range(0, len(labels), 40)]
    results = {}
    for some in groups:
        try:
            results.update(judge(work, where, some))
        except Exception as error:  # a result, too
            results.update({label: ["broken", ["%s: %s" % (type(error).__name__, error)]]
                            for label in some})
    shutil.rmtree(work, ignore_errors=True)
    return where, results


def command_run(folder):
    global AZ
    AZ = load_az()
    folder = os.path.realpath(folder)
    with concurrent.futures.ProcessPoolExecutor(max(2, os.cpu_count() or 1)) as pool:
        results = dict(pool.map(try_place, [(folder, where) for where in PLACES]))
        runs = [(folder, number, *run) for number, run in enumerate(plan_runs(results))]
        ran = collections.Counter()
        for chosen, problems, lost in pool.map(perform, runs):
            for where, labels in chosen.items():
                ran[where] += len(labels)
                for label in labels:
                    results[where][label][1].extend(problems)
                results[where][labels[0]][1].extend(lost.get(where, []))
    with open(os.path.join(folder, "results.json"), "w", encoding="utf-8") as file:
        json.dump({"pairs": results, "ran": ran, "runs": len(runs)}, file)


SAMPLE = ("substitution", "all quotes", "file")


def sample(folder):
    """Runs that hold the strings of SAMPLE in every place that takes them."""
    for number, label in enumerate(SAMPLE):
        flavour = ("workspace", "group")[number % 2]
        chosen = {}
        for where, it in PLACES.items():
            if it.flavour != flavour or where not in ARRIVES or where in ("tag", "tag key") or \
                    text_of(where, label) is None:
                continue
            if judge(os.path.join(folder, "judge"), where, [label])[label][0] == "accepted":
                chosen[where] = [label]
        run = Run(os.path.join(folder, "sample%d" % number), flavour, values_of(chosen), None)
        yield label, run


def command_sample(folder):
    """With the az stand-in as it is, traced: which programs does a script start?"""
    status = 0
    for label, run in sample(os.path.realpath(folder)):
        trace = os.path.join(run.folder, "trace")
        run.script("provision.sh", "--yes", prefix=(
            shutil.which("strace"), "-f", "-qq", "-e", "trace=execve", "-e", "status=successful",
            "-s", "4096", "-o", trace))
        with open(trace, encoding="utf-8", errors="replace") as file:
            started = set(re.findall(r'execve\("([^"]*)"', file.read()))
        allowed = {"/bin/bash", "/usr/bin/python3"} | {
            "%s/bin/%s" % (run.folder, name) for name in (*TOOLS, "sleep", "az", "python3")}
        problems = run.problems + ["started: " + path for path in sorted(started - allowed)]
        if not started & {run.folder + "/bin/az", os.path.join(WORLD, "az")}:
            problems.append("the trace does not show az: %r" % started)
        for problem in problems:
            status = 1
            print("%s: %s" % (label, problem))
    return status


def free_text():
    """The keys of the schema whose values are chosen freely, and the NAMEs."""
    bound = ("GUID", "GUIDS", "BOOLEAN", "NUMBER", "CLOUD", "IDENTITY_TYPE", "SCOPE_LEVEL",
             "ISSUER", "PIPELINES")
    with open(os.path.join(HERE, "../../include/model/schema.def"), encoding="utf-8") as file:
        keys = re.findall(r'^KEY\((\w+), \w+, "(\w+)", (\w+),', file.read(), re.M)
    found = {"%s.%s" % (section.lower(), name) for section, name, kind in keys if kind not in bound}
    return found | {"identity NAME", "connection NAME"}


def command_places():
    """Which free keys have no place, and the reverse."""
    tried = {it.key for it in PLACES.values()}
    wrong = sorted(free_text() ^ tried)
    print("\n".join(wrong))
    return 1 if wrong or len(free_text()) < 25 else 0


def command_report(folder, where):
    with open(os.path.join(folder, "results.json"), encoding="utf-8") as file:
        results = json.load(file)
    pairs = results["pairs"][where]
    verdicts = collections.Counter(verdict for verdict, _ in pairs.values())
    print("%s: %d strings, %d refused, %d accepted, of which %d were run" % (
        PLACES[where].key, len(pairs), verdicts["refused"], verdicts["accepted"],
        results["ran"].get(where, 0)))
    wrong = {label: problems for label, (_, problems) in pairs.items() if problems}
    for label, problems in wrong.items():
        print("%s (%r):" % (label, os.fsdecode(text_of(where, label))[:80]))
        for problem in dict.fromkeys(problems):
            print("    " + problem)
    missed = where in ARRIVES and results["ran"].get(where, 0) != verdicts["accepted"]
    return 1 if wrong or missed or len(pairs) < 45 else 0


def main(argv):
    command = globals().get("command_" + argv[0]) if argv else None
    if command is None:
        sys.stderr.write(__doc__ + "\n")
        return 2
    return command(*argv[1:]) or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
