# SPDX-License-Identifier: MIT
# Scripts with nasty strings in a world that fits them: what arrives there, and what else happens.

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

from hostile_places import S, T, connection_folders, dirty, generate

WORLD = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "world")
sys.path.insert(0, WORLD)

TOOLS = ("bash", "cat", "cp", "date", "grep", "head", "mktemp", "mv", "rm", "sed", "tail", "tr",
         "wc")
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
    """What the process PID asked: its arguments, environment and outputs are where it has them."""
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

    def plan(self):
        with open(os.path.join(self.out, "plan.json"), encoding="utf-8") as file:
            return json.load(file)

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

    def __init__(self, log, plan):
        self.plan = plan
        self.reads = [urlsplit(option(e, "--url")) for e in log if e.get("method") == "GET"]
        self.writes = [(e["method"], urlsplit(option(e, "--url")), json.loads(e["body"] or "null"))
                       for e in log if e.get("write") and "--url" in e["argv"]]

    def segments(self):
        return {unquote(part) for url in self.reads for part in url.path.split("/")}

    def queries(self, name):
        return [value for url in self.reads for value in parse_qs(url.query).get(name, [])]

    def bodies(self, method, ending):
        return [body for verb, url, body in self.writes
                if verb == method and url.path.endswith(ending)]

    def connection(self):
        return self.bodies("POST", "/_apis/serviceendpoint/endpoints")[0]

    def application(self):
        return [body for _, url, body in self.writes if "/applications(uniqueName=" in url.path
                and "displayName" in body][0]

    def keyed(self):
        return [unquote(re.search(r"uniqueName=(%27.*%27)", url.path).group(1))
                for url in self.reads + [url for _, url, _ in self.writes]
                if "(uniqueName=" in url.path]


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
    return [b for m, _, b in calls.writes
            if m == "PUT" and b.get("tags", {}).get(key.strip()) == value.strip()]


def connection_name(calls, value):
    body = calls.connection()
    return body["name"] == value and value in calls.queries("endpointNames") and \
        all(r["name"] == value for r in body["serviceEndpointProjectReferences"])


def described(calls, value):
    body = calls.connection()
    references = body["serviceEndpointProjectReferences"]
    sent = [body["description"], *(reference["description"] for reference in references)]
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


# A NAME goes into no call; in plan.json ${x} is what is read back, and $${ a literal one.
def identity_key(calls, value):
    return calls.plan["identity"]["key"].replace("$${", "${") == value


def connection_key(calls, value):
    return calls.plan["connection"].replace("$${", "${") == value


def location(calls, value):
    return [b for m, _, b in calls.writes if m == "PUT" and b.get("location") == value]


ARRIVES = {
    "organization": organization, "default project": project_asked, "project": project_asked,
    "identity NAME": identity_key, "connection NAME": connection_key,
    "managed identity": identity_path, "display name": display_name,
    "resource group": identity_path,
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
