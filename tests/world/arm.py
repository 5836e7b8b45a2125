# SPDX-License-Identifier: MIT
# Azure Resource Manager in a world: subscriptions, groups, managed identities, credentials.

import re

from rest import Reply, glob, route

IDENTITY_TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities"
GROUP_PATH = "subscriptions/{sub}/resourcegroups/{group}"
IDENTITY_PATH = GROUP_PATH + "/providers/" + IDENTITY_TYPE
CREDENTIAL_PATH = IDENTITY_PATH + "/{name}/federatedIdentityCredentials"
CREDENTIAL_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,119}")
IDENTITY_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}")
GROUP_NAME = re.compile(r"[-\w.()]{0,89}[-\w()]")
CREDENTIAL_LIMIT = 20
API_VERSIONS = {"groups": ("2021-04-01", "2022-09-01"), "identity": ("2023-01-31",),
                "roles": ("2022-04-01",), "subscriptions": ("2020-01-01", "2021-01-01",
                                                            "2022-12-01"),
                "managementGroups": ("2020-05-01", "2021-04-01", "2023-04-01")}


def error(status, code, message):
    return Reply(status, {"error": {"code": code, "message": message}})


def serve(request, cloud_name, cloud):
    request.fail = lambda status, message: error(status, "InvalidRequestContent", message)
    request.cloud = cloud_name
    if request.account is None:
        raise Reply(401, {"error": {"code": "AuthenticationFailed", "message": "Authentication "
                                    "failed. The 'Authorization' header is missing."}},
                    challenge=True)
    if request.audience not in (cloud["armResource"].rstrip("/"), cloud["arm"].rstrip("/")):
        raise Reply(401, {"error": {"code": "InvalidAuthenticationTokenAudience", "message":
                                    "The access token has been obtained for wrong audience or "
                                    "resource '%s'." % request.audience}}, challenge=True)
    request.tenant = request.account["tenantId"].lower()
    if "microsoft.authorization" in [segment.lower() for segment in request.segments]:
        import roles
        return route(request, roles.ROUTES, request.segments)
    return route(request, ROUTES, request.segments)


def versioned(kind, handler):
    """The handler behind the check of api-version, and of leftover query parameters behind it."""
    def check(request, **found):
        version = request.argument("api-version")
        if version is None:
            raise error(400, "MissingApiVersionParameter", "The api-version query parameter "
                        "(?api-version=) is required for all requests.")
        if version not in API_VERSIONS[kind]:
            raise error(400, "NoRegisteredProviderFound", "No registered resource provider found "
                        "for API version '%s'. The supported api-versions are '%s'."
                        % (version, ", ".join(API_VERSIONS[kind])))
        request.argument("$filter")
        request.refuse_unread_query()
        return handler(request, **found)
    return check


# --- who may --------------------------------------------------------------------------------------

def inside(scope, outer):
    """Whether a scope equals or lies below another; management groups contain everything."""
    scope, outer = scope.lower().rstrip("/"), outer.lower().rstrip("/")
    if outer.startswith("/providers/microsoft.management/managementgroups/"):
        return scope == outer or scope.startswith("/subscriptions/")
    return scope == outer or scope.startswith(outer + "/")


def grants(request, scope):
    return [g for g in request.rights("arm") if inside(scope, g.get("scope", "/"))]


def allow(request, action, scope):
    for grant in grants(request, scope):
        if any(glob(a, action) for a in grant.get("actions", [])) and \
                not any(glob(a, action) for a in grant.get("notActions", [])):
            return
    raise error(403, "AuthorizationFailed", "The client '%s' with object id '%s' does not have "
                "authorization to perform action '%s' over scope '%s' or the scope is invalid. If "
                "access was recently granted, please refresh your credentials."
                % (request.user_name, request.user_id, action, scope))


