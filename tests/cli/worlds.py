#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# The world that each example is made for: what exists before its scripts run.

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), os.pardir, "world"))

import arm  # noqa: E402
import graph  # noqa: E402
import world as stand_in  # noqa: E402
from state import World  # noqa: E402

ONE, TWO = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
FLEET = {kind: TWO[:-1] + digit
         for kind, digit in (("Dev", "1"), ("Test", "2"), ("Stage", "3"), ("Prod", "4"))}
PAYMENTS = {"Payments": [12, 47]}

# tenant, cloud, subscriptions {id: (name, groups)}, organization (name, id, tenant, issuer),
# projects {name: pipelines}, roles beyond the built-in ones, users, approvers, two (profiles),
# existing (resource group, name, client id of a managed identity), application (client id)
DEFAULTS = {
    "tenant": ONE, "cloud": "AzureCloud", "organization": ("contoso", None, ONE, "entra"),
    "subscriptions": {TWO: ("Payments Production", ("rg-identities", "rg-payments", "rg-secrets"))},
    "projects": PAYMENTS, "roles": {}, "users": (), "approvers": None, "two": False,
    "existing": None, "application": None}
EXAMPLES = {
    "contoso": {},
    "cross-tenant": {
        "organization": ("fabrikam", "66666666-6666-6666-6666-666666666666",
                         "77777777-7777-7777-7777-777777777777", "entra"),
        "subscriptions": {TWO: ("Customer Production", ())}, "two": True,
        "projects": {"Shared Services": [7], "Web Shop": []}},
    "existing-identity": {
        "existing": ("rg-identities", "id-platform", "55555555-5555-5555-5555-555555555555")},
    "existing-application": {"application": "55555555-5555-5555-5555-555555555556"},
    "fleet": {
        "subscriptions": {i: ("Contoso " + kind, ("rg-identities", "rg-payments", "rg-web-shop",
                                                  "rg-data-platform"))
                          for kind, i in FLEET.items()},
        "projects": {"Payments": [101, 102, 103, 104], "Web Shop": [105, 106, 107, 108],
                     "Data Platform": [109, 110, 111, 112]}},
    "government": {
        "tenant": "88888888-8888-8888-8888-888888888888", "cloud": "AzureUSGovernment",
        "organization": ("contoso", None, ONE, "azure-devops"), "two": True,
        "subscriptions": {"99999999-9999-9999-9999-999999999999":
                          ("Agency Production", ("rg-agency",))},
        "projects": {"Agency": [5], "Agency Web": [], "Agency Data": []}},
    "management-group": {"projects": {"Platform": [3]}},
    "ml-workspace": {
        "subscriptions": {TWO: ("Data Science", ("rg-forecasts",))},
        "projects": {"Forecasts": [21]},
        "roles": {"AzureML Data Scientist": "f6c7c914-8db3-469d-8ca1-694a8f32e121"}},
    "nasty": {
        "subscriptions": {TWO: ("It's", ("rg-(payments)_1.x",))},
        "projects": {"Zahlungen und mehr (Ñandú) `x` !": [12]},
        "roles": {"Pay's \"Role\" $x @ /y": "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"}},
    "service-principal": {
        "subscriptions": {TWO: ("Payments Test", ("rg-payments-test",))},
        "users": ("33333333-3333-3333-3333-333333333331", "33333333-3333-3333-3333-333333333332"),
        "approvers": ("44444444-4444-4444-4444-444444444441",
                      "44444444-4444-4444-4444-444444444442")},
    "shared-identity": {
        "subscriptions": {TWO: ("Payments", ("rg-identities", "rg-payments", "rg-registry"))},
        "projects": {"Payments": [1, 2, 3]},
        "roles": {"Cost Management Reader": "72fafb9e-0641-4937-9268-a91bfd8191a3"}},
}


def settings(example):
    return {**DEFAULTS, **EXAMPLES[example]}


def group(subscription, name, location):
    return {"id": "/subscriptions/%s/resourceGroups/%s" % (subscription, name), "name": name,
            "type": "Microsoft.Resources/resourceGroups", "location": location, "tags": {},
            "properties": {"provisioningState": "Succeeded"}}


