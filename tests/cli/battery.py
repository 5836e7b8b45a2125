#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# Runs every script of one connection of an example in worlds of its own and compares what happened
# with plan.json.
"""battery.py EXAMPLE FOLDER SCRATCH: FOLDER is the connection's output; says what is wrong, if anything.

az is answered by az-server.py at AZ_PORT.
"""

import difflib
import json
import os
import re
import shlex
import subprocess
import sys
import uuid

import worlds
import devops
import roles

HERE = os.path.dirname(os.path.realpath(__file__))
GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]|##vso\[|##\[", re.I)
CAPTURE = re.compile(r"\$(\$\{|\{(\w+)\})")


class Failed(Exception):
    pass


def check(right, *text):
    if not right:
        raise Failed(" ".join(str(t) for t in text))


def same(what, have, want):
    if have == want:
        return
    texts = [json.dumps(v, ensure_ascii=False, indent=1, sort_keys=True).splitlines()
             for v in (have, want)]
    raise Failed("%s differ:\n%s" % (what, "\n".join(
        difflib.unified_diff(*texts, "have", "want", lineterm=""))))


class Bench:
    """One world in a folder, and the scripts of one connection run in it."""

    def __init__(self, example, scripts, scratch):
        self.example, self.scripts, self.scratch = example, scripts, scratch
        for name in ("home", "home/.azure", "devops", "tmp", "away"):
            os.makedirs(os.path.join(scratch, name), exist_ok=True)
        for name in ("home/.azure", "devops"):
            with open(os.path.join(scratch, name, "token-cache"), "w", encoding="utf-8") as file:
                file.write("not to be touched\n")
        self.world = os.path.join(scratch, "world.json")
        self.fresh()

    def fresh(self):
        self.put(worlds.make(self.example))
        for name in (".log", ".bodies"):
            open(self.world + name, "w", encoding="utf-8").close()
        for name in os.listdir(self.away()):
            os.remove(os.path.join(self.away(), name))

    def away(self):
        """Where the scripts run: not where they are."""
        return os.path.join(self.scratch, "away")

    def get(self):
        with open(self.world, encoding="utf-8") as file:
            return json.load(file)

    def put(self, data):
        with open(self.world, "w", encoding="utf-8") as file:
            json.dump(data, file)

    def bare(self):
        return worlds.bare(self.get())

    def sign_in(self, person):
        """Another person sits down at the machine; the world stays."""
        whole = worlds.make(self.example)
        data = worlds.sign_out(self.get())
        data["profiles"] = whole["profiles"]
        self.put(worlds.sign_in(data, person))

    def log(self):
        with open(self.world + ".log", encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def bodies(self):
        with open(self.world + ".bodies", encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def run(self, script, *arguments, status=0, writes=None):
        """The script's output; status and number of writes must be those."""
        before = sum(bool(entry.get("write")) for entry in self.log())
        environment = {
            "PATH": "%s/quick:/usr/bin:/bin" % HERE, "HOME": os.path.join(self.scratch, "home"),
            "TMPDIR": os.path.join(self.scratch, "tmp"), "AZ_WORLD": self.world,
            "AZ_PORT": os.environ["AZ_PORT"]}
        if worlds.settings(self.example)["two"]:
            environment["AZDO_WIF_DEVOPS_CONFIG_DIR"] = os.path.join(self.scratch, "devops")
        done = subprocess.run(
            ["bash", os.path.join(self.scripts, script), *arguments], cwd=self.away(),
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, check=False, timeout=240)
        text = done.stdout.decode("utf-8")
        shown = "%s %s" % (script, " ".join(arguments))
        check(done.returncode == status, shown, "ended with", done.returncode, "not",
              status, ":\n", text)
        made = sum(bool(entry.get("write")) for entry in self.log()) - before
        check(writes is None or made == writes, shown, "made", made, "writes, not", writes, ":\n",
              text)
        found = CONTROLS.search(text)
        check(not found, shown, "printed", repr(found and found.group(0)), ":\n", text)
        check(not os.listdir(os.path.join(self.scratch, "tmp")), shown, "left temporary files")
        return text


# --- what plan.json promises ----------------------------------------------------------------------

def captures(bench, plan):
    """What ${name} stands for, read from the world and not from the scripts."""
    data = bench.get()
    s = worlds.settings(bench.example)
    organization = data["organizations"][s["organization"][0]]
    project = find(organization["projects"], "name", plan["project"])
    connection = find(organization.get("endpoints", {}), None, None)
    value = {"organization_id": organization["id"], "project_id": project["id"],
             "project_name": project["name"], "connection_id": connection["id"]}

    def trust(of):
        return devops.issuer_and_subject(organization, connection, of, plan["name"])

    value["issuer"], value["subject"] = trust(project)
    tenant = data["tenants"][s["tenant"]]
    if plan["identity"]["type"] == "managed-identity":
        properties = find(data["identities"], None, None)["resource"]["properties"]
        value.update(client_id=properties["clientId"], principal_id=properties["principalId"])
    else:
        application = find(tenant["applications"], None, None)
        principal = find(tenant["servicePrincipals"], "appId", application["appId"])
        value.update(application_id=application["id"], client_id=application["appId"],
                     principal_id=principal["id"])
    known_roles = {**roles.BUILT_IN_ROLES, **s["roles"]}
    for step in plan["steps"]:
        if step["kind"] == "role":
            name = step["title"][len("Role "):].rpartition(" @ /")[0]
            value[step["id"] + "_definition"] = known_roles.get(name, name)
        elif step["kind"] == "share":
            other = find(organization["projects"], "name",
                         step["title"][len("Share with project "):])
            value[step["id"] + "_project_id"] = other["id"]
            value[step["id"] + "_project_name"] = other["name"]
            value["subject_" + step["id"][len("share_"):]] = trust(other)[1]
    return value


def find(mapping, key, wanted):
    found = [v for v in mapping.values() if key is None or v[key] == wanted]
    check(len(found) == 1, "not one but", len(found), "of", key, wanted)
    return found[0]


def fill(text, value):
    return CAPTURE.sub(lambda m: value[m.group(2)] if m.group(2) else "${", text)


def compare_writes(bench, plan):
    """Method, URL, header and body of each write, in order, byte for byte."""
    value = captures(bench, plan)
    made = [entry for entry in bench.log() if entry.get("write")]
    planned = [step for step in plan["steps"] if "write" in step]
    same("the writes", ["%s %s" % (e["method"], e["url"].partition("?")[0]) for e in made],
         [written_to(step, made, value) for step in planned])
    bodies = bench.bodies()
    for step, entry in zip(planned, made, strict=True):
        write = step["write"]
        if "command" in write:
            want = shlex.split(write["command"])[1:]
            same("command", entry["argv"][:len(want)], want)
            continue
        same("URL of " + step["id"], entry["url"], fill(write["url"], value))
        same("method of " + step["id"], entry["method"], write["method"])
        same("body of " + step["id"], bodies.pop(0), fill(write["body"], value) + "\n")
        same("wire body of " + step["id"], entry["body"],
             json.dumps(json.loads(fill(write["body"], value))))
        same("headers of " + step["id"], headers_of(entry["argv"]),
             [write["header"]] if "header" in write else
             ["X-TFS-FedAuthRedirect=Suppress"] if "dev.azure.com" in write["url"] else [])
        check(0 < entry["status"] < 300, step["id"], "was answered", entry["status"])
    same("bodies beyond the plan", bodies, [])


def headers_of(arguments):
    return [value for option, value in zip(arguments, arguments[1:]) if option == "--headers"]


def written_to(step, made, value):
    """Also learns the names of role assignments: GUIDs of version 5, which the log must hold."""
    write = step["write"]
    if step["kind"] == "role":
        start, name, end = write["url"].partition("${%s_name}" % step["id"])
        pattern = re.escape(fill(start, value)) + "(" + GUID + ")" + re.escape(end)
        found = [m for m in (re.fullmatch(pattern, e["url"]) for e in made) if m]
        names = {m.group(1) for m in found} - set(value.values())
        check(names, "no role assignment with a derived name for", step["id"])
        value[step["id"] + "_name"] = sorted(names)[0]
        check(uuid.UUID(sorted(names)[0]).version == 5, "a derived name is of version 5", names)
    if "command" in write:
        found = re.search(r"--subscription (\S+) --name '(.*)' --location", write["command"])
        return "PUT https://management.azure.com/subscriptions/%s/resourcegroups/%s" % (
            found.group(1), found.group(2))
    return "%s %s" % (write["method"], fill(write["url"], value).partition("?")[0])


def check_arguments(bench):
    """az would read a file for @path and key=@path: only a script's own body file is meant to."""
    own = re.compile(re.escape(os.path.join(bench.scratch, "tmp")) +
                     r"/azdo-wif\.\w{6}/body\.json")
    for entry in bench.log():
        for argument in entry["argv"]:
            if argument.startswith("@"):
                check(own.fullmatch(argument[1:]), "an argument names a file:", entry["argv"])
            check("=@" not in argument, "an argument holds =@:", entry["argv"])
        check(entry["argv"][:2] in (["account", "show"], ["account", "list"], ["group", "create"], ["group", "show"]) or
              entry["argv"][0] in ("rest", "version"), "what is that:", entry["argv"])
        check(entry["exit"] != 70 and entry.get("status") != 501, "not modelled:", entry)


def check_profiles(bench):
    """Each side spoke through its own profile, which is as before."""
    two = worlds.settings(bench.example)["two"]
    for entry in bench.log():
        if "url" in entry:
            devops_side = entry["url"].startswith("https://dev.azure.com/")
            want = "devops" if two and devops_side else ".azure"
            same("profile of " + entry["url"], os.path.basename(entry["profile"]), want)
            same("audience asked", "--resource" in entry["argv"], devops_side)
        check(entry["env"].get("MSYS_NO_PATHCONV") == "1" and entry["env"].get("LC_ALL") == "C",
              "environment of", entry["argv"], entry["env"])
    for name in ("home/.azure", "devops"):
        same("profile folder", os.listdir(os.path.join(bench.scratch, name)), ["token-cache"])
    same("home", os.listdir(os.path.join(bench.scratch, "home")), [".azure"])


# --- the battery ----------------------------------------------------------------------------------

def provision(bench, plan):
    """Everything by one person; the state that this leads to, and the one before."""
    before = bench.bare()
    bench.run("verify.sh", status=1, writes=0)
    text = bench.run("provision.sh", "--dry-run", writes=0)
    for step in plan["steps"]:
        if "write" in step:
            part = step["kind"] not in ("resource-group", "managed-identity", "application",
                                        "service-principal", "connection", "federated-credential")
            says(text, step, "would add" if part else "would create")
    record = os.path.join(bench.scratch, "evidence")
    count = sum("write" in step for step in plan["steps"])
    text = bench.run("provision.sh", "--yes", "--record", record, writes=count)
    compare_writes(bench, plan)
    check_record(record, count, captures(bench, plan)["connection_id"])
    same("files written where the script ran", os.listdir(bench.away()), [])
    after = bench.bare()
    text = bench.run("provision.sh", "--dry-run", writes=0)
    for step in plan["steps"]:
        if step.get("only_in") is None:
            says(text, step, "exists")
    bench.run("provision.sh", "--yes", writes=0)
    bench.run("verify.sh", writes=0)
    same("the state after runs that write nothing", bench.bare(), after)
    return before, after


def says(text, step, word):
    """The step's line is followed by the word."""
    title = re.escape(step["title"]).replace(r"\#\#", r"\#\#\ ?").replace("##", "## ?")
    check(re.search(r"(?m)^\d+\. %s\n   %s$" % (title, word), text), step["title"], "does not say",
          word, ":\n", text)


def check_record(path, count, connection_id):
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    check(len(lines) == count, "evidence has", len(lines), "lines, not", count, lines)
    for line in lines:
        check(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ admin@contoso\.example provision\.sh "
                       r"(created|added): .*; az (rest|group) ", line), "evidence:", line)
    check(all(connection_id in line for line in lines if "connection_id=" in line),
          "the connection's id is not in the evidence:", lines)
    check(os.stat(path).st_mode & 0o777 == 0o600, "evidence is readable by others")
    os.remove(path)


def kept_group(state, bench, before):
    """A resource group is never removed: it may be there after a rollback."""
    for sub, found in state["subscriptions"].items():
        if not before["subscriptions"][sub].get("groups"):
            check(list(found.pop("groups", {})) in ([], ["rg-fabrikam"]), "groups")
    return state


def roll_back(bench, plan, before, after):
    answers = ("--yes", "--confirm", plan["name"])
    bench.run("rollback.sh", "--dry-run", "--delete-identity", writes=0)
    same("the state after a dry run", bench.bare(), after)
    bench.run("rollback.sh", *answers, "--delete-identity")
    same("the state after rollback", kept_group(bench.bare(), bench, before), before)
    bench.run("rollback.sh", *answers, "--delete-identity", writes=0)


def by_numbers(bench, plan, after):
    """Each script by the person that it is for; between them only the hand-over file."""
    bench.fresh()
    handover = [name for name in (os.path.basename(bench.scripts) + ".handover",)]
    for script, person in (("1-identity.sh", "identity"), ("2-connection.sh", "devops"),
                           ("3-federation.sh", "identity"), ("4-roles.sh", "roles")):
        bench.sign_in(person)
        bench.run(script, "--dry-run", writes=0)
        bench.run(script, "--yes")
        same("files", os.listdir(bench.away()), handover)
        path = os.path.join(bench.away(), handover[0])
        check(os.stat(path).st_mode & 0o777 == 0o600, "the hand-over is readable by others")
        bench.run(script, "--yes", writes=0)
    bench.sign_in(None)
    compare_writes(bench, plan)
    same("the state after the numbered scripts", bench.bare(), after)
    return path


def by_parts(bench, plan, before, handover):
    """Rollback part by part, each with only its side signed in."""
    answers = ("--yes", "--confirm", plan["name"])
    for part, person, more in (
            ("federation", "identity", ("--handover", handover)), ("connection", "devops", ()),
            ("roles", "roles", ()), ("identity", "identity", ("--delete-identity",))):
        bench.sign_in(person)
        bench.run("rollback.sh", "--part", part, *answers, *more)
    bench.sign_in(None)
    same("the state after every part", kept_group(bench.bare(), bench, before), before)


def main(example, scripts, scratch):
    with open(os.path.join(scripts, "plan.json"), encoding="utf-8") as file:
        plan = json.load(file)
    bench = Bench(example, scripts, scratch)
    try:
        before, after = provision(bench, plan)
        roll_back(bench, plan, before, after)
        check_arguments(bench)
        check_profiles(bench)
        handover = by_numbers(bench, plan, after)
        by_parts(bench, plan, before, handover)
        check_arguments(bench)
        check_profiles(bench)
    except Failed as failure:
        print("%s/%s: %s" % (example, os.path.basename(scripts), failure))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
