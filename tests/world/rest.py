# SPDX-License-Identifier: MIT
# One HTTP request to a world: whose token it carries, which fault hits it, which service answers.

import json
import re
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from azcli import CliError, NO_RESOURCE, connection_error, key_values, wire_body
from state import accounts

DEVOPS_HOST = "dev.azure.com"
DEVOPS_RESOURCE = "499b84ac-1321-427f-aa17-267ca6975798"
LOGIN_FIRST = "Please run 'az login' to setup account."
REASONS = {200: "OK", 201: "Created", 202: "Accepted", 204: "No Content",
           400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
           405: "Method Not Allowed", 409: "Conflict", 412: "Precondition Failed",
           415: "Unsupported Media Type", 429: "Too Many Requests", 500: "Internal Server Error",
           501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
           504: "Gateway Timeout"}
SIGN_IN_PAGE = ('\r\n\r\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" '
                '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\r\n'
                '<html lang="en-US">\r\n<head><title>\r\n\r\n            Azure DevOps Services | '
                'Sign In\r\n\r\n</title></head>\r\n<body class="platform"></body>\r\n</html>\r\n')


class Reply(Exception):
    """An answer of a service; raised by whatever finds the reason for it first."""

    def __init__(self, status, body=None, text=None, challenge=False):
        super().__init__(status)
        self.status = status
        self.challenge = challenge  # a 401 with WWW-Authenticate: az adds how to sign in again
        self.text = text
        if status == 204:
            self.text = ""
        elif text is None:
            self.text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def not_modelled(what):
    return Reply(501, {"error": {"code": "NotImplemented",
                                 "message": "this world does not model " + what}})


class Request:
    """What the services see. `account` is the signed-in account behind the token, or None."""

    def __init__(self, world, profile, method, url, headers=None, body=None, labelled=False):
        self.world, self.profile = world, profile
        self.method, self.url = method.upper(), url
        self.sent = body
        self.headers = {key.lower(): value for key, value in (headers or {}).items()}
        if labelled:
            self.headers.setdefault("content-type", "application/json")
        parts = urlsplit(url)
        self.host = (parts.hostname or "").lower()
        self.origin = "%s://%s/" % (parts.scheme, parts.netloc.lower())
        self.segments = [unquote(piece) for piece in parts.path.split("/") if piece]
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.account = None
        self.audience = None
        self.fail = None  # the service's way to make an error reply
        self.used_query = set()

    # --- reading the request --------------------------------------------------------------------

    def argument(self, name, default=None):
        self.used_query.add(name.lower())
        return next((v for k, v in self.query.items() if k.lower() == name.lower()), default)

    def refuse_unread_query(self):
        for name in self.query:
            if name.lower() not in self.used_query:
                raise not_modelled("the query parameter %s of %s" % (name, self.url))

    def json_body(self):
        if self.sent is None:
            raise self.fail(400, "the request has no body")
        if not self.headers.get("content-type", "").startswith("application/json"):
            raise self.fail(415, "the body is not application/json")
        try:
            return json.loads(self.sent)
        except ValueError:
            raise self.fail(400, "the body is not JSON") from None

    def shape(self, value, fields, where="the body"):
        """The value as an object with exactly these fields; a name ending in '?' is optional."""
        if not isinstance(value, dict):
            raise self.fail(400, "%s is not an object" % where)
        known = {name.rstrip("?"): kind for name, kind in fields.items()}
        for name in value:
            if name not in known:
                raise self.fail(400, "Could not find member '%s' on %s" % (name, where))
            if known[name] is not None and (
                    not isinstance(value[name], known[name])
                    or isinstance(value[name], bool) and known[name] is int):
                raise self.fail(400, "member '%s' of %s is not of type %s"
                                % (name, where, getattr(known[name], "__name__", "expected")))
        for name in fields:
            if not name.endswith("?") and name not in value:
                raise self.fail(400, "required member '%s' of %s is missing" % (name, where))
        return value

    def strings(self, value, where):
        """Refuses a map whose values are not all strings."""
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise self.fail(400, "all values of %s are strings" % where)
        return value

    # --- who asks -------------------------------------------------------------------------------

    @property
    def user_id(self):
        return self.profile["user"].get("objectId", "00000000-0000-0000-0000-0000000000aa")

    @property
    def user_name(self):
        return self.profile["user"]["name"]

    def rights(self, service):
        rights = self.profile.get("rights", "all")
        if rights == "all":
            return [{"scope": "/", "actions": ["*"]}] if service == "arm" else ["*"]
        return rights.get(service, [])


