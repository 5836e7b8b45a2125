#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# Makes, shows, compares and changes the worlds that the az stand-in works on.
"""world.py COMMAND [ARGUMENT...]; the world is the file $AZ_WORLD, except for make and diff.

  make [OPTION...]       a world on standard output: the example's tenant, subscription,
                         organization contoso with the projects Payments, Ledger, Shared Services,
                         and a person who is signed in and may do everything
    --cloud NAME         the identity side's cloud
    --issuer KIND        entra or azure-devops
    --devops-tenant ID   the organization's tenant is this one: a second profile, `devops`
    --identity RG/NAME   an existing managed identity
    --application NAME[=UNIQUE]  an existing application with its service principal
    --plan FILE          instead: what this plan.json takes for granted, repeatable
    --merge JSON         a merge patch over all that, repeatable
  get EXPRESSION         JMESPath over the state; a string is printed as it is, else JSON
  set JSON               a merge patch over the state
  edit EXPRESSION JSON   a merge patch over each object that the JMESPath expression selects
  fault JSON...          adds faults: {"match": {"method", "url"}, "nth", "times", "kind"}
  log [EXPRESSION]       the log as one JSON list, or JMESPath over it
  writes                 the calls that write: method, URL, status, body with sorted keys
  forget                 empties the log
  diff A B               what differs between two worlds, apart from clocks and counters
"""

import difflib
import json
import os
import sys

sys.pycache_prefix = os.environ.get("AZ_WORLD_PYCACHE")
sys.dont_write_bytecode = sys.pycache_prefix is None  # the source tree stays as it is

from state import World  # noqa: E402

TENANT = "11111111-1111-1111-1111-111111111111"
SUBSCRIPTION = "22222222-2222-2222-2222-222222222222"
ORGANIZATION = "33333333-3333-4333-8333-333333333333"
PERSON = "44444444-4444-4444-8444-444444444444"
USER = {"name": "admin@contoso.example", "type": "user", "objectId": PERSON}
LOCATIONS = {"AzureUSGovernment": "usgovvirginia", "AzureChinaCloud": "chinaeast2"}
CLOCKS = ("calls", "ids", "seen", "createdOn", "authorizedOn", "createdDateTime", "createPolls")


def base_world(cloud, issuer, devops_tenant):
    location = LOCATIONS.get(cloud, "westeurope")
    groups = {name: {"id": "/subscriptions/%s/resourceGroups/%s" % (SUBSCRIPTION, name),
                     "name": name, "type": "Microsoft.Resources/resourceGroups",
                     "location": location, "tags": {},
                     "properties": {"provisioningState": "Succeeded"}}
              for name in ("rg-identities", "rg-payments", "rg-secrets")}
    projects = {name: {"id": "55555555-5555-4555-8555-55555555550%d" % at, "name": name,
                       "state": "wellFormed", "pipelines": [12, 47, 48]}
                for at, name in enumerate(("Payments", "Ledger", "Shared Services"))}
    profiles = {"": {"tenantId": TENANT, "environmentName": cloud, "user": USER,
                     "subscriptions": [SUBSCRIPTION], "rights": "all"}}
    if devops_tenant != TENANT:
        profiles["devops"] = {"tenantId": devops_tenant, "environmentName": "AzureCloud",
                              "user": USER, "subscriptions": [], "rights": "all"}
    return {"settings": {}, "faults": [], "profiles": profiles,
            "tenants": {t: {"users": {PERSON: {"id": PERSON, "displayName": "Admin"}}}
                        for t in (TENANT, devops_tenant)},
            "subscriptions": {SUBSCRIPTION: {"displayName": "Payments Production", "cloud": cloud,
                                             "tenantId": TENANT, "groups": groups}},
            "managementGroups": {"mg-platform": {"tenantId": TENANT, "displayName": "Platform"}},
            "organizations": {"contoso": {"name": "contoso", "id": ORGANIZATION,
                                          "tenantId": devops_tenant, "issuer": issuer,
                                          "projects": {p["id"]: p for p in projects.values()}}}}


