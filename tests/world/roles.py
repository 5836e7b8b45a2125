# SPDX-License-Identifier: MIT
# Microsoft.Authorization in a world: role definitions, role assignments, the caller's permissions.

import re

from arm import (allow, error, grants, group_of, inside, management_group_get, subscription,
                 versioned)
from rest import Reply, literal, not_modelled

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
ASSIGNMENTS = "{*scope}/providers/Microsoft.Authorization/roleAssignments"
DEFINITIONS = "{*scope}/providers/Microsoft.Authorization/roleDefinitions"
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)


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
    allow(request, "Microsoft.Authorization/roleDefinitions/read", scope)
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


ROUTES = [(method, pattern, versioned("roles", handler)) for method, pattern, handler in (
    ("GET", "{*scope}/providers/Microsoft.Authorization/permissions", permissions_get),
    ("GET", DEFINITIONS, definition_list),
    ("GET", DEFINITIONS + "/{guid}", definition_get),
    ("GET", ASSIGNMENTS, assignment_list),
    ("GET", ASSIGNMENTS + "/{name}", assignment_get),
    ("PUT", ASSIGNMENTS + "/{name}", assignment_put),
    ("DELETE", ASSIGNMENTS + "/{name}", assignment_delete),
)]
