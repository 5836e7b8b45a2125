# SPDX-License-Identifier: MIT
# Microsoft Graph v1.0 in a world: applications, owners, service principals, federated credentials.

import re

from arm import check_credential
from rest import Reply, glob, literal, not_modelled

KEYED = re.compile(r"(\w+)\((\w+)='((?:[^']|'')*)'\)")
FILTER = re.compile(r"(\w+) eq '((?:[^']|'')*)'")
FILTERS = {"applications": ("displayName", "appId", "uniqueName"),
           "servicePrincipals": ("appId", "displayName")}
KEYS = {"applications": ("appId", "uniqueName"), "servicePrincipals": ("appId",)}
APPLICATION = {"displayName?": str, "signInAudience?": str, "uniqueName?": str, "tags?": list,
               "notes?": str, "serviceManagementReference?": str, "description?": str}
CREDENTIAL = {"name?": str, "issuer?": str, "subject?": str, "audiences?": list,
              "description?": str}
READ = "Application.Read.All"
WRITE = "Application.ReadWrite.All"
OWNED = "Application.ReadWrite.OwnedBy"


def error(status, code, message):
    return Reply(status, {"error": {"code": code, "message": message, "innerError": {
        "date": "2026-01-05T08:00:00", "request-id": "00000000-0000-4000-8000-000000000000",
        "client-request-id": "00000000-0000-4000-8000-000000000000"}}})


def missing(name):
    return error(404, "Request_ResourceNotFound", "Resource '%s' does not exist or one of its "
                 "queried reference-property objects are not present." % name)


def serve(request, cloud_name, cloud):
    request.fail = lambda status, message: error(status, "Request_BadRequest", message)
    if request.account is None:
        raise Reply(401, {"error": {"code": "InvalidAuthenticationToken",
                                    "message": "Access token is empty."}}, challenge=True)
    if request.audience != cloud["graph"].rstrip("/"):
        raise Reply(401, {"error": {"code": "InvalidAuthenticationToken", "message": "Access token "
                                    "validation failure. Invalid audience."}}, challenge=True)
    request.tenant = request.world.tenant(request.account["tenantId"])
    if request.segments[:1] != ["v1.0"]:
        raise not_modelled(request.url)
    first, rest_of_path = request.segments[1], request.segments[2:]
    keyed = KEYED.fullmatch(first)
    collection = keyed.group(1) if keyed else first
    if (collection, request.method) == ("me", "GET") and not rest_of_path:
        return Reply(200, {"id": request.user_id, "userPrincipalName": request.user_name,
                           "displayName": request.user_name})
    if collection not in KEYS:
        raise not_modelled(request.url)
    if keyed:
        return on_object(request, collection, (keyed.group(2), literal(keyed.group(3))),
                         rest_of_path)
    if rest_of_path:
        return on_object(request, collection, ("id", rest_of_path[0]), rest_of_path[1:])
    return on_collection(request, collection)


# --- rights and views -----------------------------------------------------------------------------

def may(request, *names):
    if not any(glob(held, name) for held in request.rights("graph") for name in names):
        raise error(403, "Authorization_RequestDenied",
                    "Insufficient privileges to complete the operation.")


def may_change(request, application):
    """The application's owners may change it with less than the others need."""
    owned = request.user_id in application.get("owners", [])
    may(request, *((WRITE, OWNED) if owned else (WRITE,)))


def selected(request, value):
    wanted = request.argument("$select")
    request.refuse_unread_query()
    if wanted is None:
        return value
    names = [name.strip() for name in wanted.split(",")]
    for name in names:
        if name not in value:
            raise request.fail(400, "Could not find a property named '%s'" % name)
    return {name: value[name] for name in names}


def view(application):
    return {k: v for k, v in application.items() if k not in ("owners", "credentials")}


def find(request, collection, key, value):
    if key != "id" and key not in KEYS[collection]:
        raise error(400, "BadRequest", "Resource '%s' has no key '%s'" % (collection, key))
    return next((o for o in request.tenant[collection].values()
                 if o.get(key) is not None and o[key].lower() == value.lower()), None)


# --- applications and service principals ----------------------------------------------------------

def add_application(world, tenant_id, body, creator=None):
    """Makes an application; also used to build worlds."""
    made = {"id": world.new_id("application"), "appId": world.new_id("app"),
            "displayName": body["displayName"], "uniqueName": body.get("uniqueName"),
            "signInAudience": body.get("signInAudience", "AzureADMyOrg"),
            "tags": body.get("tags", []), "notes": body.get("notes"),
            "description": body.get("description"),
            "serviceManagementReference": body.get("serviceManagementReference"),
            "createdDateTime": world.now(), "passwordCredentials": [], "keyCredentials": [],
            "owners": [creator] if creator else [], "credentials": {}}
    world.tenant(tenant_id)["applications"][made["id"]] = made
    return made


