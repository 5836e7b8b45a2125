#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# Puts every nasty string into every place of a description, and watches what becomes of it.
"""hostile.py COMMAND

  run FOLDER          every string in every place: generate, and what is accepted is run; the results
                      go into FOLDER, which must be empty
  report FOLDER PLACE says what went wrong in one place; exit 1 when something did
  strings | places    the labels of the strings; the places, each with the key that it tries
  sample FOLDER       a folder of scripts that hold accepted strings in all places

A string is refused with its line and nothing written, or it arrives byte for byte in the recorded call,
and nothing else happens: no other program runs, no file appears, no log command is printed."""

import collections
import concurrent.futures
import importlib.machinery
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from urllib.parse import parse_qs, unquote, urlsplit

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
WORLD = os.path.join(HERE, os.pardir, "world")
sys.path.insert(0, WORLD)

T = "11111111-1111-1111-1111-111111111111"
S = "22222222-2222-2222-2222-222222222222"
GROUP = "/subscriptions/%s/resourceGroups/" % S

# What each would do is harmless, and would be seen: `touch` and `id` are decoys that tell.
STRINGS = {
    "plain": "plain",
    "substitution": "$(touch pwned)",
    "backquotes": "`touch pwned`",
    "substitution in quotes": '"$(touch pwned)"',
    "leave single quotes": "'; touch pwned; '",
    "leave double quotes": '"; touch pwned; "',
    "apostrophe": "it's",
    "double quote": 'say "x"',
    "all quotes": "'\"`\u2018\u2019\u201c\u201d",
    "newline": "a\ntouch pwned",
    "newline and section": "a\n[tenant]",
    "carriage return": "a\rtouch pwned",
    "tab": "a\tb",
    "nul": "a\0b",
    "escape": "\x1b[31mred",
    "c1 control": "a\u009b31mb",
    "semicolon": "a; touch pwned",
    "inline comment": "a ; b",
    "hash": "a # b",
    "leading hash": "#x",
    "and": "a && touch pwned",
    "pipe": "a | touch pwned",
    "background": "a & touch pwned",
    "redirection": "a > pwned",
    "here document": "<<JSON",
    "end of here document": "JSON",
    "star": "*",
    "question mark": "?",
    "brackets": "[a-z]*",
    "tilde": "~root",
    "dash": "-",
    "long option": "--help",
    "printf": "%s%n%d",
    "ifs": "a${IFS}b",
    "variable": "$HOME $x $$ $1 $@",
    "default with command": "${x:-$(touch pwned)}",
    "capture": "${client_id} $${client_id}",
    "exclamation marks": "!! !x wow!",
    "backslash": "a\\b\\",
    "backslash and quote": "\\'\\\"\\$x",
    "mustache": "{{x}}",
    "raw mustache": "{{{connection.name}}}",
    "file": "@/etc/passwd",
    "file of a key": "k=@/etc/passwd",
    "standard input": "@-",
    "subscription of az": "{subscriptionId}",
    "long": "x" * 3900,
    "combining": "e\u0301\u0316 a\u030a",
    "bidirectional": "a\u202eb",
    "zero width": "a\u200bb",
    "byte order mark": "a\ufeffb",
    "not utf-8": b"a\xffb",
    "wide": "\u6f22\u5b57 \U0001f600 \u00e9",
    "log command": "##vso[task.setvariable variable=x]y",
    "log error": "##[error]x",
    "traversal": "../../../tmp/pwned",
    "dots": "..",
    "absolute path": "/etc/passwd",
    "null": "null",
    "leave json": '","b":"c',
    "comma": "a,b",
    "header": "[x]",
    "key and value": "a = b",
    "odata": "' or 1 eq 1 or '",
    "query": "a?b=c&d=e#f",
    "jmespath": "a` == `b",
    "html": "<img src=x onerror=alert(1)>",
    "table": "a|b||c",
    "link": "[x](javascript:alert(1))",
    "address": "https://example.com/?a=b",
    "diagram": "end;A->>B: x",
    "longest": None,
}

# --- places ---------------------------------------------------------------------------------------

Place = collections.namedtuple("Place", "key flavour slot before after longest finding")


def place(key, flavour, slot=None, before="", after="", longest=0, finding=None):
    """SLOT of a description of FLAVOUR takes BEFORE + string + AFTER. FINDING: where else a refusal of it
    may point at."""
    return Place(key, flavour, slot or key, before, after, longest, finding)