def literal(text):
    """The value of an OData string literal without its quotes."""
    return text.replace("''", "'")


def glob(pattern, text):
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.I) is not None


def match(pattern, segments):
    """The {named} parts of a path, or None. A pattern may start with {*scope}: any segments."""
    wanted = pattern.split("/")
    found = {}
    if wanted[0].startswith("{*"):
        rest = len(wanted) - 1
        if len(segments) < rest:
            return None
        cut = len(segments) - rest
        found[wanted[0][2:-1]] = "/" + "/".join(segments[:cut]) if cut else ""
        wanted, segments = wanted[1:], segments[cut:]
    if len(wanted) != len(segments):
        return None
    for want, have in zip(wanted, segments):
        if want.startswith("{"):
            found[want[1:-1]] = have
        elif want.lower() != have.lower():
            return None
    return found


def route(request, routes, segments):
    """Calls the handler of the first route that fits; 501 when there is none."""
    for method, pattern, handler in routes:
        if request.method == method:
            found = match(pattern, segments)
            if found is not None:
                return handler(request, **found)
    raise not_modelled("%s %s" % (request.method, request.url))


# --- tokens ---------------------------------------------------------------------------------------

def signed_in(world, profile):
    if not profile:
        raise CliError(LOGIN_FIRST)
    return accounts(world, profile)


def select_account(world, profile, subscription=None):
    """As Profile.get_subscription: by id or name, else the default one."""
    found = signed_in(world, profile)
    if subscription:
        wanted = subscription.lower()
        found = [a for a in found if wanted in (a["id"].lower(), a["name"].lower())]
        if not found:
            raise CliError("Subscription '%s' not found. Check the spelling and casing and try "
                           "again." % subscription)
        if len(found) > 1:
            raise CliError("Multiple subscriptions with the name '%s' found. "
                           "Specify the subscription ID." % subscription)
        return found[0]
    found = [a for a in found if a["isDefault"]]
    if not found:
        raise CliError("No subscription found. Run 'az account set' to select a subscription.")
    return found[0]


def acquire_token(request, resource, warn):
    """Sets account and audience of the request, the way az rest picks them."""
    world, profile = request.world, request.profile
    cloud = world.clouds()[(profile or {}).get("environmentName", "AzureCloud")]
    url = request.url.lower()
    arm = url.startswith(cloud["arm"].rstrip("/"))
    if not resource:
        resource = cloud["armResource"] if arm else \
            cloud["graph"] if url.startswith(cloud["graph"]) else None
    if not resource:
        warn(NO_RESOURCE)
        return
    found = re.search(r"/subscriptions/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", url) \
        if arm else None
    request.account = select_account(world, profile, found and found.group(1))
    if profile.get("expired"):
        raise CliError("AADSTS700082: The refresh token has expired due to inactivity.\n"
                       "Trace ID: 00000000-0000-0000-0000-000000000000", 1,
                       "Interactive authentication is needed. Please run:\naz login")
    request.audience = resource.rstrip("/").lower()


# --- faults ---------------------------------------------------------------------------------------

def due_fault(request):
    """The first fault of the world file that hits this call; each counts its own matches."""
    hit = None
    for fault in request.world.data.get("faults", []):
        wanted = fault.get("match", {})
        if wanted.get("method", request.method).upper() != request.method:
            continue
        if not re.search(wanted.get("url", ""), request.url):
            continue
        fault["seen"] = fault.get("seen", 0) + 1
        first = fault.get("nth", 1)
        if hit is None and first <= fault["seen"] < first + fault.get("times", 1):
            hit = fault
    return hit


def error_reply(status, code, message):
    return Reply(status, {"error": {"code": code, "message": message}})


