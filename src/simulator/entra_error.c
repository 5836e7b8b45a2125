/* SPDX-License-Identifier: MIT
 * What the simulated Microsoft Entra answers when it refuses.
 *
 * Numbers and meanings: learn.microsoft.com/entra/identity-platform/reference-error-codes. Wordings
 * are those of published replies: 700016, 7000215, 1002012, 5002738
 * AzureAD/microsoft-authentication-library-for-dotnet (its tests) 90002  Azure/azure-sdk-for-js
 * (recordings); the sentence about the cloud is newer 700211  Azure/azure-workload-identity#1200;
 * 700213  Azure/login#482, dotnet/maui#31978 7002138  Azure/login#515; 700212  a recorded reply in
 * apache projects' tests 7000272  Azure/azure-workload-identity#1232; 700027  MicrosoftDocs
 * (msal-net-migration) 700024, 70025, 50166, 501661  troubleshooting pages of
 * azure-workload-identity and GitLab 70052  MicrosoftDocs/azure-devops-docs; 900382, 90038  issue
 * threads about national clouds 50020, 50034, 500011, 7000218, 7000112
 * learn.microsoft.com/troubleshoot/entra Nobody has published the texts of 700223, 90023 and of
 * 7002138 for an issuer: those are ours. */
#include "simulator/entra.h"

#include <stdarg.h>
#include <string.h>

#include "base/utf8.h"

enum {
    SHOWN_MAX = 700
}; /* bytes of a text of the request that a message repeats; a subject has 600 */

#define COMPARE                                                                                    \
    "Check your federated identity credential Subject, Audience and Issuer against the presented " \
    "assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
#define CASE_MATTERS                                                                               \
    "matches with case-insensitive comparison, but not with case-sensitive comparison. Check "     \
    "your federated identity credential Subject, Audience and Issuer against the presented "       \
    "assertion. See documentation at: "                                                            \
    "https://learn.microsoft.com/entra/workload-id/workload-identity-federation. See breaking "    \
    "change notification and remediation at: "                                                     \
    "https://learn.microsoft.com/en-us/entra/identity-platform/"                                   \
    "reference-breaking-changes#august-2024."
#define NO_RECORD "No matching federated identity record found for presented assertion "
#define NO_TENANT                                                                                  \
    "Tenant '{}' not found. Check to make sure you have the correct tenant ID and are signing "    \
    "into the correct cloud. Check with your subscription administrator, this may happen if "      \
    "there are no active subscriptions for the tenant."

