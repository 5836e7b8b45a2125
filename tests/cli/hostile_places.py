# SPDX-License-Identifier: MIT
# Nasty strings, the places of a description that they are put in, and what generate makes of them.

import collections
import json
import os
import re
import shutil
import subprocess

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

Place = collections.namedtuple("Place", "key flavour slot before after longest")


def place(key, flavour, before="", after="", longest=0):
    """In a description of FLAVOUR, KEY takes BEFORE + string + AFTER; LONGEST limits the string."""
    return Place(key, flavour, key, before, after, longest)


PLACES = {
    "resource manager": place("tenant.resource_manager_url", "stack"),
    "resource manager host": place("tenant.resource_manager_url", "stack", before="https://"),
    "resource manager path": place("tenant.resource_manager_url", "stack",
                                   before="https://arm.example/"),
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
    "description": place("connection.description", "workspace", longest=1004),
    "subscription name": place("connection.subscription_name", "workspace", longest=255),
    "management group": place("connection.management_group_id", "group"),
    "management group name": place("connection.management_group_name", "group", longest=255),
    "workspace group": place("connection.resource_group_name", "workspace"),
    "workspace": place("connection.ml_workspace_name", "workspace", longest=255),
    "workspace location": place("connection.ml_workspace_location", "workspace"),
    "role": place("connection.roles", "workspace"),
    "role name": place("connection.roles", "workspace", after=" @ " + GROUP + "rg-payments",
                       longest=512),
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
LISTS = ("identity.tags", "connection.roles", "connection.share_with",
         "connection.allowed_branches")
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
    """The INI file with an identity and a connection for each of EVERY, which are {slot: bytes, or
    a list of them}; and for each the line of each slot."""
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
    section("organization", "", [("name", "contoso"), ("project", "Payments"), *more], every[0],
            common)
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
    own = ("name", "unique_name")
    return [(entry[0], "%s%d" % (entry[1], number)) if entry[0] in own else entry
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
    """(exit status, stderr, lines of each, problems) of a description generated into FOLDER/out."""
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
    """{label: [verdict, problems]} of strings in one place, each of a connection of its own. Those
    that are refused with their line are taken out, until the others are accepted: what no file may
    hold is said before what a value may not be."""
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
            key = json.load(file)["connection"].replace("$${", "${")  # ${x} is what is read back
        found[key] = index + flaws_of(path)
    return [found.get(key, ["no plan.json is of the connection %r" % key]) for key in keys[:count]]


def flaws_of(folder):
    """What is wrong with a connection's files. A runbook quotes bodies; it is no log."""
    problems = []
    for name in ("provision.sh", "rollback.sh"):
        with open(os.path.join(folder, name), "rb") as file:
            text = file.read()
        head = text.partition(b"\nset -efuo pipefail\n")[0].split(b"\n")
        problems += ["%s begins with %r" % (name, line) for line in head
                     if line and not line.startswith(b"#")]
    with open(os.path.join(folder, "runbook.md"), "rb") as file:
        return problems + [text for text in dirty("runbook.md", file.read())
                           if "log command" not in text]