def subscription(request, sub):
    found = request.world.data.get("subscriptions", {}).get(sub.lower())
    if found is None or found.get("cloud", "AzureCloud") != request.cloud:
        raise error(404, "SubscriptionNotFound",
                    "The subscription '%s' could not be found." % sub)
    owner = found["tenantId"].lower()
    if owner != request.tenant:
        raise Reply(401, {"error": {"code": "InvalidAuthenticationTokenTenant", "message":
            "The access token is from the wrong issuer 'https://sts.windows.net/%s/'. It must "
            "match the tenant 'https://sts.windows.net/%s/' associated with this subscription. "
            "Please use the authority (URL) 'https://login.windows.net/%s' to get the token. Note, "
            "if the subscription is transferred to another tenant there is no impact to the "
            "services, but information about new tenant could take time to propagate (up to an "
            "hour). If you just transferred your subscription and see this error message, please "
            "try back later." % (request.tenant, owner, owner)}}, challenge=True)
    return found


# --- subscriptions and groups ---------------------------------------------------------------------

def subscription_view(sub, found):
    return {"id": "/subscriptions/" + sub, "authorizationSource": "RoleBased",
            "managedByTenants": [], "subscriptionId": sub, "tenantId": found["tenantId"],
            "displayName": found["displayName"], "state": found.get("state", "Enabled"),
            "subscriptionPolicies": {"locationPlacementId": "Public_2014-09-01",
                                     "quotaId": "EnterpriseAgreement_2014-09-01",
                                     "spendingLimit": "Off"}}


def subscription_get(request, sub):
    found = subscription(request, sub)
    allow(request, "Microsoft.Resources/subscriptions/read", "/subscriptions/" + sub)
    return Reply(200, subscription_view(sub.lower(), found))


def subscription_list(request):
    every = request.world.data.get("subscriptions", {})
    return Reply(200, {"value": [subscription_view(sub, found) for sub, found in every.items()
                                 if found["tenantId"].lower() == request.tenant
                                 and found.get("cloud", "AzureCloud") == request.cloud]})


def group_of(request, sub, name):
    group = subscription(request, sub).setdefault("groups", {}).get(name.lower())
    if group is None:
        raise error(404, "ResourceGroupNotFound",
                    "Resource group '%s' could not be found." % name)
    return group


def group_get(request, sub, group):
    allow(request, "Microsoft.Resources/subscriptions/resourceGroups/read",
          "/subscriptions/%s/resourceGroups/%s" % (sub, group))
    return Reply(200, group_of(request, sub, group))


def group_put(request, sub, group):
    holder = subscription(request, sub).setdefault("groups", {})
    body = request.shape(request.json_body(), {"location": str, "tags?": dict})
    scope = "/subscriptions/%s/resourceGroups/%s" % (sub, group)
    allow(request, "Microsoft.Resources/subscriptions/resourceGroups/write", scope)
    if not GROUP_NAME.fullmatch(group):
        raise error(400, "InvalidResourceGroup", "The provided resource group name '%s' is not "
                    "valid." % group)
    known = holder.get(group.lower())
    if known and known["location"] != body["location"]:
        raise error(409, "InvalidResourceGroupLocation", "Invalid resource group location '%s'. "
                    "The Resource group already exists in location '%s'."
                    % (body["location"], known["location"]))
    holder[group.lower()] = {"id": scope, "name": group,
                             "type": "Microsoft.Resources/resourceGroups",
                             "location": body["location"], "tags": body.get("tags", {}),
                             "properties": {"provisioningState": "Succeeded"}}
    return Reply(200 if known else 201, holder[group.lower()])


def management_group_get(request, name):
    found = request.world.data.get("managementGroups", {}).get(name.lower())
    if found is None or found["tenantId"].lower() != request.tenant:
        raise error(404, "NotFound", "The management group '%s' cannot be found." % name)
    return Reply(200, {"id": "/providers/Microsoft.Management/managementGroups/" + name,
                       "type": "Microsoft.Management/managementGroups", "name": name,
                       "properties": {"tenantId": found["tenantId"],
                                      "displayName": found.get("displayName", name)}})


# --- managed identities ---------------------------------------------------------------------------

def identity_id(sub, group, name):
    return "/subscriptions/%s/resourcegroups/%s/providers/%s/%s" % (sub, group, IDENTITY_TYPE, name)