static const struct row {
    const char *number;
    int status;
    const char *error, *text;
} rows[ENTRA_ERROR_COUNT] = {
    [ENTRA_UNKNOWN_TENANT] = {"90002", 400, "invalid_request", NO_TENANT},
    [ENTRA_UNKNOWN_TENANT_DOCS] = {"90002", 400, "invalid_tenant", NO_TENANT},
    [ENTRA_NO_TENANT] = {"50059", 400, "invalid_request",
                         "No tenant-identifying information found in either the request or "
                         "implied by any provided credentials."},
    [ENTRA_OTHER_CLOUD] = {"90038", 400, "invalid_request",
                           "Tenant '{}' request is being redirected to the National Cloud '{}'."},
    [ENTRA_CROSS_CLOUD] = {"900382", 400, "invalid_request",
                           "Confidential Client is not supported in Cross Cloud request."},
    [ENTRA_MISSING] = {"900144", 400, "invalid_request",
                       "The request body must contain the following parameter: '{}'."},
    [ENTRA_MALFORMED] = {"9002313", 400, "invalid_request",
                         "Invalid request. Request is malformed or invalid."},
    [ENTRA_BAD_REQUEST] = {"90023", 400, "invalid_request",
                           "The authentication service request isn't valid: {}."},
    [ENTRA_RESOURCE_PARAMETER] = {"901002", 400, "invalid_request",
                                  "The 'resource' request parameter is not supported."},
    [ENTRA_UNSUPPORTED_GRANT] = {"70003", 400, "unsupported_grant_type",
                                 "The app requested an unsupported grant type '{}'."},
    [ENTRA_SEVERAL_RESOURCES] = {"28000", 400, "invalid_scope",
                                 "Provided value for the input parameter scope is not valid "
                                 "because it contains more than one resource. Scope {} is not "
                                 "valid."},
    [ENTRA_BAD_SCOPE] = {"70011", 400, "invalid_scope",
                         "The provided value for the input parameter 'scope' is not valid. The "
                         "scope {} is not valid."},
    [ENTRA_NOT_DEFAULT_SCOPE] = {"1002012", 400, "invalid_scope",
                                 "The provided value for scope {} is not valid. Client credential "
                                 "flows must have a scope value with /.default suffixed to the "
                                 "resource identifier (application ID URI)."},
    [ENTRA_UNKNOWN_RESOURCE] = {"500011", 400, "invalid_resource",
                                "The resource principal named {} was not found in the tenant "
                                "named {}. This can happen if the application has not been "
                                "installed by the administrator of the tenant or consented to by "
                                "any user in the tenant. You might have sent your authentication "
                                "request to the wrong tenant."},
    [ENTRA_UNKNOWN_USER] = {"50034", 400, "invalid_grant",
                            "The user account {EmailHidden} does not exist in the {} directory. "
                            "To sign into this application, the account must be added to the "
                            "directory."},
    [ENTRA_FOREIGN_USER] = {"50020", 400, "invalid_grant",
                            "User account '{EmailHidden}' from identity provider "
                            "'https://sts.windows.net/{}/' does not exist in tenant '{}' and "
                            "cannot access the application '{}'({}) in that tenant. The account "
                            "needs to be added as an external user in the tenant first. Sign out "
                            "and sign in again with a different Azure Active Directory user "
                            "account."},
    [ENTRA_BAD_REFRESH] = {"9002313", 400, "invalid_grant",
                           "Invalid request. Request is malformed or invalid."},
    [ENTRA_EXPIRED_REFRESH] = {"700082", 400, "invalid_grant",
                               "The refresh token has expired due to inactivity. The token was "
                               "issued on {} and was inactive for 90.00:00:00."},
    [ENTRA_UNKNOWN_CLIENT] = {"700016", 400, "unauthorized_client",
                              "Application with identifier '{}' was not found in the directory "
                              "'{}'. This can happen if the application has not been installed by "
                              "the administrator of the tenant or consented to by any user in the "
                              "tenant. You may have sent your authentication request to the wrong "
                              "tenant."},
    [ENTRA_NO_PRINCIPAL] = {"7000229", 400, "unauthorized_client",
                            "The client application {} is missing service principal in the "
                            "tenant {}. See instructions here: "
                            "https://go.microsoft.com/fwlink/?linkid=2225119"},
    [ENTRA_DISABLED] = {"7000112", 400, "unauthorized_client", "Application '{}'({}) is disabled."},
    [ENTRA_NO_PROOF] = {"7000218", 401, "invalid_client",
                        "The request body must contain the following parameter: "
                        "'client_assertion' or 'client_secret'."},
    [ENTRA_BAD_SECRET] = {"7000215", 401, "invalid_client",
                          "Invalid client secret provided. Ensure the secret being sent in the "
                          "request is the client secret value, not the client secret ID, for a "
                          "secret added to app '{}'."},
    [ENTRA_NO_FEDERATION] = {"700223", 401, "invalid_client",
                             "Workload identity federation is disabled in this tenant by its "
                             "policy."},
    [ENTRA_NO_CREDENTIAL] = {"70025", 401, "invalid_client",
                             "The client '{}' has no configured federated identity credentials."},
    [ENTRA_BAD_TOKEN] = {"50027", 400, "invalid_request", "JWT token is invalid or malformed."},
    [ENTRA_BAD_ALGORITHM] = {"5002738", 401, "invalid_client",
                             "Invalid JWT token. '{}' is not a supported signature algorithm. "
                             "Supported signing algorithms are: 'RS256,RS384,RS512'"},
    [ENTRA_UNREACHABLE] = {"50166", 400, "invalid_request",
                           "Request to External OIDC endpoint failed."},
    [ENTRA_UNKNOWN_KEY] = {"7000272", 401, "invalid_client",
                           "The certificate with identifier {} used to sign the federated "
                           "credential could not be found in the metadata of identity provider "
                           "{}. Please validate that your Identity Provider's metadata exposes "
                           "the key used to sign the incoming token."},
    [ENTRA_BAD_SIGNATURE] = {"700027", 401, "invalid_client",
                             "Client assertion contains an invalid signature. [Reason - The "
                             "provided signature value did not match the expected signature "
                             "value.]"},
    [ENTRA_NOT_IN_TIME] = {"700024", 401, "invalid_client",
                           "Client assertion is not within its valid time range. Current time: "
                           "{}, assertion valid from {}, expiry time of assertion {}. Review the "
                           "documentation at https://learn.microsoft.com/entra/identity-platform/"
                           "certificate-credentials ."},
    [ENTRA_MULTITENANT] = {"70052", 401, "invalid_client",
                           "The identity must be a managed identity, a single tenant app, or a "
                           "service account."},
    [ENTRA_ISSUER] = {"700211", 401, "invalid_client", NO_RECORD "issuer '{}'. " COMPARE},
    [ENTRA_SUBJECT] = {"700213", 401, "invalid_client", NO_RECORD "subject '{}'. " COMPARE},
    [ENTRA_AUDIENCE] = {"700212", 401, "invalid_client", NO_RECORD "audience '{}'. " COMPARE},
    [ENTRA_ISSUER_CASE] = {"7002138", 401, "invalid_client",
                           NO_RECORD "issuer '{}'. The issuer " CASE_MATTERS},
    [ENTRA_SUBJECT_CASE] = {"7002138", 401, "invalid_client",
                            NO_RECORD "subject '{}'. The subject " CASE_MATTERS},
};