PLACES = {
    "resource manager": place("tenant.resource_manager_url", "stack"),
    "resource manager host": place("tenant.resource_manager_url", "stack", before="https://"),
    "resource manager path": place("tenant.resource_manager_url", "stack", before="https://arm.example/"),
    "login": place("tenant.login_url", "stack", before="https://"),
    "login path": place("tenant.login_url", "stack", before="https://login.example/"),
    "graph": place("tenant.graph_url", "stack", before="https://"),
    "graph path": place("tenant.graph_url", "stack", before="https://graph.example/"),
    "organization": place("organization.name", "workspace"),
    "default project": place("organization.project", "group", longest=64),
    "identity NAME": place("identity NAME", "workspace"),
    "managed identity": place("identity.name", "group"),
    "display name": place("identity.name", "workspace", longest=256),
    "resource group": place("identity.resource_group", "group"),
    "location": place("identity.location", "group"),
    "tag": place("identity.tags", "group"),
    "tag key": place("identity.tags", "group", after=" = value", longest=512),
    "tag value": place("identity.tags", "group", before="key = ", longest=256),
    "unique name": place("identity.unique_name", "workspace", longest=255),
    "service management reference": place("identity.service_management_reference", "workspace",
                                          longest=255),
    "identity of connection": place("connection.identity", "subscription"),
    "connection NAME": place("connection NAME", "workspace"),
    "connection": place("connection.name", "workspace", longest=128),
    "project": place("connection.project", "workspace", longest=64),
    "description": place("connection.description", "workspace", longest=1024),
    "subscription name": place("connection.subscription_name", "workspace", longest=255),
    "management group": place("connection.management_group_id", "group"),
    "management group name": place("connection.management_group_name", "group", longest=255),
    "workspace group": place("connection.resource_group_name", "workspace"),
    "workspace": place("connection.ml_workspace_name", "workspace", longest=255),
    "workspace location": place("connection.ml_workspace_location", "workspace"),
    "role": place("connection.roles", "workspace"),
    "role name": place("connection.roles", "workspace", after=" @ " + GROUP + "rg-payments", longest=512),
    "scope group": place("connection.roles", "group", before="Reader @ " + GROUP),
    "scope resource": place("connection.roles", "group", before="Reader @ " + GROUP +
                            "rg-payments/providers/Microsoft.Storage/storageAccounts/"),
    "scope management group": place("connection.roles", "group", before="Reader @ /providers/"
                                    "Microsoft.Management/managementGroups/"),
    "share": place("connection.share_with", "subscription", longest=64),
    "federated credential": place("connection.federated_credential", "workspace", longest=120),
    "audience": place("connection.audience", "workspace", longest=600),
    "branch": place("connection.allowed_branches", "workspace"),
    "branch name": place("connection.allowed_branches", "workspace", before="refs/heads/"),
}
LISTS = ("identity.tags", "connection.roles", "connection.share_with", "connection.allowed_branches")
LONGEST_TEXT = "\u00e9$(touch pwned)'\"\\ @"


def text_of(where, label):
    """The string of a label as bytes; None when this place has none."""
    if label == "longest":
        size = PLACES[where].longest
        return (LONGEST_TEXT * size)[:size - 1].encode() + b"x" if size else None
    text = as_bytes(STRINGS[label])
    comment = text[:1] in (b"#", b";") and PLACES[where].slot in LISTS and not PLACES[where].before
    return None if comment else text


def value_of(where, label):
    text, it = text_of(where, label), PLACES[where]
    return it.before.encode() + text + it.after.encode()


# --- descriptions ---------------------------------------------------------------------------------

PRINCIPAL = ["type = service-principal", ("name", "Payments"), ("unique_name", "payments"),
             ("service_management_reference", "CI-1")]
MANAGED = ["type = managed-identity", ("name", "id-payments"), ("resource_group", "rg-identities"),
           ("location", "westeurope"), "subscription_id = " + S, ("tags", [])]
