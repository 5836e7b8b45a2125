# SPDX-License-Identifier: MIT
# Azure Resource Manager in a world: groups, managed identities, their credentials, role assignments.

import re

from rest import Reply, glob, not_modelled, route

BUILT_IN_ROLES = {
    "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    "Contributor": "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "Owner": "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    "User Access Administrator": "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
    "Role Based Access Control Administrator": "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
    "Managed Identity Contributor": "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59",
    "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
    "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    "AcrPush": "8311e382-0749-4cb8-b61a-304f252e45ec",
}
IDENTITY_TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities"
GROUP_PATH = "subscriptions/{sub}/resourcegroups/{group}"
IDENTITY_PATH = GROUP_PATH + "/providers/" + IDENTITY_TYPE
CREDENTIAL_PATH = IDENTITY_PATH + "/{name}/federatedIdentityCredentials"
ROLES_PATH = "{*scope}/providers/Microsoft.Authorization/roleAssignments"
DEFINITIONS_PATH = "{*scope}/providers/Microsoft.Authorization/roleDefinitions"
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
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
                                    "failed. The 'Authorization' header is missing."}}, challenge=True)
    if request.audience not in (cloud["armResource"].rstrip("/"), cloud["arm"].rstrip("/")):
        raise Reply(401, {"error": {"code": "InvalidAuthenticationTokenAudience", "message":
                                    "The access token has been obtained for wrong audience or "
                                    "resource '%s'." % request.audience}}, challenge=True)
    request.tenant = request.account["tenantId"].lower()
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


# --- who may ------------------------------------------------------------------------------------

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


