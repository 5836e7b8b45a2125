# SPDX-License-Identifier: MIT
# Azure DevOps in a world: projects, service connections, pipeline permissions, checks.

import base64
import re
import uuid

from rest import DEVOPS_RESOURCE, SIGN_IN_PAGE, Reply, glob, not_modelled, route

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
WIF = "WorkloadIdentityFederation"
SCOPES = {
    "Subscription": ("subscriptionId", "subscriptionName"),
    "ManagementGroup": ("managementGroupId", "managementGroupName"),
    "AzureMLWorkspace": ("subscriptionId", "subscriptionName", "resourceGroupName",
                         "mlWorkspaceName", "mlWorkspaceLocation"),
}
FROZEN = ("environment", "scopeLevel", "subscriptionId", "subscriptionName", "managementGroupId",
          "managementGroupName")
ENDPOINT = {"name?": str, "type": str, "url": str, "description?": str, "authorization": dict,
            "isShared?": bool, "isReady?": bool, "owner?": str, "data": dict,
            "serviceEndpointProjectReferences": list}
ADDED_BY_REPLY = {"id": str, "createdBy?": dict, "operationStatus?": None}


def error(status, key, message):
    return Reply(status, {"$id": "1", "innerException": None, "message": message,
                          "typeName": "Microsoft.VisualStudio.Services.%s, "
                                      "Microsoft.VisualStudio.Services.WebApi" % key,
                          "typeKey": key, "errorCode": 0, "eventId": 3000})


def serve(request):
    request.fail = lambda status, message: error(status, "VssPropertyValidationException", message)
    if not request.segments:
        raise not_modelled(request.url)
    organization = request.world.data.get("organizations", {}).get(request.segments[0].lower())
    if organization is None:
        raise Reply(404, text="<!DOCTYPE html><html><head><title>404 - Not Found</title></head>"
                              "<body>Azure DevOps Services</body></html>")
    request.organization = organization
    check_token(request)
    if "pipelines" in [segment.lower() for segment in request.segments[2:]]:
        import checks
        return route(request, checks.ROUTES, request.segments[1:])
    return route(request, ROUTES, request.segments[1:])


def check_token(request):
    """A token that does not fit gets the sign-in page, or 401 when the caller asks for that."""
    account, organization = request.account, request.organization
    if account and request.audience == DEVOPS_RESOURCE \
            and account["environmentName"] == "AzureCloud" \
            and account["tenantId"].lower() == organization["tenantId"].lower():
        members = organization.get("members")
        if members is None or request.user_id in members:
            return
        raise error(401, "UnauthorizedRequestException", "TF400813: The user '%s' is not "
                    "authorized to access this resource." % request.user_id)
    if request.headers.get("x-tfs-fedauthredirect", "").lower() == "suppress":
        raise Reply(401, text="", challenge=True)
    raise Reply(203, text=SIGN_IN_PAGE)


def versioned(version, handler):
    def check(request, **found):
        asked = request.argument("api-version")
        if asked is None or asked.split("-")[0] != "7.1":
            raise not_modelled("api-version %s of %s" % (asked, request.url))
        if "-preview" in version and "-preview" not in asked:
            raise error(400, "VssInvalidPreviewVersionException", "The requested version \"%s\" of "
                        "the resource is under preview. The -preview flag must be supplied in the "
                        "api-version for such requests. For example: \"%s-preview\""
                        % (asked, asked))
        if asked != version:
            raise not_modelled("api-version %s of %s" % (asked, request.url))
        if "project" in found:
            found["project"] = project_of(request, found["project"])
        return handler(request, **found)
    return check


def held(request, right, endpoint=None):
    return endpoint is not None and request.user_id in endpoint["admins"] or \
        any(glob(pattern, right) for pattern in request.rights("devops"))


def may(request, right, endpoint=None):
    if not held(request, right, endpoint):
        raise error(403, "AccessCheckException", "Access denied. %s needs the permission %s to "
                    "perform this action. For more information, contact the Azure DevOps "
                    "administrator." % (request.user_name, right))