COMMON = [("description", "Deploys"), ("roles", []), ("allowed_branches", []), "pipelines = 12"]
FLAVOURS = {
    "workspace": (["id = " + T], PRINCIPAL, [
        "scope_level = ml-workspace", "subscription_id = " + S, ("subscription_name", "Payments"),
        ("resource_group_name", "rg-ml"), ("ml_workspace_name", "ml"),
        ("ml_workspace_location", "westeurope"), ("project", "Payments"), ("name", "conn"),
        ("federated_credential", "payments-wif"), ("audience", "api://AzureADTokenExchange"),
        *COMMON]),
    "group": (["id = " + T], MANAGED, [
        "scope_level = management-group", ("management_group_id", "mg-platform"),
        ("management_group_name", "Platform"), *COMMON]),
    "subscription": (["id = " + T], MANAGED, [
        "subscription_id = " + S, ("subscription_name", "Payments"),
        "issuer = azure-devops", ("share_with", []), *COMMON]),
    "stack": (["id = " + T, "cloud = AzureStack", ("resource_manager_url", "https://arm.example"),
               ("login_url", "https://login.example"), ("graph_url", "https://graph.example")],
              PRINCIPAL, ["subscription_id = " + S, ("subscription_name", "Payments"),
                          ("audience", "api://AzureADTokenExchange"), *COMMON]),
}


def as_bytes(value):
    return value if isinstance(value, bytes) else value.encode()


def description(flavour, *every):
    """The INI file with an identity and a connection for each of EVERY, which are {slot: bytes, or a
    list of them}; and for each the line of each slot."""
    tenant, identity, connection = FLAVOURS[flavour]
    lines, places = [], []

    def section(kind, name, entries, values, at):
        at[kind + " NAME"] = len(lines) + 1
        lines.append(b"[" + as_bytes(kind) + (b" " + as_bytes(name) if name else b"") + b"]")
        for entry in entries:
            if isinstance(entry, str):
                lines.append(entry.encode())
                continue
            key, slot = entry[0].encode(), "%s.%s" % (kind, entry[0])
            value = values.get(slot, entry[1])
            at[slot] = len(lines) + 1
            if slot not in LISTS:
                lines.append(key + b" = " + as_bytes(value))
            elif value:
                lines.append(key + b" =")
                lines.extend(b"  " + as_bytes(item) for item in value)
                at[slot] += 1

    common = {}
    section("tenant", "", tenant, every[0], common)
    more = ["tenant_id = " + T] if flavour == "stack" else []
    section("organization", "", [("name", "contoso"), ("project", "Payments"), *more], every[0], common)
    for number, values in enumerate(every):
        at = dict(common)
        name = values.get("identity NAME", "deploy%d" % number)
        section("identity", name, numbered(identity, number), values, at)
        section("connection", values.get("connection NAME", "conn%d" % number),
                [*numbered(connection, number), ("identity", name)], values, at)
        places.append(at)
    return b"\n".join(lines) + b"\n", places


def numbered(entries, number):
    """The same with names of its own."""
    return [(entry[0], "%s%d" % (entry[1], number)) if entry[0] in ("name", "unique_name") else entry
            for entry in entries]


# --- generating -----------------------------------------------------------------------------------

DECEPTIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e"
                       "\u2060-\u206f\ufeff\U000e0000-\U000e0fff]|\t", re.S)
LOG_COMMAND = re.compile(r"##(vso)?\[", re.I)


def dirty(what, data):
    """What is wrong with text that goes to a terminal or into a pipeline's log."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return ["%s is not UTF-8" % what]
    found = DECEPTIVE.search(text)
    problems = ["%s holds U+%04X" % (what, ord(found.group()))] if found else []
    return problems + (["%s holds a log command" % what] if LOG_COMMAND.search(text) else [])


def generate(folder, flavour, *every):
    """(exit status, stderr, lines of each, problems) of generate over a description, into FOLDER/out."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    data, places = description(flavour, *every)
    path = os.path.join(folder, "x.ini")
    with open(path, "wb") as file:
        file.write(data)
    done = subprocess.run([os.environ["TOOL"], "generate", path, "-o", os.path.join(folder, "out")],
                          stdin=subprocess.DEVNULL, capture_output=True, check=False, cwd=folder)
    problems = dirty("standard error", done.stderr) + dirty("standard output", done.stdout)
    return done.returncode, done.stderr, places, problems