/* Appends what may be shown of TEXT: a reply is UTF-8, and no control character is worth repeating.
 */
static void add_shown(struct strbuf *out, const char *text)
{
    size_t left = strnlen(text, SHOWN_MAX), n;

    for (; left; text += n, left -= n) {
        uint32_t code = 0;

        n = utf8_decode(text, left, &code);
        if (n && !utf8_is_control(code))
            strbuf_add(out, text, n);
        else
            strbuf_addc(out, '?');
        n = n ? n : 1;
    }
}

/* What identifies a failure to Microsoft's support. */
struct trace {
    char id[GUID_TEXT + 1], correlation[GUID_TEXT + 1];
    char when[32]; /* "2026-11-25 10:00:00Z" */
};

/* Not one of the world's: how often somebody fails must not change the ids of what is made later.
 */
static void random_guid(char ret_guid[GUID_TEXT + 1])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[GUID_TEXT];
    size_t i;

    keys_random(bytes, sizeof bytes);
    for (i = 0; i < GUID_TEXT; i++)
        ret_guid[i] = i == 8 || i == 13 || i == 18 || i == 23 ? '-' : digits[bytes[i] & 15];
    ret_guid[14] = '4';
    ret_guid[GUID_TEXT] = '\0';
}

static struct trace new_trace(const struct sim_call *call)
{
    const char *sent = call_header(call, "client-request-id");
    struct trace trace;

    random_guid(trace.id);
    random_guid(trace.correlation);
    if (sent && guid_valid(sent))
        memcpy(trace.correlation, sent, sizeof trace.correlation);
    world_time_text(world_now(), trace.when);
    trace.when[10] = ' ';
    return trace;
}

/* The numbers of a failure, as a list. */
static json *numbers(struct sim_call *call, const char *number)
{
    const char *text = call_text(call, "[%s]", number);
    struct diags diags = DIAGS_INIT(call->arena);

    return json_parse("numbers", text, strlen(text), &diags);
}

static void reply_error(struct sim_call *call, const struct row *row, const char *text)
{
    struct trace trace = new_trace(call);
    json *body = json_object();

    json_text(body, "error", row->error);
    json_text(body, "error_description",
              call_text(call, "AADSTS%s: %s Trace ID: %s Correlation ID: %s Timestamp: %s",
                        row->number, text, trace.id, trace.correlation, trace.when));
    json_add(body, "error_codes", numbers(call, row->number));
    json_text(body, "timestamp", trace.when);
    json_text(body, "trace_id", trace.id);
    json_text(body, "correlation_id", trace.correlation);
    json_text(body, "error_uri",
              call_text(call, "https://%s/error?code=%s", call->host->azure->login, row->number));
    call->code = call_text(call, "AADSTS%s", row->number);
    call_reply_header(call, "Cache-Control", "no-store, no-cache");
    call_reply_header(call, "x-ms-request-id", trace.id);
    call_reply(call, row->status, body);
}

void entra_fail(struct sim_call *call, enum entra_error error, ...)
{
    const char *format = rows[error].text, *gap;
    struct strbuf text;
    va_list texts;

    strbuf_init(&text, 16 * 1024);
    va_start(texts, error);
    for (; (gap = strstr(format, "{}")); format = gap + 2) {
        strbuf_add(&text, format, (size_t)(gap - format));
        add_shown(&text, va_arg(texts, const char *));
    }
    va_end(texts);
    strbuf_adds(&text, format);
    reply_error(call, &rows[error], text.data);
    strbuf_clear(&text);
}