def person(request):
    return {"id": request.user_id, "displayName": request.user_name,
            "uniqueName": request.user_name}


# --- projects and the connection ------------------------------------------------------------------

def project_of(request, name):
    for project in request.organization["projects"].values():
        if name.lower() in (project["id"].lower(), project["name"].lower()):
            return project
    raise error(404, "ProjectDoesNotExistWithNameException", "TF200016: The following project does "
                "not exist: %s. Verify that the name of the project is correct and that the "
                "project exists on the specified Azure DevOps Server." % name)


def project_view(request, project):
    base = "https://dev.azure.com/" + request.organization["name"]
    return {"id": project["id"], "name": project["name"], "revision": 11, "visibility": "private",
            "url": "%s/_apis/projects/%s" % (base, project["id"]),
            "state": project.get("state", "wellFormed"), "lastUpdateTime": "2026-01-01T00:00:00Z",
            "_links": {"self": {"href": "%s/_apis/projects/%s" % (base, project["id"])},
                       "collection": {"href": "%s/_apis/projectCollections/%s"
                                              % (base, request.organization["id"])},
                       "web": {"href": "%s/%s" % (base, project["name"])}}}


def project_get(request, project):
    request.refuse_unread_query()
    return Reply(200, project_view(request, project))


def connection_data(request):
    request.refuse_unread_query()
    return Reply(200, {"authenticatedUser": {
        "id": request.user_id, "descriptor": "Microsoft.IdentityModel.Claims.ClaimsIdentity;"
        "%s\\%s" % (request.account["tenantId"], request.user_name),
        "subjectDescriptor": "aad.0", "providerDisplayName": request.user_name, "isActive": True},
        "instanceId": request.organization["id"],
        "deploymentId": "00000000-0000-4000-8000-00000000de00", "deploymentType": "hosted",
        "locationServiceData": {"serviceOwner": "00025394-6065-48ca-87d9-7f5672854ef7"}})


# --- service connections --------------------------------------------------------------------------

def short_guid(text):
    """The unpadded base64url of a GUID in mixed-endian byte order, as subjects carry it."""
    return base64.urlsafe_b64encode(uuid.UUID(text).bytes_le).rstrip(b"=").decode()


def issuer_and_subject(organization, endpoint, project, name):
    """What the service gives out; a world may override either with `issuer` and `subject`."""
    if endpoint.get("issuerKind", "entra") == "entra":
        tenant = organization.get("issuerTenant", organization["tenantId"])
        issuer = "https://login.microsoftonline.com/%s/v2.0" % tenant
        subject = "/eid1/c/pub/t/%s/a/%s/sc/%s/%s" % (
            short_guid(tenant), short_guid(DEVOPS_RESOURCE), organization["id"], endpoint["id"])
    else:
        issuer = "https://vstoken.dev.azure.com/" + organization["id"]
        subject = "sc://%s/%s/%s" % (organization["name"], project["name"], name)
    return endpoint.get("issuer", issuer), endpoint.get("subject", subject)


def endpoints(request):
    return request.organization.setdefault("endpoints", {})


def reference(endpoint, project):
    return next((r for r in endpoint["references"] if r["projectId"] == project["id"]), None)