def judge(folder, where, labels):
    """{label: [verdict, problems]} of strings that stand in one place, each of a connection of its own.
    Those that are refused with their line are taken out, until the others are accepted: what no file
    may hold is said before what a value may not be."""
    it, results = PLACES[where], {}
    while labels:
        every = [{it.slot: [value_of(where, label)] if it.slot in LISTS else value_of(where, label)}
                 for label in labels]
        status, said, places, problems = generate(folder, it.flavour, *every)
        if status == 0:
            flaws = accepted(folder, len(labels))
            return {**results, **{label: ["accepted", problems + flaws[number]]
                                  for number, label in enumerate(labels)}}
        named = {int(n) for n in re.findall(rb"x\.ini:(\d+):\d+: error: ", said)}
        mine = [label for label, at in zip(labels, places) if named.intersection(
            range(at[it.slot], at[it.slot] + 1 + value_of(where, label).count(b"\n")))]
        if status != 3 or not mine or os.listdir(folder) != ["x.ini"]:
            return {**results, **{label: ["broken", ["exit status %d, %s: %r" % (
                status, os.listdir(folder), said)]] for label in labels}}
        results.update({label: ["refused", problems] for label in mine})
        labels = [label for label in labels if label not in mine]
    return results


def connection_folders(out):
    """The folders of the connections in the order of the description."""
    folders = [name for name in os.listdir(out) if os.path.isdir(os.path.join(out, name))]
    if not all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*", name) for name in folders):
        raise AssertionError("the folders of the connections: %r" % folders)
    return [os.path.join(out, name) for name in folders]


def accepted(folder, count):
    """For each connection what is wrong with the files that were written for it."""
    out, found = os.path.join(folder, "out"), {}
    with open(os.path.join(folder, "x.ini"), encoding="utf-8") as file:
        keys = re.findall(r"^\[connection (.*)\]$", file.read(), re.M)
    with open(os.path.join(out, "README.md"), "rb") as file:
        index = dirty("README.md", file.read())
    for path in connection_folders(out):
        with open(os.path.join(path, "plan.json"), encoding="utf-8") as file:
            key = json.load(file)["connection"].replace("$${", "${")  # there ${x} is what is read back
        found[key] = index + flaws_of(path)
    return [found.get(key, ["no plan.json is of the connection %r" % key]) for key in keys[:count]]


def flaws_of(folder):
    """What is wrong with a connection's files. A runbook quotes bodies; it is no log."""
    problems = []
    for name in ("provision.sh", "rollback.sh"):
        with open(os.path.join(folder, name), "rb") as file:
            text = file.read()
        head = text.partition(b"\nset -euo pipefail\n")[0].split(b"\n")
        problems += ["%s begins with %r" % (name, line) for line in head if line[:1] != b"#" and line]
    with open(os.path.join(folder, "runbook.md"), "rb") as file:
        return problems + [text for text in dirty("runbook.md", file.read()) if "log command" not in text]


# --- running --------------------------------------------------------------------------------------

TOOLS = ("bash", "cat", "cp", "date", "grep", "head", "mktemp", "mv", "rm", "sed", "tail", "tr", "wc")
DECOYS = ("touch", "id", "curl", "JSON")
STUB = """#!/bin/sh
echo $$ >%(folder)s/ask
read -r status <%(folder)s/answer
exit "$status"
"""
DECOY = "#!/bin/sh\necho \"$0 $*\" >>%(folder)s/canary\n"