# --- subscriptions and groups -------------------------------------------------------------------

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
    holder[group.lower()] = {"id": scope, "name": group, "type": "Microsoft.Resources/resourceGroups",
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


# --- managed identities -------------------------------------------------------------------------

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
        raise fail("name", "The name '%s' of the federated identity credential is not valid." % name)
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


# --- roles ----------------------------------------------------------------------------------------

def roles(world):
    return {**BUILT_IN_ROLES, **world.data.get("roles", {})}


def check_scope(request, scope):
    """A scope must exist as far as this world knows it, and be the tenant's."""
    parts = scope.strip("/").split("/")
    if parts[0].lower() == "subscriptions" and len(parts) > 1:
        subscription(request, parts[1])
        if len(parts) > 3 and parts[2].lower() == "resourcegroups":
            group_of(request, parts[1], parts[3])
    elif parts[:2] and "/".join(parts[:2]).lower() == "providers/microsoft.management":
        management_group_get(request, parts[3])
    else:
        raise not_modelled("the scope '%s'" % scope)


def definition_view(request, scope, name, guid):
    return {"id": definition_id(scope, guid), "name": guid,
            "type": "Microsoft.Authorization/roleDefinitions",
            "properties": {"roleName": name, "assignableScopes": ["/"], "description": "",
                           "type": "BuiltInRole" if name in BUILT_IN_ROLES else "CustomRole",
                           "permissions": [{"actions": [], "notActions": [], "dataActions": [],
                                            "notDataActions": []}]}}


def definition_id(scope, guid):
    found = re.match(r"/subscriptions/[^/]+", scope, re.I)
    return "%s/providers/Microsoft.Authorization/roleDefinitions/%s" % (
        found.group(0) if found else "", guid)


def literal(text):
    """The value of an OData string literal without its quotes."""
    return text.replace("''", "'")


def definition_list(request, scope):
    check_scope(request, scope)
    allow(request, "Microsoft.Authorization/roleDefinitions/read", scope)
    found = re.fullmatch(r"roleName eq '((?:[^']|'')*)'", request.argument("$filter") or "")
    if not found:
        raise not_modelled("the filter of " + request.url)
    wanted = literal(found.group(1)).lower()
    return Reply(200, {"value": [definition_view(request, scope, name, guid)
                                 for name, guid in roles(request.world).items()
                                 if name.lower() == wanted]})


def definition_get(request, scope, guid):
    check_scope(request, scope)
    for name, known in roles(request.world).items():
        if known.lower() == guid.lower():
            return Reply(200, definition_view(request, scope, name, known))
    raise error(404, "RoleDefinitionDoesNotExist",
                "The specified role definition with ID '%s' does not exist." % guid)


def assignment_key(scope, name):
    return ("%s/providers/Microsoft.Authorization/roleAssignments/%s" % (scope, name)).lower()


def assignment_list(request, scope):
    check_scope(request, scope)
    allow(request, "Microsoft.Authorization/roleAssignments/read", scope)
    text = request.argument("$filter") or ""
    found = re.fullmatch(r"(?:(atScope\(\))(?: and )?)?(?:assignedTo\('([^']+)'\)|"
                         r"principalId eq '([^']+)')?", text)
    if text and not found:
        raise not_modelled("the filter of " + request.url)
    at_scope = found and found.group(1)
    principal = found and (found.group(2) or found.group(3))
    result = []
    for entry in request.world.data.get("roleAssignments", {}).values():
        other = entry["properties"]["scope"]
        related = inside(scope, other) or (not at_scope and inside(other, scope))
        if related and (not principal
                        or entry["properties"]["principalId"].lower() == principal.lower()):
            result.append(entry)
    return Reply(200, {"value": result})


def assignment_get(request, scope, name):
    check_scope(request, scope)
    allow(request, "Microsoft.Authorization/roleAssignments/read", scope)
    found = request.world.data.get("roleAssignments", {}).get(assignment_key(scope, name))
    if found is None:
        raise error(404, "RoleAssignmentNotFound",
                    "The role assignment '%s' is not found." % name)
    return Reply(200, found)


def check_principal(request, value):
    tenant = request.world.tenant(request.tenant)
    principal = value["principalId"].lower()
    kind = "ServicePrincipal" if principal in tenant["servicePrincipals"] else \
        "User" if principal in tenant["users"] else None
    if kind is None:
        raise error(400, "PrincipalNotFound", "Principal %s does not exist in the directory %s. "
                    "Check that you have the correct principal ID. If you are creating this "
                    "principal and then immediately assigning a role, this error might be related "
                    "to a replication delay. In this case, set the role assignment principalType "
                    "property to a value, such as User, Group, or ServicePrincipal.  See "
                    "https://aka.ms/docs-principaltype"
                    % (principal.replace("-", ""), request.tenant))
    if value.get("principalType", "User") != kind:
        raise error(400, "UnmatchedPrincipalType", "The PrincipalId '%s' has type '%s' , which is "
                    "different from specified PrinciaplType '%s'."
                    % (principal.replace("-", ""), kind, value.get("principalType", "User")))


def assignment_put(request, scope, name):
    body = request.shape(request.json_body(), {"properties": dict})
    value = request.shape(body["properties"], {"roleDefinitionId": str, "principalId": str,
                                               "principalType?": str, "description?": str},
                          "properties")
    check_scope(request, scope)
    allow(request, "Microsoft.Authorization/roleAssignments/write", scope)
    if not GUID.fullmatch(name):
        raise error(400, "InvalidRoleAssignmentId", "The role assignment ID '%s' is not valid. The "
                    "role assignment ID must be a GUID." % name)
    guid = value["roleDefinitionId"].rpartition("/")[2].lower()
    if "/providers/microsoft.authorization/roledefinitions/" not in \
            value["roleDefinitionId"].lower() or guid not in roles(request.world).values():
        raise error(404, "RoleDefinitionDoesNotExist",
                    "The specified role definition with ID '%s' does not exist." % guid)
    check_principal(request, value)
    every = request.world.data.setdefault("roleAssignments", {})
    key, wanted = assignment_key(scope, name), (guid, value["principalId"].lower())
    for other_key, entry in every.items():
        properties = entry["properties"]
        same = wanted == (properties["roleDefinitionId"].rpartition("/")[2].lower(),
                          properties["principalId"].lower())
        if other_key == key:
            if same:
                return Reply(200, entry)
            raise error(400, "RoleAssignmentUpdateNotPermitted", "Tenant ID, application ID, "
                        "principal ID, and scope are not allowed to be updated.")
        if same and properties["scope"].lower() == scope.lower():
            raise error(409, "RoleAssignmentExists", "The role assignment already exists.")
    every[key] = {"id": "%s/providers/Microsoft.Authorization/roleAssignments/%s" % (scope, name),
                  "name": name, "type": "Microsoft.Authorization/roleAssignments",
                  "properties": {"scope": scope, "roleDefinitionId": definition_id(scope, guid),
                                 "principalId": value["principalId"].lower(),
                                 "principalType": value.get("principalType", "User"),
                                 "description": value.get("description"), "condition": None,
                                 "createdOn": request.world.now(), "createdBy": request.user_id}}
    return Reply(201, every[key])


def assignment_delete(request, scope, name):
    check_scope(request, scope)
    allow(request, "Microsoft.Authorization/roleAssignments/delete", scope)
    known = request.world.data.get("roleAssignments", {}).pop(assignment_key(scope, name), None)
    return Reply(200, known) if known else Reply(204)


def permissions_get(request, scope):
    check_scope(request, scope)
    return Reply(200, {"value": [{"actions": g.get("actions", []),
                                  "notActions": g.get("notActions", []),
                                  "dataActions": [], "notDataActions": []}
                                 for g in grants(request, scope)]})


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
    ("GET", "{*scope}/providers/Microsoft.Authorization/permissions", "roles", permissions_get),
    ("GET", DEFINITIONS_PATH, "roles", definition_list),
    ("GET", DEFINITIONS_PATH + "/{guid}", "roles", definition_get),
    ("GET", ROLES_PATH, "roles", assignment_list),
    ("GET", ROLES_PATH + "/{name}", "roles", assignment_get),
    ("PUT", ROLES_PATH + "/{name}", "roles", assignment_put),
    ("DELETE", ROLES_PATH + "/{name}", "roles", assignment_delete),
)]
