# SPDX-License-Identifier: MIT
# Azure Pipelines in a world: which pipelines may use a connection, and the checks on it.

from devops import known_endpoint, may, person, reference, versioned
from rest import Reply, not_modelled

APPROVAL = "8c6f20a7-a545-4486-9777-f762fafe0d4d"
TASK_CHECK = "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7"
EXCLUSIVE_LOCK = "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563"
BRANCH_CONTROL = {"id": "86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b", "name": "evaluatebranchProtection",
                  "version": "0.0.1"}


# --- pipeline permissions -------------------------------------------------------------------------

def permission_view(endpoint, permissions):
    result = {"resource": {"type": "endpoint", "id": endpoint["id"]},
              "pipelines": permissions["pipelines"]}
    if permissions["all"]:
        result["allPipelines"] = permissions["all"]
    return result


def permissions_of(request, project, endpoint):
    found = known_endpoint(request, endpoint, project)
    return found, found.setdefault("permissions", {}).setdefault(
        project["id"], {"all": None, "pipelines": []})


def permissions_get(request, project, endpoint):
    request.refuse_unread_query()
    return Reply(200, permission_view(*permissions_of(request, project, endpoint)))


def permissions_patch(request, project, endpoint):
    request.refuse_unread_query()
    found, permissions = permissions_of(request, project, endpoint)
    may(request, "endpoint/admin", found)
    body = request.shape(request.json_body(), {"pipelines?": list, "allPipelines?": dict})
    given = [request.shape(item, {"id": int, "authorized": bool}, "a pipeline")
             for item in body.get("pipelines", [])]
    for item in given:
        if item["id"] not in project.get("pipelines", [item["id"]]):
            raise not_modelled("authorizing pipeline %d, which does not exist" % item["id"])
    stamp = {"authorizedBy": person(request), "authorizedOn": request.world.now()}
    if "allPipelines" in body:
        wanted = request.shape(body["allPipelines"], {"authorized": bool}, "allPipelines")
        permissions["all"] = {"authorized": True, **stamp} if wanted["authorized"] else None
    for item in given:
        others = [p for p in permissions["pipelines"] if p["id"] != item["id"]]
        added = [{"id": item["id"], "authorized": True, **stamp}] if item["authorized"] else []
        permissions["pipelines"] = others + added
    return Reply(200, permission_view(found, permissions))


# --- checks ---------------------------------------------------------------------------------------

def check_approval(request, settings):
    request.shape(settings, {"approvers": list, "minRequiredApprovers?": int, "instructions?": str,
                             "requesterCannotBeApprover?": bool, "executionOrder?": str,
                             "blockedApprovers?": list}, "settings")
    if not settings["approvers"]:
        raise request.fail(400, "an approval has approvers")
    known = request.organization.get("identities")
    for approver in settings["approvers"]:
        request.shape(approver, {"id": str, "displayName?": str}, "an approver")
        if known is not None and approver["id"].lower() not in known:
            raise request.fail(400, "the identity %s does not exist" % approver["id"])
    if not 0 <= settings.get("minRequiredApprovers", 0) <= len(settings["approvers"]):
        raise request.fail(400, "minRequiredApprovers is more than there are approvers")


def check_branches(request, settings):
    request.shape(settings, {"definitionRef": dict, "displayName": str, "inputs": dict,
                             "retryInterval?": int, "linkedVariableGroup?": None}, "settings")
    if settings["definitionRef"] != BRANCH_CONTROL:
        raise not_modelled("the check %s" % settings["definitionRef"].get("name"))
    inputs = request.strings(settings["inputs"], "inputs")
    request.shape(inputs, {"allowedBranches": str, "ensureProtectionOfBranch?": str,
                           "allowUnknownStatusBranch?": str}, "inputs")


def check_lock(request, settings):
    request.shape(settings, {}, "settings")


CHECK_TYPES = {APPROVAL: ("Approval", check_approval), TASK_CHECK: ("Task Check", check_branches),
               EXCLUSIVE_LOCK: ("ExclusiveLock", check_lock)}


def checks_post(request, project):
    request.refuse_unread_query()
    body = request.shape(request.json_body(), {"type": dict, "settings?": dict, "resource": dict,
                                               "timeout?": int})
    kind = request.shape(body["type"], {"id": str, "name?": str}, "type")
    resource = request.shape(body["resource"], {"type": str, "id": str, "name?": str}, "resource")
    if resource["type"] != "endpoint" or kind["id"] not in CHECK_TYPES:
        raise not_modelled("a check of type %s on %s" % (kind["id"], resource["type"]))
    endpoint = known_endpoint(request, resource["id"], project)
    may(request, "endpoint/admin", endpoint)
    name, check = CHECK_TYPES[kind["id"]]
    if kind.get("name", name) != name:
        raise request.fail(400, "the check type %s is named %s" % (kind["id"], name))
    check(request, body.get("settings", {}))
    if not 1 <= body.get("timeout", 43200) <= 43200:
        raise request.fail(400, "timeout is 1 to 43200 minutes")
    every = request.organization.setdefault("checks", [])
    made = {"id": 1 + max([c["id"] for c in every], default=0), "version": 1,
            "type": {"id": kind["id"], "name": name}, "settings": body.get("settings", {}),
            "timeout": body.get("timeout", 43200),
            "resource": {"type": "endpoint", "id": endpoint["id"],
                         "name": reference(endpoint, project)["name"]},
            "createdBy": person(request), "createdOn": request.world.now(),
            "projectId": project["id"]}
    every.append(made)
    return Reply(200, check_view(request, project, made, True))


def check_view(request, project, entry, expand):
    shown = {k: v for k, v in entry.items() if k not in ("projectId", "settings")}
    shown["url"] = "https://dev.azure.com/%s/%s/_apis/pipelines/checks/configurations/%d" % (
        request.organization["name"], project["id"], entry["id"])
    if expand:
        shown["settings"] = entry["settings"]
    return shown


def checks_get(request, project):
    kind, wanted = request.argument("resourceType"), request.argument("resourceId")
    expand = request.argument("$expand") == "settings"
    request.refuse_unread_query()
    if kind != "endpoint" or not wanted:
        raise not_modelled("the checks of " + request.url)
    value = [check_view(request, project, c, expand)
             for c in request.organization.get("checks", [])
             if c["projectId"] == project["id"] and c["resource"]["id"] == wanted.lower()]
    return Reply(200, {"count": len(value), "value": value})


PERMISSIONS = "{project}/_apis/pipelines/pipelinepermissions/endpoint/{endpoint}"
CHECKS = "{project}/_apis/pipelines/checks/configurations"
ROUTES = [(method, pattern, versioned("7.1-preview.1", handler)) for method, pattern, handler in (
    ("GET", PERMISSIONS, permissions_get),
    ("PATCH", PERMISSIONS, permissions_patch),
    ("GET", CHECKS, checks_get),
    ("POST", CHECKS, checks_post),
)]