def add_principal(world, tenant_id, application):
    made = {"id": world.new_id("principal"), "appId": application["appId"],
            "displayName": application["displayName"], "accountEnabled": True, "tags": [],
            "servicePrincipalType": "Application", "alternativeNames": []}
    world.tenant(tenant_id)["servicePrincipals"][made["id"]] = made
    return made


def on_collection(request, collection):
    if request.method == "GET":
        may(request, READ, WRITE)
        found = FILTER.fullmatch(request.argument("$filter") or "")
        if not found or found.group(1) not in FILTERS[collection]:
            raise not_modelled("the filter of " + request.url)
        name, wanted = found.group(1), literal(found.group(2)).lower()
        return Reply(200, {"@odata.context": request.origin + "v1.0/$metadata#" + collection,
                           "value": [selected(request, view(o))
                                     for o in request.tenant[collection].values()
                                     if (o.get(name) or "").lower() == wanted
                                     and not o.get("unsearchable")]})
    if request.method == "POST":
        request.refuse_unread_query()
        return create(request, collection, {})
    raise not_modelled(request.method + " " + request.url)


def create(request, collection, key):
    """POST, or the creating half of a PATCH by key."""
    tenant_id = request.account["tenantId"]
    if collection == "applications":
        may(request, WRITE, OWNED)
        body = {**request.shape(request.json_body(), APPLICATION), **key}
        if "displayName" not in body:
            raise error(400, "Request_BadRequest", "A value is required for property "
                        "'displayName' of resource 'Application'.")
        if body.get("uniqueName") and find(request, collection, "uniqueName", body["uniqueName"]):
            raise error(409, "Request_MultipleObjectsWithSameKeyValue", "Another object with the "
                        "same value for property uniqueName already exists.")
        made = add_application(request.world, tenant_id, body, request.user_id)
        return Reply(201, view(made))
    may(request, WRITE, OWNED)
    body = {**request.shape(request.json_body(), {"appId?": str, "tags?": list}), **key}
    application = find(request, "applications", "appId", body.get("appId", ""))
    if application is None:
        raise error(400, "Request_BadRequest", "The appId '%s' of the service principal does not "
                    "reference a valid application object." % body.get("appId"))
    if find(request, collection, "appId", body["appId"]):
        raise error(409, "Request_MultipleObjectsWithSameKeyValue", "The service principal cannot "
                    "be created, updated, or restored because the service principal name %s is "
                    "already in use." % body["appId"])
    return Reply(201, add_principal(request.world, tenant_id, application))


def on_object(request, collection, key, path):
    found = find(request, collection, *key)
    if path:
        if found is None:
            raise missing(key[1])
        if collection == "applications" and path[0] == "owners":
            return owners(request, found, path[1:])
        if collection == "applications" and path[0].startswith("federatedIdentityCredentials"):
            return credentials(request, found, path)
        raise not_modelled(request.method + " " + request.url)
    if request.method == "GET":
        may(request, READ, WRITE)
        if found is None:
            raise missing(key[1])
        return Reply(200, selected(request, view(found)))
    request.refuse_unread_query()
    if request.method == "PATCH":
        if found is None and key[0] != "id" and \
                request.headers.get("prefer") == "create-if-missing":
            return create(request, collection, dict([key]))
        if found is None:
            raise missing(key[1])
        return update(request, collection, found)
    if request.method == "DELETE":
        return delete(request, collection, found, key)
    raise not_modelled(request.method + " " + request.url)


def update(request, collection, found):
    may_change(request, found)
    fields = APPLICATION if collection == "applications" else {"appId?": str, "tags?": list}
    body = request.shape(request.json_body(), fields)
    for name in ("uniqueName", "appId"):
        if name in body and body[name] != found.get(name):
            raise error(400, "Request_BadRequest",
                        "Property '%s' is read-only and cannot be set." % name)
    found.update(body)
    return Reply(204)


def delete(request, collection, found, key):
    if found is None:
        raise missing(key[1])
    may_change(request, found)
    del request.tenant[collection][found["id"]]
    if collection == "applications":  # its service principal goes with it
        principals = request.tenant["servicePrincipals"]
        for principal in [p for p in principals.values() if p["appId"] == found["appId"]]:
            del principals[principal["id"]]
    return Reply(204)