def load_az():
    """The az stand-in as a module, with all that it would load."""
    loader = importlib.machinery.SourceFileLoader("az", os.path.join(WORLD, "az"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("az", loader))
    loader.exec_module(module)
    import arm, checks, devops, graph, jmespath, roles  # noqa: F401,E401
    return module


def answer_one(az, pid):
    """What the process PID asked: its arguments, environment and outputs are read where they are."""
    def read(name):
        with open("/proc/%s/%s" % (pid, name), "rb") as file:
            return [os.fsdecode(part) for part in file.read().split(b"\0")[:-1]]
    argv = read("cmdline")[2:]
    os.environ.clear()
    os.environ.update(pair.partition("=")[::2] for pair in read("environ"))
    sys.stdout = open("/proc/%s/fd/1" % pid, "w", encoding="utf-8")
    sys.stderr = open("/proc/%s/fd/2" % pid, "w", encoding="utf-8")
    status = az.main(argv)
    sys.stdout.flush()
    sys.stderr.flush()
    return status


def serve_az(az, folder):
    """Answers the calls of FOLDER's az, each in a process of its own that is loaded already."""
    os.mkfifo(folder + "/ask")
    os.mkfifo(folder + "/answer")
    server = os.fork()
    if server:
        return server
    os.setsid()
    while True:
        with open(folder + "/ask", encoding="ascii") as file:
            pid = file.read().strip()
        child = os.fork()
        if not child:
            status = 70
            try:
                status = answer_one(az, pid)
            finally:
                os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        with open(folder + "/answer", "w", encoding="ascii") as file:
            file.write("%d\n" % status)


def private_tools(folder, az):
    """FOLDER/bin: az, the tools that scripts may use, and decoys that tell on whoever runs them."""
    os.makedirs(folder + "/bin")
    for name in TOOLS:
        os.symlink(shutil.which(name), folder + "/bin/" + name)
    os.symlink(shutil.which("true"), folder + "/bin/sleep")
    if az is None:
        os.symlink(os.path.join(WORLD, "az"), folder + "/bin/az")
        os.symlink("/usr/bin/python3", folder + "/bin/python3")
    for name, text in (*(((("az", STUB),)) if az else ()), *((name, DECOY) for name in DECOYS)):
        with open(folder + "/bin/" + name, "w", encoding="utf-8") as file:
            file.write(text % {"folder": folder})
        os.chmod(folder + "/bin/" + name, 0o755)


def make_world(values, flavour):
    """A world in which what the description names is there."""
    import world
    issuer = "azure-devops" if flavour == "subscription" else "entra"
    made = world.base_world("AzureCloud", issuer, T)
    organization = made["organizations"].pop("contoso")
    organization["name"] = name = first(values, "organization.name", "contoso")
    made["organizations"][name.lower()] = organization
    projects = [first(values, "organization.project", "Payments"),
                first(values, "connection.project", "Payments"),
                *map(os.fsdecode, values.get("connection.share_with", []))]
    projects = [p for p in dict.fromkeys(projects) if p != "Payments"]
    for number, project in enumerate(projects):
        key = "55555555-5555-4555-8555-6%011d" % number
        organization["projects"][key] = {"id": key, "name": project, "state": "wellFormed",
                                         "pipelines": [12]}
    groups = made["subscriptions"][S]["groups"]
    made["roles"] = {}
    wanted = [first(values, "identity.resource_group", "rg-identities")]
    for number, item in enumerate(map(os.fsdecode, values.get("connection.roles", []))):
        role, _, scope = item.rpartition(" @ /")
        made["roles"].setdefault(role, "99999999-9999-4999-8999-%012d" % number)
        parts = scope.split("/")
        if parts[0] == "subscriptions":
            wanted.append(parts[3])
        else:
            made["managementGroups"][parts[3].lower()] = {"tenantId": T, "displayName": "x"}
    made["roles"].pop("Reader", None)
    for group in wanted:
        groups.setdefault(group.lower(), {"name": group, "location": "westeurope", "tags": {}})
    return made


def first(values, slot, plain):
    return os.fsdecode(values[slot]) if slot in values else plain


class Run:
    """One description in its world: scripts, their log, and whatever else happened."""

    def __init__(self, folder, flavour, values, az):
        self.folder, self.flavour, self.values, self.problems = folder, flavour, values, []
        status, said, _, problems = generate(folder, flavour, values)
        if status:
            raise AssertionError("together they are refused: %r" % said)
        self.problems += problems
        self.out = connection_folders(os.path.join(folder, "out"))[0]
        self.log = []
        private_tools(folder, az)
        for name in ("home", "tmp", "cwd"):
            os.mkdir(os.path.join(folder, name))
        self.world = os.path.join(folder, "world.json")
        with open(self.world, "w", encoding="utf-8") as file:
            json.dump(make_world(values, flavour), file)
        shutil.copy(self.world, self.world + ".before")
        self.server = serve_az(az, folder) if az else None
        self.environment = {
            "PATH": folder + "/bin", "HOME": folder + "/home", "TMPDIR": folder + "/tmp",
            "AZ_WORLD": self.world, "LC_ALL": "C.UTF-8",
            "BASH_FUNC_command_not_found_handle%%":
                "() { echo \"unknown command $*\" >>%s/canary; }" % folder}

    def end(self):
        if self.server:
            os.kill(self.server, signal.SIGKILL)
            os.waitpid(self.server, 0)

    def script(self, name, *arguments, status=0, writes=True, prefix=()):
        """Runs a script and notes what it should not have done; its log entries are the result."""
        before = len(self.log)
        done = subprocess.run([*prefix, "/bin/bash", os.path.join(self.out, name), *arguments],
                              env=self.environment, cwd=self.folder + "/cwd", check=False,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=300)
        self.said = done.stdout + done.stderr
        try:
            with open(self.world + ".log", encoding="utf-8") as file:
                self.log = [json.loads(line) for line in file]
        except FileNotFoundError:
            pass
        entries = self.log[before:]
        if done.returncode != status:
            self.problems.append("%s: exit status %d:\n%s" % (
                name, done.returncode, self.said.decode("utf-8", "replace")[-1500:]))
        if not writes and any(entry.get("write") for entry in entries):
            self.problems.append("%s writes" % name)
        self.problems += ["%s: %s" % (name, text) for text in self.watch(done, entries)]
        return entries

    def watch(self, done, entries):
        problems = dirty("standard output", done.stdout) + dirty("standard error", done.stderr)
        problems += ["standard error: %r" % line for line in done.stderr.splitlines()
                     if not re.fullmatch(rb"   waiting \d+ s for .*", line)][:3]
        for entry in entries:
            problems += ["az was given %r" % argument for argument in entry["argv"]
                         if (argument.startswith("@") or "=@" in argument)
                         and not re.fullmatch(re.escape("@" + self.folder) +
                                              r"/tmp/azdo-wif\.\w+/body\.json", argument)]
            wanted = {"AZURE_CONFIG_DIR": self.folder + "/home/.azure", "LC_ALL": "C",
                      "MSYS_NO_PATHCONV": "1"}
            if entry["env"] != wanted:
                problems.append("az ran with %r" % entry["env"])
        if os.path.exists(self.folder + "/canary"):
            with open(self.folder + "/canary", encoding="utf-8", errors="replace") as file:
                problems.append("something ran: %r" % file.read())
            os.remove(self.folder + "/canary")
        for name in ("home", "tmp", "cwd"):
            found = os.listdir(os.path.join(self.folder, name))
            if found:
                problems.append("in %s there is now %r" % (name, found))
                shutil.rmtree(os.path.join(self.folder, name))
                os.mkdir(os.path.join(self.folder, name))
        return problems

    def remains(self):
        """The calls and clocks aside, what the scripts have left in the world."""
        texts = []
        for path in (self.world + ".before", self.world):
            with open(path, encoding="utf-8") as file:
                texts.append(json.dumps(without_ends(json.load(file)), indent=1, sort_keys=True))
        return "" if texts[0] == texts[1] else texts[1]


# What goes with a deleted connection, or counts.
BESIDE = ("checks", "permissions", "pipelinePermissions", "calls", "ids", "seen")


def without_ends(value):
    """A world without what is empty or beside the point."""
    if isinstance(value, dict):
        parts = {key: without_ends(part) for key, part in value.items() if key not in BESIDE}
        return {key: part for key, part in parts.items() if part not in ({}, [])}
    return [without_ends(part) for part in value] if isinstance(value, list) else value


# --- has it arrived? ------------------------------------------------------------------------------

def option(entry, name):
    argv = entry["argv"]
    return argv[argv.index(name) + 1] if name in argv else ""


class Calls:
    """The calls of a run, by what they do."""

    def __init__(self, log):
        self.reads = [urlsplit(option(e, "--url")) for e in log if e.get("method") == "GET"]
        self.writes = [(e["method"], urlsplit(option(e, "--url")), json.loads(e["body"] or "null"))
                       for e in log if e.get("write") and "--url" in e["argv"]]

    def segments(self):
        return {unquote(part) for url in self.reads for part in url.path.split("/")}

    def queries(self, name):
        return [value for url in self.reads for value in parse_qs(url.query).get(name, [])]

    def bodies(self, method, ending):
        return [body for verb, url, body in self.writes if verb == method and url.path.endswith(ending)]

    def connection(self):
        return self.bodies("POST", "/_apis/serviceendpoint/endpoints")[0]

    def application(self):
        return [body for _, url, body in self.writes if "/applications(uniqueName=" in url.path
                and "displayName" in body][0]

    def keyed(self):
        return [unquote(re.search(r"uniqueName=(%27.*%27)", url.path).group(1))
                for url in self.reads + [url for _, url, _ in self.writes] if "(uniqueName=" in url.path]


def odata(text):
    return "'" + text.replace("'", "''") + "'"


def data(name):
    return lambda calls, value: calls.connection()["data"][name] == value


def project_asked(calls, value):
    return value in calls.segments()


def display_name(calls, value):
    return calls.application()["displayName"] == value and \
        "displayName eq " + odata(value) in calls.queries("$filter")


def unique_name(calls, value):
    return set(calls.keyed()) == {odata(value)}


def reference(calls, value):
    return calls.application()["serviceManagementReference"] == value


def tag(calls, value):
    key, _, value = value.partition("=")
    return [b for m, _, b in calls.writes if m == "PUT" and b.get("tags", {}).get(key.strip()) == value.strip()]


def connection_name(calls, value):
    body = calls.connection()
    return body["name"] == value and value in calls.queries("endpointNames") and \
        all(r["name"] == value for r in body["serviceEndpointProjectReferences"])


def described(calls, value):
    body = calls.connection()
    sent = [body["description"], *(r["description"] for r in body["serviceEndpointProjectReferences"])]
    return all(re.fullmatch(re.escape(value) + r" \[azdo-wif:[0-9a-f]{8}\]", text) for text in sent)


def role(calls, value):
    name, _, scope = value.rpartition(" @ /")
    path = "/" + scope + "/providers/Microsoft.Authorization/roleDefinitions"
    filters = [parse_qs(url.query)["$filter"] for url in calls.reads if unquote(url.path) == path]
    return ["roleName eq " + odata(name)] in filters


def scope(calls, value):
    path = value.partition(" @ ")[2] + "/providers/Microsoft.Authorization/roleAssignments/"
    return any(m == "PUT" and unquote(url.path).startswith(path) for m, url, _ in calls.writes)


def shared(calls, value):
    names = [item["projectReference"]["name"] for m, _, b in calls.writes
             if m == "PATCH" and isinstance(b, list) for item in b]
    return value in names and value in calls.segments()


def identity_path(calls, value):
    return any(m == "PUT" and value in unquote(url.path).split("/") for m, url, _ in calls.writes)


def credential(calls, value):
    return any("federatedIdentityCredentials(name=%27" + value + "%27)" in url.path
               for _, url, _ in calls.writes)


def audience(calls, value):
    return [b for _, _, b in calls.writes if isinstance(b, dict) and b.get("audiences") == [value]]


def branch(calls, value):
    return [b for b in calls.bodies("POST", "/_apis/pipelines/checks/configurations")
            if value in b["settings"]["inputs"]["allowedBranches"].split(",")]


def organization(calls, value):
    hosts = {unquote(u.path.split("/")[1]) for u in calls.reads if u.netloc == "dev.azure.com"}
    return hosts == {value}


def management_group(calls, value):
    return data("managementGroupId")(calls, value)


def location(calls, value):
    return [b for m, _, b in calls.writes if m == "PUT" and b.get("location") == value]


ARRIVES = {
    "organization": organization, "default project": project_asked, "project": project_asked,
    "identity NAME": lambda calls, value: True, "connection NAME": lambda calls, value: True,
    "managed identity": identity_path, "display name": display_name, "resource group": identity_path,
    "location": location, "tag": tag, "tag key": tag, "tag value": tag, "unique name": unique_name,
    "service management reference": reference, "connection": connection_name,
    "description": described, "subscription name": data("subscriptionName"),
    "management group": management_group, "management group name": data("managementGroupName"),
    "workspace group": data("resourceGroupName"), "workspace": data("mlWorkspaceName"),
    "workspace location": data("mlWorkspaceLocation"), "role": role, "role name": role,
    "scope group": scope, "scope resource": scope, "scope management group": scope, "share": shared,
    "federated credential": credential, "audience": audience, "branch": branch,
    "branch name": branch,
}


# --- everything -----------------------------------------------------------------------------------

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
                chosen[where] = labels[:PER_RUN.get(where, 1)]
                if PLACES[where].slot == "identity.tags":  # of which no two may have one key
                    chosen[where] = [label for label in chosen[where] if tag_key(where, label) not in tags]
                    tags.update(tag_key(where, label) for label in chosen[where])
                labels[:] = [label for label in labels if label not in chosen[where]]
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
        calls = Calls(run.log)
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