def add_identity(world, sub, group, name, location, tags=None):
    """Makes an identity and its service principal; also used to build worlds."""
    known = world.data["subscriptions"][sub.lower()]
    resource_id = identity_id(sub.lower(), group, name)
    principal, client = world.new_id("principal"), world.new_id("client")
    entry = {"resource": {"id": resource_id, "name": name, "type": IDENTITY_TYPE,
                          "location": location, "tags": tags or {},
                          "properties": {"tenantId": known["tenantId"], "principalId": principal,
                                         "clientId": client}},
             "credentials": {}}
    world.data.setdefault("identities", {})[resource_id.lower()] = entry
    world.tenant(known["tenantId"])["servicePrincipals"][principal] = {
        "id": principal, "appId": client, "displayName": name, "accountEnabled": True,
        "servicePrincipalType": "ManagedIdentity", "tags": [],
        "alternativeNames": ["isExplicit=True", resource_id]}
    return entry


def identity_of(request, sub, group, name):
    group_of(request, sub, group)
    return request.world.data.setdefault("identities", {}).get(
        identity_id(sub, group, name).lower())


def not_found(group, name):
    return error(404, "ResourceNotFound", "The Resource '%s/%s' under resource group '%s' was not "
                 "found. For more details please go to "
                 "https://aka.ms/ARMResourceNotFoundFix" % (IDENTITY_TYPE, name, group))


def identity_get(request, sub, group, name):
    allow(request, IDENTITY_TYPE + "/read", identity_id(sub, group, name))
    found = identity_of(request, sub, group, name)
    if found is None:
        raise not_found(group, name)
    return Reply(200, found["resource"])


def identity_list(request, sub, group=None):
    subscription(request, sub)
    start = "/subscriptions/%s/resourcegroups/" % sub.lower()
    start += group.lower() + "/" if group else ""
    allow(request, IDENTITY_TYPE + "/read", start.rstrip("/"))
    every = request.world.data.get("identities", {})
    return Reply(200, {"value": [e["resource"] for key, e in every.items()
                                 if key.startswith(start)]})


def identity_put(request, sub, group, name):
    body = request.shape(request.json_body(), {"location": str, "tags?": dict})
    request.strings(body.get("tags", {}), "tags")
    allow(request, IDENTITY_TYPE + "/write", identity_id(sub, group, name))
    if not IDENTITY_NAME.fullmatch(name):
        raise error(400, "BadRequest", "The resource name '%s' is not valid." % name)
    known = identity_of(request, sub, group, name)
    if known is None:
        made = add_identity(request.world, sub, group, name, body["location"], body.get("tags"))
        return Reply(201, made["resource"])
    if known["resource"]["location"] != body["location"]:
        raise error(409, "InvalidResourceLocation", "The resource '%s' already exists in location "
                    "'%s' in resource group '%s'. A resource with the same name cannot be created "
                    "in location '%s'. Please select a new resource name."
                    % (name, known["resource"]["location"], group, body["location"]))
    known["resource"]["tags"] = body.get("tags", {})
    return Reply(200, known["resource"])


def identity_delete(request, sub, group, name):
    allow(request, IDENTITY_TYPE + "/delete", identity_id(sub, group, name))
    known = identity_of(request, sub, group, name)
    if known is None:
        return Reply(204)
    properties = known["resource"]["properties"]
    request.world.tenant(properties["tenantId"])["servicePrincipals"].pop(
        properties["principalId"], None)
    del request.world.data["identities"][identity_id(sub, group, name).lower()]
    return Reply(200, text="")


# --- federated credentials of an identity ---------------------------------------------------------

def check_credential(fail, others, name, value):
    """The rules that both kinds of identity share; `others` are the credentials beside this one."""
    if not CREDENTIAL_NAME.fullmatch(name):
        raise fail("name", "The name '%s' of the credential is not valid." % name)
    if not isinstance(value["audiences"], list) or len(value["audiences"]) != 1:
        raise fail("audience", "Federated Identity Credential must specify exactly one audience.")
    for text in (value["issuer"], value["subject"], value["audiences"][0]):
        if not isinstance(text, str) or not 1 <= len(text) <= 600:
            raise fail("length", "issuer, subject and audience have 1 to 600 characters.")
    if any((o["issuer"], o["subject"]) == (value["issuer"], value["subject"]) for o in others):
        raise fail("duplicate", "%s|%s" % (value["issuer"], value["subject"]))
    if len(others) >= CREDENTIAL_LIMIT:
        raise fail("limit", "at most %d federated identity credentials" % CREDENTIAL_LIMIT)