def view(request, endpoint, project):
    """The connection as it is read in the scope of one project."""
    mine = reference(endpoint, project)
    parameters = dict(endpoint["parameters"])
    if endpoint["scheme"] == WIF:
        issuer, subject = issuer_and_subject(request.organization, endpoint, project, mine["name"])
        parameters["workloadIdentityFederationIssuer"] = issuer
        parameters["workloadIdentityFederationSubject"] = subject
        if endpoint.get("issuerKind", "entra") == "entra":
            parameters["workloadIdentityFederationIssuerType"] = "EntraID"
    names = {p["id"]: p["name"] for p in request.organization["projects"].values()}
    references = [{"projectReference": {"id": r["projectId"], "name": names[r["projectId"]]},
                   "name": r["name"], "description": r["description"]}
                  for r in endpoint["references"]]
    full = {"id": endpoint["id"], "name": mine["name"], "type": "azurerm", "url": endpoint["url"],
            "description": mine["description"], "createdBy": endpoint["createdBy"],
            "authorization": {"scheme": endpoint["scheme"], "parameters": parameters},
            "data": {**endpoint["data"], "identityType": "AppRegistrationManual"},
            "isShared": len(references) > 1, "isReady": endpoint["isReady"], "owner": "Library",
            "operationStatus": {"state": status_of(endpoint), "statusMessage": ""},
            "serviceEndpointProjectReferences": references}
    if not held(request, "endpoint/use", endpoint):
        for name in ("data", "type", "url"):
            del full[name]
        full["authorization"] = {"scheme": endpoint["scheme"], "parameters": None}
    return full


def status_of(endpoint):
    if "deleting" in endpoint or endpoint.get("createPolls", 0) > 0:
        return "InProgress"
    return endpoint.get("state", "Ready")


def visible(request, project, include_failed=True):
    """The connections of a project; each read brings pending deletions and creations nearer."""
    found = []
    for key, endpoint in list(endpoints(request).items()):
        if reference(endpoint, project) is None:
            continue
        if "deleting" in endpoint:
            endpoint["deleting"] -= 1
            if endpoint["deleting"] < 0:
                del endpoints(request)[key]
                continue
        if endpoint.get("createPolls", 0) > 0:
            endpoint["createPolls"] -= 1
        if endpoint.get("hidden") or not held(request, "endpoint/read", endpoint):
            continue
        if include_failed or endpoint.get("state", "Ready") != "Failed":
            found.append(endpoint)
    return found


def endpoint_list(request, project):
    names = request.argument("endpointNames")
    wanted = None if names is None else [name.lower() for name in names.split(",")]
    failed = (request.argument("includeFailed") or "false").lower() == "true"
    request.refuse_unread_query()
    value = [view(request, e, project) for e in visible(request, project, failed)
             if wanted is None or reference(e, project)["name"].lower() in wanted]
    return Reply(200, {"count": len(value), "value": value})


def endpoint_get(request, project, endpoint):
    request.refuse_unread_query()
    for found in visible(request, project):
        if found["id"] == endpoint.lower():
            return Reply(200, view(request, found, project))
    return Reply(200, None)  # the service says 200 with the body `null`, not 404


def check_references(request, items, taken_by=None):
    """The references of a body as this world keeps them; a name is unique in its project."""
    if not isinstance(items, list) or not items:
        raise request.fail(400, "serviceEndpointProjectReferences: a project reference is required")
    result = []
    for item in items:
        request.shape(item, {"projectReference": dict, "name": str, "description?": str},
                      "a project reference")
        wanted = request.shape(item["projectReference"], {"id": str, "name?": str},
                               "projectReference")
        project = project_of(request, wanted["id"])
        if project["id"].lower() != wanted["id"].lower() or \
                wanted.get("name", project["name"]).lower() != project["name"].lower():
            raise request.fail(400, "projectReference: id and name are of different projects")
        if not item["name"].strip() or len(item.get("description") or "") > 1024:
            raise request.fail(400, "a name is required; a description has at most 1024 characters")
        for other in endpoints(request).values():
            known = reference(other, project)
            if known and other["id"] != taken_by and known["name"].lower() == item["name"].lower():
                raise error(500, "DuplicateServiceConnectionException", "Service connection with "
                            "name %s already exists. Only a user having Administrator/User role "
                            "permissions on service connection %s can see it."
                            % (item["name"], item["name"]))
        result.append({"projectId": project["id"], "name": item["name"],
                       "description": item.get("description") or ""})
    return result