def merge(target, patch):
    """RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    target = target if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        else:
            target[key] = merge(target.get(key), value)
    return target


def command_make(*args):
    options = {"--cloud": "AzureCloud", "--issuer": "entra", "--devops-tenant": TENANT}
    made, plans = [], []
    for name, value in zip(args[::2], args[1::2], strict=True):
        if name in options:
            options[name] = value
        elif name == "--plan":
            plans.append(value)
        elif name in ("--identity", "--application", "--merge"):
            made.append((name, value))
        else:
            raise SystemExit("world.py make: unknown option " + name)
    world = World("")
    world.data = base_world(options["--cloud"], options["--issuer"], options["--devops-tenant"])
    if plans:
        import fitting
        world.data = {"settings": {}, "faults": []}
        for path in plans:
            with open(path, encoding="utf-8") as file:
                plan = json.load(file)
            fitting.fit(world, plan, USER, LOCATIONS.get(plan["cloud"], "westeurope"))
    for name, value in made:
        if name == "--merge":
            world.data = merge(world.data, json.loads(value))
        elif name == "--identity":
            import arm
            group, _, identity = value.partition("/")
            arm.add_identity(world, SUBSCRIPTION, group, identity,
                             LOCATIONS.get(options["--cloud"], "westeurope"))
        else:
            import graph
            shown, _, unique = value.partition("=")
            graph.add_principal(world, TENANT, graph.add_application(
                world, TENANT, {"displayName": shown, "uniqueName": unique or None}))
    print(json.dumps(world.data, ensure_ascii=False, indent=1, sort_keys=True))


def show(value):
    print(value if isinstance(value, str) else
          json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def search(expression, value):
    import jmespath
    return jmespath.search(expression, value)


def here():
    return World(os.environ["AZ_WORLD"])


def command_get(expression):
    with here() as world:
        show(search(expression, world.data))


def command_set(patch):
    with here() as world:
        world.data = merge(world.data, json.loads(patch))


def command_edit(expression, patch):
    with here() as world:
        found = search(expression, world.data)  # JMESPath hands out the very objects it selects
        for target in found if isinstance(found, list) else [found]:
            if not isinstance(target, dict):
                raise SystemExit("world.py edit: %s selects %r, not an object"
                                 % (expression, target))
            merge(target, json.loads(patch))
        if not found:
            raise SystemExit("world.py edit: %s selects nothing" % expression)


def command_fault(*faults):
    with here() as world:
        world.data.setdefault("faults", []).extend(json.loads(fault) for fault in faults)


def entries():
    try:
        with open(os.environ["AZ_WORLD"] + ".log", encoding="utf-8") as file:
            return [json.loads(line) for line in file]
    except FileNotFoundError:
        return []


def command_log(expression="@"):
    show(search(expression, entries()))


def canonical(body):
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, sort_keys=True,
                          separators=(",", ":"))
    except (TypeError, ValueError):
        return body or ""


def command_writes():
    for entry in entries():
        if entry.get("write"):
            line = "%s %s %s %s" % (entry["method"], entry["url"],
                                    entry["status"] or entry.get("fault"), canonical(entry["body"]))
            print(line.rstrip())


def command_forget():
    with here():
        open(os.environ["AZ_WORLD"] + ".log", "w", encoding="utf-8").close()


def timeless(value):
    if isinstance(value, dict):
        return {k: timeless(v) for k, v in value.items() if k not in CLOCKS}
    return [timeless(v) for v in value] if isinstance(value, list) else value


def command_diff(first, second):
    texts = []
    for path in (first, second):
        with open(path, encoding="utf-8") as file:
            texts.append(json.dumps(timeless(json.load(file)), ensure_ascii=False, indent=1,
                                    sort_keys=True).splitlines())
    lines = list(difflib.unified_diff(*texts, first, second, lineterm=""))
    print("\n".join(lines), end="\n" if lines else "")
    return 1 if lines else 0


def main(argv):
    command = globals().get("command_" + argv[0]) if argv else None
    if command is None:
        sys.stderr.write(__doc__)
        return 2
    return command(*argv[1:]) or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