FAULTS = {
    "throttle": lambda: error_reply(
        429, "TooManyRequests", "The request is being throttled as the limit has been reached."),
    "500": lambda: error_reply(
        500, "InternalServerError", "An unexpected error occurred while processing the request."),
    "502": lambda: Reply(502, text="<html><head><title>502 Bad Gateway</title></head></html>"),
    "503": lambda: error_reply(503, "ServerTimeout", "The request timed out."),
    "504": lambda: error_reply(
        504, "GatewayTimeout", "The gateway did not receive a response within the time."),
    "replication-404": lambda: error_reply(
        404, "Request_ResourceNotFound", "Resource does not exist or one of its queried "
        "reference-property objects are not present."),
    "principal-not-found": lambda: error_reply(
        400, "PrincipalNotFound", "Principal does not exist in the directory. If you are creating "
        "this principal and then immediately assigning a role, this error might be related to a "
        "replication delay."),
    "invalid-application": lambda: error_reply(
        400, "Request_BadRequest", "The appId of the service principal does not reference a valid "
        "application object."),
    "parent-not-found": lambda: error_reply(
        404, "ParentResourceNotFound", "Failed to perform 'write' on resource(s) of type "
        "'userAssignedIdentities/federatedIdentityCredentials', because the parent resource "
        "could not be found."),
    "concurrent-credential": lambda: error_reply(
        409, "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
        "Too many Federated Identity Credentials are written concurrently for the managed "
        "identity. Concurrent Federated Identity Credentials writes under the same managed "
        "identity are not supported."),
    "region": lambda: error_reply(
        405, "MethodNotAllowed", "Support for federated identity credentials not enabled"),
    "forbidden": lambda: error_reply(
        403, "AuthorizationFailed", "The client does not have authorization to perform the "
        "action."),
    "html": lambda: Reply(203, text=SIGN_IN_PAGE),
}
RESET = "('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))"
LOST = ("('Connection aborted.', RemoteDisconnected('Remote end closed connection without "
        "response'))")


def answer_with_fault(request, fault):
    """Reply or CliError for a request that a fault hits. `lost-reply` happens all the same."""
    kind = str(fault["kind"])
    if kind in FAULTS:
        return FAULTS[kind]()
    if kind == "reset":
        raise connection_error(RESET)
    if kind in ("lost-reply", "interrupt-after"):
        request.lost = answer(request)
    if kind == "lost-reply":
        raise connection_error(LOST)
    if kind in ("interrupt", "interrupt-after"):
        raise KeyboardInterrupt
    if kind == "delay":
        request.delay = float(fault.get("seconds", 1))
        return answer(request)
    if kind == "reply":
        return Reply(int(fault["status"]), fault.get("body"),
                     None if "body" in fault else fault.get("text", ""),
                     challenge=fault.get("challenge", False))
    raise CliError("Not Implemented(fault %s)" % kind)


# --- dispatch -------------------------------------------------------------------------------------

def answer(request):
    """The service's reply; services are imported when needed, to start fast."""
    clouds = request.world.clouds()
    try:
        if request.host == DEVOPS_HOST:
            import devops
            return devops.serve(request)
        for name, cloud in clouds.items():
            if request.origin == cloud["arm"]:
                import arm
                return arm.serve(request, name, cloud)
            if request.origin == cloud["graph"]:
                import graph
                return graph.serve(request, name, cloud)
        raise not_modelled("the host %s" % request.host)
    except Reply as reply:
        return reply


def az_rest(world, profile, options, warn):
    """The request of an `az rest` command with its token."""
    url = options["url"]
    cloud = world.clouds()[(profile or {}).get("environmentName", "AzureCloud")]
    if "://" not in url:
        url = cloud["arm"].rstrip("/") + url
    if "{subscriptionId}" in url:
        url = url.replace("{subscriptionId}",
                          select_account(world, profile, options.get("subscription"))["id"])
    body, labelled = wire_body(options.get("body"))
    headers = key_values(options.get("headers"))
    parameters = key_values(options.get("params"))
    if parameters:
        url += ("&" if "?" in url else "?") + "&".join(
            "%s=%s" % (quote(k, safe=""), quote(str(v), safe="")) for k, v in parameters.items())
    url = quote(url, safe="!#$%&'()*+,/:;=?@[]~")
    request = Request(world, profile, options.get("method", "get"), url, headers, body, labelled)
    token_wanted = not options.get("no_token") and "authorization" not in request.headers
    if token_wanted and url.lower().startswith("https://"):
        acquire_token(request, options.get("resource"), warn)
    return request