def check_body(request, body):
    """The rules for a workload identity connection to Azure Resource Manager."""
    if body["type"].lower() != "azurerm":
        raise not_modelled("connections of type " + body["type"])
    authorization = request.shape(body["authorization"], {"scheme": str, "parameters": dict},
                                  "authorization")
    parameters = request.strings(authorization["parameters"], "authorization.parameters")
    if authorization["scheme"] != WIF:
        raise not_modelled("connections of scheme " + authorization["scheme"])
    for name in ("serviceprincipalkey", "authenticationType"):
        if name in parameters:
            raise error(400, "ArgumentException", "Following fields in the service connection are "
                        "not expected: %s. " % name)
    data = request.strings(body["data"], "data")
    for name in ("tenantid", "serviceprincipalid"):
        if not GUID.fullmatch(parameters.get(name, "")):
            raise request.fail(400, "authorization.parameters.%s is not a GUID" % name)
    if data.get("scopeLevel") not in SCOPES:
        raise request.fail(400, "data.scopeLevel '%s' is not supported" % data.get("scopeLevel"))
    fields = ("environment", "scopeLevel", "creationMode") + SCOPES[data["scopeLevel"]]
    for name in fields:
        if not 1 <= len(data.get(name, "")) <= 255:
            raise request.fail(400, "data.%s has 1 to 255 characters" % name)
    cloud = request.world.clouds().get(data["environment"])
    if cloud is None or body["url"] != cloud["arm"]:
        raise request.fail(400, "url '%s' is not that of the environment '%s'"
                           % (body["url"], data["environment"]))
    return parameters, data, fields


def endpoint_create(request):
    request.refuse_unread_query()
    body = request.shape(request.json_body(), ENDPOINT)
    parameters, data, fields = check_body(request, body)
    request.shape(parameters, {"tenantid": str, "serviceprincipalid": str},
                  "authorization.parameters")
    request.shape(data, {name: str for name in fields}, "data")
    if data["creationMode"] != "Manual":
        raise not_modelled("creationMode " + data["creationMode"])
    if body.get("isShared"):
        raise request.fail(400, "isShared is decided by the service")
    references = check_references(request, body["serviceEndpointProjectReferences"])
    may(request, "endpoint/create")
    made = add_endpoint(request.world, request.organization, parameters, data, references,
                        body["url"], body.get("isReady", False), person(request))
    return Reply(200, view(request, made, project_of(request, references[0]["projectId"])))


def add_endpoint(world, organization, parameters, data, references, url, ready, creator):
    """Makes a connection; also used to build worlds."""
    made = {"id": world.new_id("endpoint"), "scheme": WIF, "parameters": dict(parameters),
            "data": dict(data), "references": references, "url": url, "isReady": ready,
            "issuerKind": organization.get("issuer", "entra"), "createdBy": creator,
            "admins": [creator["id"]], "createPolls": world.setting("createPolls", 0)}
    organization.setdefault("endpoints", {})[made["id"]] = made
    return made


def known_endpoint(request, endpoint, project=None):
    found = endpoints(request).get(endpoint.lower())
    if found is None or "deleting" in found or project and reference(found, project) is None:
        raise error(404, "ServiceEndpointNotFoundException",
                    "The service connection %s could not be found." % endpoint)
    return found


def endpoint_update(request, endpoint):
    request.refuse_unread_query()
    known = known_endpoint(request, endpoint)
    may(request, "endpoint/admin", known)
    body = request.shape(request.json_body(), {**ENDPOINT, **ADDED_BY_REPLY})
    parameters, data, _ = check_body(request, body)
    if body["id"].lower() != known["id"]:
        raise request.fail(400, "the id of the body is not that of the path")
    for name in FROZEN:
        if data.get(name) != known["data"].get(name):
            raise error(400, "ArgumentException",
                        "Updating the field '%s' of a service connection is not allowed." % name)
    references = check_references(request, body["serviceEndpointProjectReferences"], known["id"])
    if {r["projectId"] for r in references} != {r["projectId"] for r in known["references"]}:
        raise request.fail(400, "an update neither shares nor unshares a service connection")
    known.update(references=references, isReady=body.get("isReady", known["isReady"]),
                 parameters={n: parameters[n] for n in ("tenantid", "serviceprincipalid")})
    return Reply(200, view(request, known, project_of(request, references[0]["projectId"])))