def owners(request, application, path):
    if request.method == "GET" and not path:
        may(request, READ, WRITE)
        known = {**request.tenant["users"], **request.tenant["servicePrincipals"]}
        return Reply(200, {"value": [
            selected(request, {"id": owner, "displayName": known.get(owner, {}).get("displayName")})
            for owner in application["owners"]]})
    if request.method == "POST" and path == ["$ref"]:
        may_change(request, application)
        body = request.shape(request.json_body(), {"@odata.id": str})
        found = re.fullmatch(re.escape(request.origin) + r"v1\.0/(?:directoryObjects|users|"
                             r"servicePrincipals)/([0-9a-fA-F-]{36})", body["@odata.id"])
        if not found:
            raise error(400, "Request_BadRequest", "Invalid URL format specified in @odata.id.")
        owner = found.group(1).lower()
        if all(owner not in request.tenant[kind] for kind in ("users", "servicePrincipals")):
            raise missing(owner)
        if owner in application["owners"]:
            raise error(400, "Request_BadRequest", "One or more added object references already "
                        "exist for the following modified properties: 'owners'.")
        application["owners"].append(owner)
        return Reply(204)
    raise not_modelled(request.method + " " + request.url)


# --- federated credentials of an application ------------------------------------------------------

def credential_failure(kind, message):
    if kind == "duplicate":
        issuer, _, subject = message.partition("|")
        message = ("The combination of issuer and subject must be unique for the application. "
                   "Issuer %s and Subject: %s already exist. paramName: "
                   "FederatedIdentityCredential.Subject, paramValue: %s, objectType: "
                   "Microsoft.Online.DirectoryServices.Application" % (issuer, subject, subject))
    return error(400, "InvalidFederatedIdentityCredentialValue", message)


def credentials(request, application, path):
    if path == ["federatedIdentityCredentials"]:
        if request.method == "GET":
            may(request, READ, WRITE)
            request.refuse_unread_query()
            return Reply(200, {"value": list(application["credentials"].values())})
        if request.method == "POST":
            may_change(request, application)
            return create_credential(request, application, request.shape(
                request.json_body(), {**CREDENTIAL, "name": str}))
        raise not_modelled(request.method + " " + request.url)
    keyed = KEYED.fullmatch(path[0])
    if keyed and keyed.group(2) == "name" and len(path) == 1:
        name = literal(keyed.group(3))
    elif path[0] == "federatedIdentityCredentials" and len(path) == 2:
        name = path[1]
    else:
        raise not_modelled(request.method + " " + request.url)
    entry = next((e for e in application["credentials"].values()
                  if name.lower() in (e["name"].lower(), e["id"])), None)
    return on_credential(request, application, entry, name)


def on_credential(request, application, entry, name):
    request.refuse_unread_query()
    if request.method == "PATCH":
        may_change(request, application)
        body = request.shape(request.json_body(), CREDENTIAL)
        if entry is None:
            if request.headers.get("prefer") != "create-if-missing":
                raise missing(name)
            entry = {"name": name}
        if body.get("name", entry["name"]) != entry["name"]:
            raise error(400, "Request_BadRequest", "Property 'name' is read-only.")
        if "id" not in entry:
            return create_credential(request, application, {**entry, **body})
        changed = {**entry, **body}
        check_credential(credential_failure,
                         [e for e in application["credentials"].values() if e is not entry],
                         changed["name"], changed)
        entry.update(body)
        return Reply(204)
    if entry is None:
        raise missing(name)
    if request.method == "GET":
        may(request, READ, WRITE)
        return Reply(200, entry)
    if request.method == "DELETE":
        may_change(request, application)
        del application["credentials"][entry["name"].lower()]
        return Reply(204)
    raise not_modelled(request.method + " " + request.url)


def create_credential(request, application, body):
    for name in ("issuer", "subject", "audiences"):
        if name not in body:
            raise error(400, "Request_BadRequest", "A value is required for property '%s'." % name)
    known = application["credentials"]
    if body["name"].lower() in known:
        raise error(409, "Request_MultipleObjectsWithSameKeyValue", "FederatedIdentityCredential "
                    "with name %s already exists." % body["name"])
    check_credential(credential_failure, list(known.values()), body["name"], body)
    known[body["name"].lower()] = {"id": request.world.new_id("credential"),
                                   "description": None, **body}
    return Reply(201, known[body["name"].lower()])