def arm_credential_failure(kind, message):
    if kind == "audience":
        return error(400, "InvalidFederatedIdentityCredentialsAudienceLength", message)
    if kind == "duplicate":
        message = "Issuer and subject combination already exists for this Managed Identity."
    return error(400, "BadRequest", message)


def parent_of(request, sub, group, name, verb):
    known = identity_of(request, sub, group, name)
    if known is None:
        raise error(404, "ParentResourceNotFound", "Failed to perform '%s' on resource(s) of type "
                    "'userAssignedIdentities/federatedIdentityCredentials', because the parent "
                    "resource '%s' could not be found." % (verb, identity_id(sub, group, name)))
    return known


def credential_view(parent, entry):
    return {"id": "%s/federatedIdentityCredentials/%s" % (parent["resource"]["id"], entry["name"]),
            "name": entry["name"], "type": IDENTITY_TYPE + "/federatedIdentityCredentials",
            "properties": {k: entry[k] for k in ("issuer", "subject", "audiences")}}


def credential_list(request, sub, group, name):
    allow(request, IDENTITY_TYPE + "/federatedIdentityCredentials/read",
          identity_id(sub, group, name))
    parent = parent_of(request, sub, group, name, "read")
    return Reply(200, {"value": [credential_view(parent, e)
                                 for e in parent["credentials"].values()]})


def credential_get(request, sub, group, name, credential):
    allow(request, IDENTITY_TYPE + "/federatedIdentityCredentials/read",
          identity_id(sub, group, name))
    parent = parent_of(request, sub, group, name, "read")
    entry = parent["credentials"].get(credential.lower())
    if entry is None:
        raise error(404, "NotFound", "The Federated Identity Credential '%s' could not be found."
                    % credential)
    return Reply(200, credential_view(parent, entry))


def credential_put(request, sub, group, name, credential):
    body = request.shape(request.json_body(), {"properties": dict})
    value = request.shape(body["properties"], {"issuer": str, "subject": str, "audiences": list},
                          "properties")
    allow(request, IDENTITY_TYPE + "/federatedIdentityCredentials/write",
          identity_id(sub, group, name))
    parent = parent_of(request, sub, group, name, "write")
    others = [e for key, e in parent["credentials"].items() if key != credential.lower()]
    check_credential(arm_credential_failure, others, credential, value)
    known = credential.lower() in parent["credentials"]
    parent["credentials"][credential.lower()] = {"name": credential, **value}
    return Reply(200 if known else 201,
                 credential_view(parent, parent["credentials"][credential.lower()]))


def credential_delete(request, sub, group, name, credential):
    allow(request, IDENTITY_TYPE + "/federatedIdentityCredentials/delete",
          identity_id(sub, group, name))
    parent = parent_of(request, sub, group, name, "delete")
    known = parent["credentials"].pop(credential.lower(), None)
    return Reply(200, text="") if known else Reply(204)


ROUTES = [(method, pattern, versioned(kind, handler)) for method, pattern, kind, handler in (
    ("GET", "subscriptions", "subscriptions", subscription_list),
    ("GET", "subscriptions/{sub}", "subscriptions", subscription_get),
    ("GET", GROUP_PATH, "groups", group_get),
    ("PUT", GROUP_PATH, "groups", group_put),
    ("GET", "providers/Microsoft.Management/managementGroups/{name}", "managementGroups",
     management_group_get),
    ("GET", "subscriptions/{sub}/providers/" + IDENTITY_TYPE, "identity", identity_list),
    ("GET", IDENTITY_PATH, "identity", identity_list),
    ("GET", IDENTITY_PATH + "/{name}", "identity", identity_get),
    ("PUT", IDENTITY_PATH + "/{name}", "identity", identity_put),
    ("DELETE", IDENTITY_PATH + "/{name}", "identity", identity_delete),
    ("GET", CREDENTIAL_PATH, "identity", credential_list),
    ("GET", CREDENTIAL_PATH + "/{credential}", "identity", credential_get),
    ("PUT", CREDENTIAL_PATH + "/{credential}", "identity", credential_put),
    ("DELETE", CREDENTIAL_PATH + "/{credential}", "identity", credential_delete),
)]