def endpoint_share(request, endpoint):
    request.refuse_unread_query()
    known = known_endpoint(request, endpoint)
    may(request, "endpoint/admin", known)
    items = request.json_body()
    if not isinstance(items, list):
        raise request.fail(400, "the body is a list of project references")
    given = check_references(request, items, known["id"])
    old = {r["projectId"]: r for r in known["references"]}
    if any(r["projectId"] in old and old[r["projectId"]]["name"] != r["name"] for r in given):
        raise error(500, "VssServiceException", "TF400898: An Internal Error Occurred. Activity "
                    "Id: 00000000-0000-4000-8000-000000000000.")
    known["references"] = list({**old, **{r["projectId"]: r for r in given}}.values())
    return Reply(204)


def endpoint_delete(request, endpoint):
    wanted = request.argument("projectIds")
    request.argument("deep")
    request.refuse_unread_query()
    if not wanted:
        raise request.fail(400, "Value cannot be null. Parameter name: projectIds")
    known = known_endpoint(request, endpoint)
    may(request, "endpoint/admin", known)
    removed = [project_of(request, name)["id"] for name in wanted.split(",")]
    for name in removed:
        if all(r["projectId"] != name for r in known["references"]):
            raise request.fail(400, "the service connection is not in the project %s" % name)
    kept = [r for r in known["references"] if r["projectId"] not in removed]
    refuse_while_federated(request, known, [r for r in known["references"] if r not in kept])
    if kept:
        known["references"] = kept
    else:
        known["deleting"] = request.world.setting("deletePolls", 2)
        if known["deleting"] <= 0:
            del endpoints(request)[known["id"]]
    return Reply(204)


def refuse_while_federated(request, endpoint, going):
    """The service looks for credentials that name the connection before it lets it go."""
    if endpoint["scheme"] != WIF:
        return
    projects = request.organization["projects"].values()
    pairs = [issuer_and_subject(request.organization, endpoint, p, r["name"])
             for r in going for p in projects if p["id"] == r["projectId"]]
    app, tenant = endpoint["parameters"]["serviceprincipalid"], endpoint["parameters"]["tenantid"]
    for client_id, credential in all_credentials(request.world, tenant):
        if client_id.lower() == app.lower() and \
                (credential["issuer"], credential["subject"]) in pairs:
            raise error(400, "InvalidOperationException", "Cannot delete this service connection "
                        "while federated credentials for app %s exist in Entra tenant %s. Please "
                        "make sure federated credentials have been removed prior to deleting the "
                        "service connection." % (app, tenant))


def all_credentials(world, tenant):
    """(client id, credential) of every identity and application of a tenant."""
    for entry in world.data.get("identities", {}).values():
        if entry["resource"]["properties"]["tenantId"].lower() == tenant.lower():
            for credential in entry["credentials"].values():
                yield entry["resource"]["properties"]["clientId"], credential
    for application in world.tenant(tenant)["applications"].values():
        for credential in application["credentials"].values():
            yield application["appId"], credential


ENDPOINTS = "_apis/serviceendpoint/endpoints"
ROUTES = [(method, pattern, versioned(version, handler)) for method, pattern, version, handler in (
    ("GET", "_apis/connectionData", "7.1-preview.1", connection_data),
    ("GET", "_apis/projects/{project}", "7.1", project_get),
    ("POST", ENDPOINTS, "7.1", endpoint_create),
    ("PUT", ENDPOINTS + "/{endpoint}", "7.1", endpoint_update),
    ("PATCH", ENDPOINTS + "/{endpoint}", "7.1", endpoint_share),
    ("DELETE", ENDPOINTS + "/{endpoint}", "7.1", endpoint_delete),
    ("GET", "{project}/" + ENDPOINTS, "7.1", endpoint_list),
    ("GET", "{project}/" + ENDPOINTS + "/{endpoint}", "7.1", endpoint_get),
)]