def make(example):
    """The data of a fresh world."""
    s = settings(example)
    name, organization_id, tenant, issuer = s["organization"]
    data = stand_in.base_world(s["cloud"], issuer, tenant)
    location = stand_in.LOCATIONS.get(s["cloud"], "westeurope")
    person = data["profiles"][""]
    person.update(tenantId=s["tenant"], subscriptions=list(s["subscriptions"]))
    if s["two"]:
        data["profiles"]["devops"] = {**person, "tenantId": tenant, "subscriptions": [],
                                      "environmentName": "AzureCloud"}
    data["tenants"] = {t: {"users": {stand_in.PERSON: {"id": stand_in.PERSON}},
                           "applications": {}, "servicePrincipals": {}}
                       for t in (s["tenant"], tenant)}
    data["tenants"][s["tenant"]]["users"].update({u: {"id": u} for u in s["users"]})
    data["subscriptions"] = {
        i: {"displayName": shown, "cloud": s["cloud"], "tenantId": s["tenant"],
            "groups": {g: group(i, g, location) for g in groups}}
        for i, (shown, groups) in s["subscriptions"].items()}
    data.update(roles=dict(s["roles"]), identities={})
    projects = [{"id": "55555555-5555-4555-8555-55555555550%d" % at, "name": project,
                 "state": "wellFormed", "pipelines": pipelines}
                for at, (project, pipelines) in enumerate(s["projects"].items())]
    data["organizations"] = {name: {
        "name": name, "id": organization_id or stand_in.ORGANIZATION, "tenantId": tenant,
        "issuer": issuer, "endpoints": {}, "projects": {p["id"]: p for p in projects}}}
    if s["approvers"]:
        data["organizations"][name]["identities"] = list(s["approvers"])
    if s["existing"]:
        add_existing(data, *s["existing"])
    if s["application"]:
        add_application(data, s["application"])
    return data


def add_existing(data, group_name, name, client_id):
    world = World("")
    world.data = data
    made = arm.add_identity(world, TWO, group_name, name, "westeurope")["resource"]["properties"]
    made["clientId"] = client_id
    data["tenants"][ONE]["servicePrincipals"][made["principalId"]]["appId"] = client_id


def add_application(data, client_id):
    world = World("")
    world.data = data
    made = graph.add_application(world, ONE, {"displayName": "Auditors"})
    made["appId"] = client_id
    graph.add_principal(world, ONE, made)


# who signs in for which side, with no more rights than the runbook names
PEOPLE = {
    "identity": {"arm": ["*/read", "Microsoft.ManagedIdentity/*",
                         "Microsoft.Resources/subscriptions/resourceGroups/*"], "graph": ["*"]},
    "roles": {"arm": ["*/read", "Microsoft.Authorization/*"], "graph": ["Application.Read.All"]},
    "devops": {"devops": ["endpoint/create", "endpoint/use", "endpoint/read"]},
}


def sign_in(data, person):
    """Only this person's side is signed in; None: the one who may do everything."""
    if person is None:
        return data
    rights = dict(PEOPLE[person])
    if "arm" in rights:
        rights["arm"] = [{"scope": "/", "actions": rights["arm"]}]
    data["profiles"][""]["rights"] = rights
    if "devops" in data["profiles"]:
        data["profiles"]["devops"]["rights"] = rights
        del data["profiles"]["" if person == "devops" else "devops"]
    elif person != "devops":
        for organization in data["organizations"].values():
            organization["members"] = []
    return data


def sign_out(data):
    """Everyone signs out: what is left can be compared with another state."""
    for organization in data["organizations"].values():
        organization.pop("members", None)
    data.pop("profiles", None)
    return data


def is_empty(value):
    return value is None or value == {} or value == []


def bare(data):
    """A state without clocks, sign-ins and empty containers, to be compared with another."""
    def trim(value):
        if isinstance(value, dict):
            value = {k: trim(v) for k, v in value.items() if k not in stand_in.CLOCKS}
            return {k: v for k, v in value.items() if not is_empty(v)}
        return [trim(v) for v in value] if isinstance(value, list) else value
    data = {k: v for k, v in data.items() if k not in ("faults", "settings")}
    for organization in data["organizations"].values():
        # checks go with their connection
        there = organization.get("endpoints", {})
        organization["checks"] = [c for c in organization.get("checks", [])
                                  if c["resource"]["id"] in there]
    return trim(sign_out(data))


if __name__ == "__main__":
    import json
    print(json.dumps(make(sys.argv[1]), ensure_ascii=False, indent=1, sort_keys=True))
