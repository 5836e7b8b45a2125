# SPDX-License-Identifier: MIT
# Fits a world to a plan.json: adds what the description takes for granted, and nothing it creates.

import json
import re
from urllib.parse import unquote

from arm import add_identity
from graph import add_application, add_principal
from roles import BUILT_IN_ROLES

IDENTITY = re.compile(r"/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/"
                      r"Microsoft\.ManagedIdentity/userAssignedIdentities/([^/?]+)", re.I)


def fit(world, plan, person, location):
    """World.data gets the plan's tenants, subscriptions, groups, projects, owners and roles."""
    data, cloud = world.data, plan["cloud"]
    tenant, other = plan["tenant_id"].lower(), plan["organization_tenant_id"].lower()
    for name in (tenant, other):
        world.tenant(name)["users"].setdefault(person["objectId"], {"displayName": "Admin"})
    texts = "\n".join(text for step in plan["steps"] for text in step_texts(step))
    made_groups = {found for step in plan["steps"] if step["kind"] == "resource-group"
                   for found in re.findall(r"resourceGroups/([^/?]+)", step["look"]["url"], re.I)}
    subscriptions = data.setdefault("subscriptions", {})
    labels = dict(re.findall(r'"subscriptionId": "([^"]+)",\s*"subscriptionName": ("[^\n]*")',
                             texts))
    for sub in sorted(set(re.findall(r"/subscriptions/([0-9a-fA-F-]{36})", texts)) | set(labels)):
        known = subscriptions.setdefault(sub.lower(), {"cloud": cloud, "tenantId": tenant})
        known["displayName"] = json.loads(labels.get(sub, '"Subscription"'))
    for sub, group in set(re.findall(r"/subscriptions/([^/]+)/resourceGroups/([^/?\"\n]+)", texts)):
        if group not in made_groups:
            add_group(subscriptions[sub.lower()], sub, unquote(group), location)
    for name in set(re.findall(r"/managementGroups/([^/?\"\n]+)", texts)):
        data.setdefault("managementGroups", {})[unquote(name).lower()] = {"tenantId": tenant}
    fit_organization(data, plan, other, texts)
    fit_profiles(data, plan, person)
    for step in plan["steps"]:
        fit_step(world, tenant, step)
    fit_identity(world, tenant, plan, texts, location)


def step_texts(step):
    yield step["title"]
    for call in ("look", "write"):
        for part in ("url", "body"):
            yield step.get(call, {}).get(part, "")


def add_group(known, sub, name, location):
    known.setdefault("groups", {})[name.lower()] = {
        "id": "/subscriptions/%s/resourceGroups/%s" % (sub, name), "name": name,
        "type": "Microsoft.Resources/resourceGroups", "location": location, "tags": {},
        "properties": {"provisioningState": "Succeeded"}}


def fit_organization(data, plan, tenant, texts):
    known = data.setdefault("organizations", {}).setdefault(plan["organization"].lower(), {
        "name": plan["organization"], "id": "33333333-3333-4333-8333-333333333333",
        "projects": {}})
    known.update(tenantId=tenant, issuer=plan["expected"]["issuer"])
    pipelines = [int(n) for n in re.findall(r'"id": (\d+),\s*"authorized": true', texts)]
    names = [plan["project"]] + [step["title"].removeprefix("Share with project ")
                                 for step in plan["steps"] if step["kind"] == "share"]
    for name in names:
        if all(p["name"] != name for p in known["projects"].values()):
            guid = "55555555-5555-4555-8555-%012d" % (len(known["projects"]) + 500)
            known["projects"][guid] = {"id": guid, "name": name, "state": "wellFormed",
                                       "pipelines": []}
    own = next(p for p in known["projects"].values() if p["name"] == plan["project"])
    own["pipelines"] = sorted(set(own["pipelines"]) | set(pipelines))


def fit_profiles(data, plan, person):
    user = {"environmentName": plan["cloud"], "tenantId": plan["tenant_id"], "user": person,
            "rights": "all", "subscriptions": sorted(data["subscriptions"])}
    data["profiles"] = {"": user}
    if (plan["cloud"], plan["tenant_id"]) != ("AzureCloud", plan["organization_tenant_id"]):
        data["profiles"]["devops"] = {"environmentName": "AzureCloud", "user": person,
                                      "tenantId": plan["organization_tenant_id"],
                                      "subscriptions": [], "rights": "all"}


def fit_step(world, tenant, step):
    if step["kind"] == "role":
        name = step["title"].removeprefix("Role ").rpartition(" @ /")[0]
        known = {**BUILT_IN_ROLES, **world.data.setdefault("roles", {})}
        if re.fullmatch(r"[0-9a-fA-F-]{36}", name):
            if name.lower() not in known.values():
                world.data["roles"]["Role " + name] = name.lower()
        elif name not in known:
            world.data["roles"][name] = world.new_id("role")
    elif step["kind"] == "owner":
        owner = step["title"].split()[1].lower()
        world.tenant(tenant)["users"].setdefault(owner, {"displayName": "Owner"})


def fit_identity(world, tenant, plan, texts, location):
    identity = plan["identity"]
    if not identity["existing"]:
        return
    if identity["type"] == "managed-identity":
        sub, group, name = IDENTITY.search(texts).groups()
        made = add_identity(world, sub, unquote(group), name, location)["resource"]["properties"]
        principal = world.tenant(tenant)["servicePrincipals"][made["principalId"]]
        made["clientId"] = principal["appId"] = identity["client_id"]
    else:
        made = add_application(world, tenant, {"displayName": identity.get("name") or "App"})
        made["appId"] = identity["client_id"]
        add_principal(world, tenant, made)
