/* SPDX-License-Identifier: MIT
 * The simulated Microsoft Entra: its documents, its grants, and each way in which an exchange of a
 * federated token is refused. */
#include <stdlib.h>

#include "simulated.h"

#define FABRIKAM   "11111111-1111-1111-1111-222222222222"
#define GOVERNMENT "11111111-1111-1111-1111-333333333333"
#define CLOSED     "11111111-1111-1111-1111-444444444444"
#define APP        "66666666-6666-4666-8666-666666666601"
#define PRINCIPAL  "66666666-6666-4666-8666-666666666602"
#define IDENTITY   "77777777-7777-4777-8777-777777777701"
#define MANAGED    "77777777-7777-4777-8777-777777777702"
#define SEVERAL    "88888888-8888-4888-8888-888888888801" /* a multitenant application */
#define BARE       "88888888-8888-4888-8888-888888888802" /* without credentials */
#define ORPHAN     "88888888-8888-4888-8888-888888888803" /* without a service principal */
#define DISABLED   "88888888-8888-4888-8888-888888888804"
#define FRESH      "88888888-8888-4888-8888-888888888805"
#define GOV_APP    "88888888-8888-4888-8888-888888888806"
#define CLOSED_APP "88888888-8888-4888-8888-888888888807"
#define AZ         "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
#define POWERSHELL "1950a258-227b-4e31-a9cf-717495945fc2"

#define ARM         "https://management.core.windows.net//.default"
#define ENTRA       "https://login.microsoftonline.com/" TENANT "/v2.0"
#define GOV_ENTRA   "https://login.microsoftonline.us/" GOVERNMENT "/v2.0"
#define VSTOKEN     "https://vstoken.dev.azure.com/" ORGANIZATION
#define VISUAL      "https://app.vstoken.visualstudio.com/" ORGANIZATION
#define SUBJECT     "/eid1/c/pub/t/EREREREREREREREREREREQ/a/rISbSSETf0KqFyZ8ppdXmA/sc/x/y"
#define OLD_SUBJECT "sc://contoso/Payments/deploy"
#define AUDIENCE    "api://AzureADTokenExchange"
#define FAR         "https://token.example.com/nowhere"

/* clang-format off */
#define CREDENTIAL(ISSUER, WHO, FOR)                                                               \
    "{\"name\":\"x\",\"issuer\":\"" ISSUER "\",\"subject\":\"" WHO "\",\"audiences\":[\"" FOR "\"]}"
#define CREDENTIALS(LIST)  ",\"federatedCredentials\":[" LIST "]"
#define ENTRA_CREDENTIAL   CREDENTIAL(ENTRA, SUBJECT, AUDIENCE)
#define VSTOKEN_CREDENTIAL CREDENTIAL(VSTOKEN, OLD_SUBJECT, AUDIENCE)
#define APPLICATION(ID, MORE)                                                                      \
    "{\"id\":\"" ID "\",\"appId\":\"" ID "\",\"displayName\":\"app\"" MORE "}"
#define SERVICE(ID, APP_ID, MORE)                                                                  \
    "{\"id\":\"" ID "\",\"appId\":\"" APP_ID "\",\"displayName\":\"app\","                         \
    "\"servicePrincipalType\":\"Application\"" MORE "}"
#define USER(ID, NAME) "{\"id\":\"" ID "\",\"name\":\"" NAME "\",\"displayName\":\"Admin\"}"

static const char state[] =
    "{\"schema\":1,\"tenants\":["
    "{\"id\":\"" TENANT "\",\"name\":\"Contoso\","
    "\"users\":[" USER(ADMIN, "admin@contoso.example") "],"
    "\"applications\":["
        APPLICATION(APP, ",\"signInAudience\":\"AzureADMyOrg\",\"passwords\":[\"first\",\"s+c%t&\"]"
            CREDENTIALS(ENTRA_CREDENTIAL "," VSTOKEN_CREDENTIAL ","
                        CREDENTIAL(VISUAL, OLD_SUBJECT, AUDIENCE) ","
                        CREDENTIAL(FAR, OLD_SUBJECT, AUDIENCE) ","
                        CREDENTIAL("https://Vstoken.Example.com/A", OLD_SUBJECT, AUDIENCE) ","
                        CREDENTIAL(GOV_ENTRA, SUBJECT, AUDIENCE))) ","
        APPLICATION(SEVERAL, ",\"signInAudience\":\"AzureADMultipleOrgs\",\"passwords\":[\"s\"]"
            CREDENTIALS(ENTRA_CREDENTIAL "," VSTOKEN_CREDENTIAL)) ","
        APPLICATION(BARE, ",\"passwords\":[\"s\"]") ","
        APPLICATION(ORPHAN, CREDENTIALS(ENTRA_CREDENTIAL)) ","
        APPLICATION(DISABLED, CREDENTIALS(ENTRA_CREDENTIAL)) ","
        APPLICATION(FRESH, CREDENTIALS(ENTRA_CREDENTIAL)) "],"
    "\"servicePrincipals\":["
        SERVICE(PRINCIPAL, APP, ",\"accountEnabled\":true") ","
        SERVICE(MANAGED, IDENTITY, "") ","
        SERVICE(SEVERAL, SEVERAL, "") ","
        SERVICE(BARE, BARE, "") ","
        SERVICE(DISABLED, DISABLED, ",\"accountEnabled\":false") ","
        SERVICE(FRESH, FRESH, "") "]},"
    "{\"id\":\"" FABRIKAM "\",\"name\":\"Fabrikam\","
    "\"users\":[" USER(PROJECT, "Admin@Contoso.example") "],"
    "\"servicePrincipals\":[" SERVICE(SEVERAL, SEVERAL, "") "," SERVICE(BARE, BARE, "") "]},"
    "{\"id\":\"" GOVERNMENT "\",\"cloud\":\"AzureUSGovernment\","
    "\"users\":[" USER(ADMIN, "gov@contoso.example") "],"
    "\"applications\":["
        APPLICATION(GOV_APP,
            CREDENTIALS(CREDENTIAL(GOV_ENTRA, SUBJECT, AUDIENCE) ","
                        CREDENTIAL(VSTOKEN, OLD_SUBJECT, "api://AzureADTokenExchangeUSGov"))) "],"
    "\"servicePrincipals\":[" SERVICE(GOV_APP, GOV_APP, "") "]},"
    "{\"id\":\"" CLOSED "\",\"workloadIdentityFederation\":false,"
    "\"applications\":[" APPLICATION(CLOSED_APP, CREDENTIALS(ENTRA_CREDENTIAL)) "],"
    "\"servicePrincipals\":[" SERVICE(CLOSED_APP, CLOSED_APP, "") "]}],"
    "\"subscriptions\":[{\"id\":\"" SUBSCRIPTION "\",\"displayName\":\"s\","
    "\"tenantId\":\"" TENANT "\","
    "\"identities\":[{\"name\":\"id-deploy\",\"resourceGroup\":\"rg\",\"location\":\"westeurope\","
    "\"principalId\":\"" MANAGED "\",\"clientId\":\"" IDENTITY "\""
        CREDENTIALS(ENTRA_CREDENTIAL) "}]}],"
    "\"organizations\":[{\"name\":\"contoso\",\"id\":\"" ORGANIZATION "\","
    "\"tenantId\":\"" TENANT "\"}]}";
/* clang-format on */

/* Requests */

static void request(const char *method, const char *url, const char *type, const char *body,
                    size_t len)
{
    struct call_header *headers = ARENA_ARRAY(sim.arena, 2, struct call_header);
    const char *host = url + strlen("https://"), *target = strchr(host, '/');
    struct diags diags = DIAGS_INIT(sim.arena);

    headers[0] = (struct call_header){"Content-Type", type};
    headers[1] = (struct call_header){"client-request-id", ADMIN};
    sim.call = (struct sim_call){
        .arena = sim.arena,
        .world = sim.world,
        .keys = sim.keys,
        .method = method,
        .host = host_find(arena_strndup(sim.arena, host, (size_t)(target - host))),
        .target = target,
        .headers = headers,
        .n_headers = 2,
        .body = body,
        .body_len = len,
    };
    call_dispatch(&sim.call);
    json_free(sim.answer);
    sim.answer = json_parse("reply", sim.call.reply, sim.call.reply_len, &diags);
}

static void get(const char *url)
{
    request("GET", url, "text/plain", "", 0);
}

static void post_at(const char *host, const char *tenant, const char *form)
{
    request("POST", arena_printf(sim.arena, "https://%s/%s/oauth2/v2.0/token", host, tenant),
            "application/x-www-form-urlencoded; charset=utf-8", form, strlen(form));
}

static void post(const char *tenant, const char *form)
{
    post_at("login.microsoftonline.com", tenant, form);
}

static const char *text(const char *key)
{
    return json_text_of(sim.answer, key);
}

/* The last answer refuses with CODE and looks like a refusal. */
static void is_refused(const char *code, const char *name)
{
    const char *number = code + strlen("AADSTS"), *said = text("error_description");
    json *codes = json_member(sim.answer, "error_codes");
    char as_text[JSON_NUMBER_MAX];
    bool shaped;

    is_str(sim.call.code ? sim.call.code : "", code, name);
    shaped = sim.call.status >= 400 && sim.call.status < 500 && *text("error") &&
             !strncmp(said, arena_printf(sim.arena, "%s: ", code), strlen(code) + 2) &&
             strstr(said, " Trace ID: ") && strstr(said, " Timestamp: ") && !strstr(said, "{}") &&
             !strcmp(text("correlation_id"), ADMIN) && guid_valid(text("trace_id")) &&
             strlen(text("timestamp")) == strlen("2026-11-25 10:00:00Z") &&
             json_count(codes) == 1 && !strcmp(json_as_text(json_first(codes), as_text), number) &&
             strstr(text("error_uri"), number) != NULL;
    if (!ok(shaped, "in the shape of Entra"))
        printf("# %d %s\n", sim.call.status, sim.call.reply);
}

/* Claims of the token KEY of the last answer, whose signature must be good. */
static json *claims_of(const char *key)
{
    const char *token = text(key), *kid = "";
    json *claims = token_read(sim.arena, token, &kid);

    ok(claims && token_verified(sim.arena, sim.keys, SIGNER_ENTRA, token) &&
           !strcmp(kid, keys_id(sim.keys, SIGNER_ENTRA)),
       "%s is signed by Entra", key);
    return claims;
}

/* Documents */

static void test_documents(void)
{
    get("https://login.microsoftonline.com/" TENANT "/v2.0/.well-known/openid-configuration");
    is_str(text("issuer"), ENTRA, "the issuer of a tenant");
    is_str(text("token_endpoint"), "https://login.microsoftonline.com/" TENANT "/oauth2/v2.0/token",
           "its token endpoint");
    get("https://login.microsoftonline.com/Common/v2.0/.well-known/openid-configuration");
    is_str(text("issuer"), "https://login.microsoftonline.com/{tenantid}/v2.0", "of all");
    get("https://login.microsoftonline.com/organizations/.well-known/openid-configuration");
    is_str(text("issuer"), "https://sts.windows.net/{tenantid}/", "of version 1");
    get("https://login.microsoftonline.us/" GOVERNMENT "/v2.0/.well-known/openid-configuration");
    is_str(text("issuer"), GOV_ENTRA, "of another cloud");
    is_str(text("cloud_instance_name"), "microsoftonline.us", "which says so");
    get("https://login.microsoftonline.com/" ORGANIZATION "/v2.0/.well-known/openid-configuration");
    is_refused("AADSTS90002", "an unknown tenant");
    is_str(text("error"), "invalid_tenant", "with the error of documents");
    get("https://login.microsoftonline.com/" GOVERNMENT "/v2.0/.well-known/openid-configuration");
    is_refused("AADSTS90002", "a tenant of another cloud");
    get("https://login.microsoftonline.com/a%FF%01%22%24%7Bx/v2.0/.well-known/"
        "openid-configuration");
    is_refused("AADSTS90002", "a tenant of strange bytes");
}

static bool has_alias(const char *alias)
{
    const json *cloud = json_first(json_member(sim.answer, "metadata"));

    for (; cloud; cloud = json_next(cloud))
        if (json_holds(json_member(cloud, "aliases"), alias))
            return true;
    return false;
}

static void test_instance_discovery(void)
{
    get("https://login.chinacloudapi.cn/common/discovery/instance?api-version=1.1"
        "&authorization_endpoint=https%3A%2F%2Flogin.chinacloudapi.cn%2F" TENANT
        "%2Foauth2%2Fauthorize");
    is_str(text("tenant_discovery_endpoint"),
           "https://login.chinacloudapi.cn/" TENANT "/v2.0/.well-known/openid-configuration",
           "where the tenant is documented");
    is_str(text("api-version"), "1.1", "the version asked for");
    ok(has_alias("login.chinacloudapi.cn") && has_alias("login.microsoftonline.us") &&
           has_alias("sts.windows.net") && !has_alias("dev.azure.com"),
       "the aliases");
    get("https://login.microsoftonline.com/common/discovery/instance?api-version=1.0"
        "&authorization_endpoint=nonsense");
    is_str(text("tenant_discovery_endpoint"),
           "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration",
           "of an endpoint that is none: common");
    get("https://login.microsoftonline.com/common/discovery/instance");
    is_refused("AADSTS900144", "without an endpoint");
}

static void is_key_of(enum signer signer, const char *name)
{
    const json *key = json_first(json_member(sim.answer, "keys"));
    struct strbuf modulus, exponent;

    strbuf_init(&modulus, 1024);
    strbuf_init(&exponent, 1024);
    keys_public(sim.keys, signer, &modulus, &exponent);
    is_str(json_text_of(key, "kid"), keys_id(sim.keys, signer), name);
    is_str(json_text_of(key, "n"), modulus.data, "its modulus");
    is_str(json_text_of(key, "e"), exponent.data, "its exponent");
    strbuf_clear(&modulus);
    strbuf_clear(&exponent);
}

static void test_keys(void)
{
    get("https://login.microsoftonline.com/" TENANT "/discovery/v2.0/keys");
    is_key_of(SIGNER_ENTRA, "the key of Entra");
    get("https://login.microsoftonline.com/common/discovery/keys");
    is_key_of(SIGNER_ENTRA, "the same for all");
    get("https://vstoken.dev.azure.com/" ORGANIZATION "/.well-known/openid-configuration");
    is_str(text("issuer"), VSTOKEN, "the issuer of Azure DevOps");
    get(arena_strdup(sim.arena, text("jwks_uri")));
    is_key_of(SIGNER_DEVOPS, "its key, where it says");
    get("https://vstoken.dev.azure.com/" TENANT "/.well-known/openid-configuration");
    ok(sim.call.status == 404, "no such organization");
    get("https://vstoken.dev.azure.com/contoso/.well-known/jwks");
    ok(sim.call.status == 404, "nor by name");
    get("https://vstoken.dev.azure.com/");
    ok(sim.call.status == 501, "nothing else is modelled");
}

static void test_realm(void)
{
    get("https://login.microsoftonline.com/common/UserRealm/"
        "admin%40contoso.example?api-version=1.0");
    is_str(text("account_type"), "Managed", "a known domain");
    is_str(text("domain_name"), "contoso.example", "which");
    get("https://login.microsoftonline.com/common/userrealm/x@example.org?api-version=1.0");
    is_str(text("account_type"), "Unknown", "an unknown one");
    get("https://login.microsoftonline.com/common/userrealm/nobody");
    is_str(text("account_type"), "Unknown", "no domain");
}

/* People */

#define PASSWORD(USER)                                                                             \
    "grant_type=password&client_id=" AZ "&username=" USER "&password=x&client_info=1"              \
    "&scope=offline_access+openid+profile+https%3A%2F%2Fmanagement.core.windows.net%2F%2F.default"

static void test_password(void)
{
    json *claims;

    post("organizations", PASSWORD("ADMIN%40contoso.example"));
    ok(sim.call.status == 200, "a person signs in");
    is_str(text("token_type"), "Bearer", "the kind of token");
    is_str(text("scope"), "https://management.core.windows.net//user_impersonation " ARM,
           "the scope holds what was asked for");
    is_str(text("foci"), "1", "az belongs to the family");
    ok(json_number_of(sim.answer, "expires_in", 0) == 3600, "good for an hour");
    is_str(text("client_info"),
           "eyJ1aWQiOiI0NDQ0NDQ0NC00NDQ0LTQ0NDQtODQ0NC00NDQ0NDQ0NDQ0NDQiLCJ1dGlkIjoiMTExMTExMTEt"
           "MTExMS0xMTExLTExMTEtMTExMTExMTExMTExIn0",
           "who it is");
    claims = claims_of("access_token");
    is_str(json_text_of(claims, "aud"), "https://management.core.windows.net/", "the resource");
    is_str(json_text_of(claims, "oid"), ADMIN, "the person");
    is_str(json_text_of(claims, "tid"), TENANT, "the tenant");
    is_str(json_text_of(claims, "upn"), "admin@contoso.example", "the name as the world has it");
    is_str(json_text_of(claims, "iss"), "https://sts.windows.net/" TENANT "/", "the issuer");
    is_str(json_text_of(claims, "idtyp"), "user", "a user's");
    is_str(json_text_of(claims, "appid"), AZ, "by az");
    ok(json_number_of(claims, "exp", 0) - json_number_of(claims, "nbf", 0) == 3600, "its times");
    json_free(claims);
    claims = claims_of("id_token");
    is_str(json_text_of(claims, "aud"), AZ, "the id token is for az");
    is_str(json_text_of(claims, "iss"), ENTRA, "its issuer");
    is_str(json_text_of(claims, "preferred_username"), "admin@contoso.example", "the name");
    json_free(claims);
    post(TENANT, "grant_type=password&client_id=" AZ "&username=admin@contoso.example&password=x"
                 "&scope=https://graph.microsoft.com//.default");
    ok(sim.call.status == 200 && !json_member(sim.answer, "id_token") &&
           !json_member(sim.answer, "refresh_token") && !json_member(sim.answer, "client_info"),
       "what was not asked for is not given");
}

static void test_refresh(void)
{
    const char *token, *form, *access;
    json *claims;

    post(TENANT, PASSWORD("admin%40contoso.example"));
    token = arena_strdup(sim.arena, text("refresh_token"));
    access = arena_strdup(sim.arena, text("access_token"));
    form = arena_printf(sim.arena,
                        "grant_type=refresh_token&client_id=%s&refresh_token=%s&client_info=1"
                        "&scope=499b84ac-1321-427f-aa17-267ca6975798/.default+openid",
                        POWERSHELL, token);
    post("common", form);
    claims = claims_of("access_token");
    is_str(json_text_of(claims, "aud"), "499b84ac-1321-427f-aa17-267ca6975798",
           "refreshed for another resource, by another of the family");
    json_free(claims);
    post(FABRIKAM, form);
    claims = claims_of("access_token");
    is_str(json_text_of(claims, "oid"), PROJECT, "as a guest elsewhere");
    is_str(json_text_of(claims, "tid"), FABRIKAM, "of that tenant");
    json_free(claims);
    ok(strstr(text("client_info"), "eyJ1aWQiOiI0NDQ0") == text("client_info"), "still the same");
    post(CLOSED, form);
    is_refused("AADSTS50020", "but not where nobody knows the name");
    form = arena_printf(
        sim.arena, "grant_type=refresh_token&client_id=%s&refresh_token=%s&scope=" ARM, AZ, access);
    post(TENANT, form);
    is_refused("AADSTS9002313", "an access token refreshes nothing");
    is_str(text("error"), "invalid_grant", "as a bad grant");
    form = arena_printf(
        sim.arena, "grant_type=refresh_token&client_id=%s&refresh_token=%s&scope=" ARM, AZ, token);
    post_at("login.microsoftonline.us", "common", form);
    is_refused("AADSTS9002313", "nor does a token of another cloud");
    json_put_text(json_find(json_member(world_tenant(sim.world, TENANT), "users"), "id", ADMIN),
                  "id", PRINCIPAL);
    post(TENANT, form);
    is_refused("AADSTS50034", "nor that of a person who is gone");
    simulated_open(state);
}

static const char *refresh_form(const char *aud, const char *app, enum signer signer, long life)
{
    json *claims = json_object();

    json_text(claims, "aud", aud);
    json_text(claims, "appid", app);
    json_text(claims, "oid", ADMIN);
    json_text(claims, "tid", TENANT);
    json_put_number(claims, "iat", world_now() / 1000 - 100);
    json_put_number(claims, "exp", world_now() / 1000 + life);
    return arena_printf(sim.arena,
                        "grant_type=refresh_token&client_id=" AZ "&refresh_token=%s&scope=" ARM,
                        token_sign(sim.arena, sim.keys, signer, claims));
}

static void test_made_up_refresh(void)
{
    char *form, *signature;

    post(TENANT, refresh_form("refresh", AZ, SIGNER_ENTRA, 60));
    ok(sim.call.status == 200, "a refresh token as Entra makes it");
    form = arena_strdup(sim.arena, refresh_form("refresh", AZ, SIGNER_ENTRA, 60));
    signature = strstr(form, "&scope=") - 20;
    *signature = *signature == 'A' ? 'B' : 'A';
    post(TENANT, form);
    is_refused("AADSTS9002313", "a changed one");
    post(TENANT, refresh_form("refresh", AZ, SIGNER_ENTRA, -1));
    is_refused("AADSTS700082", "an expired one");
    post(TENANT, refresh_form("refresh", AZ, SIGNER_DEVOPS, 60));
    is_refused("AADSTS9002313", "one of another signer");
    post(TENANT, refresh_form("refresh", APP, SIGNER_ENTRA, 60));
    is_refused("AADSTS9002313", "one that another program got");
    post(TENANT, refresh_form("https://graph.microsoft.com", AZ, SIGNER_ENTRA, 60));
    is_refused("AADSTS9002313", "one for something else");
}

/* What is wrong with a request, whoever asks */

#define PERSON "grant_type=password&client_id=" AZ "&username=admin@contoso.example&password=x"

static const struct {
    const char *name, *tenant, *form, *code;
} bad_requests[] = {
    {"no body", TENANT, "", "AADSTS900144"},
    {"only separators", TENANT, "&&&", "AADSTS900144"},
    {"no client", TENANT, "grant_type=password&scope=" ARM, "AADSTS900144"},
    {"an empty client", TENANT, "grant_type=password&client_id=&scope=" ARM, "AADSTS900144"},
    {"no scope", TENANT, PERSON, "AADSTS900144"},
    {"no password", TENANT, "grant_type=password&client_id=" AZ "&username=a@b&scope=" ARM,
     "AADSTS900144"},
    {"no refresh token", TENANT, "grant_type=refresh_token&client_id=" AZ "&scope=" ARM,
     "AADSTS900144"},
    {"a grant that is none", TENANT, "grant_type=Password&client_id=" AZ "&scope=" ARM,
     "AADSTS70003"},
    {"a broken escape", TENANT, PERSON "&scope=%4", "AADSTS9002313"},
    {"an escape that is none", TENANT, PERSON "&scope=%zz", "AADSTS9002313"},
    {"a NUL", TENANT, PERSON "&scope=%00", "AADSTS9002313"},
    {"no UTF-8", TENANT, PERSON "&scope=%ff", "AADSTS9002313"},
    {"a parameter twice", TENANT, PERSON "&scope=" ARM "&username=x", "AADSTS9002313"},
    {"an unknown tenant", ORGANIZATION, PERSON "&scope=" ARM, "AADSTS90002"},
    {"a tenant of another cloud", GOVERNMENT, PERSON "&scope=" ARM, "AADSTS90038"},
    {"an unknown program", TENANT,
     "grant_type=password&client_id=" TENANT
     "&username=admin@contoso.example&password=x&scope=" ARM,
     "AADSTS700016"},
    {"an unknown person", TENANT,
     "grant_type=password&client_id=" AZ "&username=who@example.org&password=x&scope=" ARM,
     "AADSTS50034"},
    {"an unknown person anywhere", "common",
     "grant_type=password&client_id=" AZ "&username=who&password=x&scope=" ARM, "AADSTS50034"},
    {"a person of another cloud", "common",
     "grant_type=password&client_id=" AZ "&username=gov@contoso.example&password=x&scope=" ARM,
     "AADSTS50034"},
    {"a person of another tenant", CLOSED, PERSON "&scope=" ARM, "AADSTS50020"},
    {"the parameter of version 1", TENANT, PERSON "&scope=" ARM "&resource=x", "AADSTS901002"},
    {"two resources", TENANT, PERSON "&scope=" ARM "+https://graph.microsoft.com/.default",
     "AADSTS28000"},
    {"a scope without a slash", TENANT, PERSON "&scope=.default", "AADSTS70011"},
    {"a scope without a resource", TENANT, PERSON "&scope=/.default", "AADSTS70011"},
    {"an unknown resource", TENANT, PERSON "&scope=https://vault.azure.net/.default",
     "AADSTS500011"},
    {"a resource of another cloud", TENANT,
     PERSON "&scope=https://management.usgovcloudapi.net/.default", "AADSTS500011"},
    {"a resource with two slashes behind it", TENANT,
     PERSON "&scope=https://graph.microsoft.com///.default", "AADSTS500011"},
    {"a resource that is only a slash", TENANT, PERSON "&scope=//.default", "AADSTS500011"},
    {"an application without a tenant", "common",
     "grant_type=client_credentials&client_id=" APP "&client_secret=first&scope=" ARM,
     "AADSTS50059"},
    {"an application and a permission of people", TENANT,
     "grant_type=client_credentials&client_id=" APP
     "&client_secret=first&scope=https://management.azure.com/user_impersonation",
     "AADSTS1002012"},
    {"an application in another cloud", GOVERNMENT,
     "grant_type=client_credentials&client_id=" APP "&client_secret=first&scope=" ARM,
     "AADSTS900382"},
    {"an application without any proof", TENANT,
     "grant_type=client_credentials&client_id=" APP "&scope=" ARM, "AADSTS7000218"},
    {"a wrong secret", TENANT,
     "grant_type=client_credentials&client_id=" APP "&client_secret=First&scope=" ARM,
     "AADSTS7000215"},
    {"a secret of a managed identity", TENANT,
     "grant_type=client_credentials&client_id=" IDENTITY "&client_secret=first&scope=" ARM,
     "AADSTS7000215"},
    {"an unknown application", TENANT,
     "grant_type=client_credentials&client_id=" TENANT "&client_secret=first&scope=" ARM,
     "AADSTS700016"},
    {"an application of another tenant", FABRIKAM,
     "grant_type=client_credentials&client_id=" APP "&client_secret=first&scope=" ARM,
     "AADSTS700016"},
    {"an application for an unknown resource", TENANT,
     "grant_type=client_credentials&client_id=" APP
     "&client_secret=first&scope=https://vault.azure.net/.default",
     "AADSTS500011"},
    {"a single-tenant application elsewhere", FABRIKAM,
     "grant_type=client_credentials&client_id=" BARE "&client_secret=s&scope=" ARM, "AADSTS700016"},
    {"a multitenant one that nobody let in", CLOSED,
     "grant_type=client_credentials&client_id=" SEVERAL "&client_secret=s&scope=" ARM,
     "AADSTS700016"},
    {"a managed identity elsewhere", CLOSED,
     "grant_type=client_credentials&client_id=" IDENTITY "&client_secret=s&scope=" ARM,
     "AADSTS700016"},
    {"an assertion without its type", TENANT,
     "grant_type=client_credentials&client_id=" APP "&client_assertion=x&scope=" ARM,
     "AADSTS900144"},
    {"an assertion of another type", TENANT,
     "grant_type=client_credentials&client_id=" APP "&client_assertion=x&client_assertion_type=urn:"
     "ietf:params:oauth:client-assertion-type:saml2-bearer&scope=" ARM,
     "AADSTS90023"},
};

static const struct {
    const char *name, *form;
} not_modelled[] = {
    {"codes", "grant_type=authorization_code&client_id=" AZ "&code=x&scope=" ARM},
    {"device codes", "grant_type=device_code&client_id=" AZ "&scope=" ARM},
    {"device codes by their full name",
     "grant_type=urn:ietf:params:oauth:grant-type:device_code&client_id=" AZ "&scope=" ARM},
    {"scopes of people's own data", PERSON "&scope=openid+profile"},
    {"other permissions", PERSON "&scope=https://graph.microsoft.com/User.Read"},
    {"people at an application",
     "grant_type=password&client_id=" APP "&username=admin@contoso.example&password=x&scope=" ARM},
};

static void test_requests(void)
{
    size_t i;

    for (i = 0; i < sizeof bad_requests / sizeof *bad_requests; i++) {
        post(bad_requests[i].tenant, bad_requests[i].form);
        is_refused(bad_requests[i].code, bad_requests[i].name);
    }
    for (i = 0; i < sizeof not_modelled / sizeof *not_modelled; i++) {
        post(TENANT, not_modelled[i].form);
        ok(sim.call.status == 501, "not modelled: %s", not_modelled[i].name);
    }
    request("POST", "https://login.microsoftonline.com/" TENANT "/oauth2/v2.0/token",
            "application/json", PERSON "&scope=" ARM, strlen(PERSON "&scope=" ARM));
    is_refused("AADSTS900144", "a form that does not say that it is one");
    post_at("login.microsoftonline.us", GOVERNMENT,
            "grant_type=password&client_id=" AZ "&username=gov@contoso.example&password=x"
            "&scope=499b84ac-1321-427f-aa17-267ca6975798/.default");
    is_refused("AADSTS500011", "Azure DevOps is in the public cloud only");
    get("https://login.microsoftonline.com/" TENANT "/oauth2/v2.0/token");
    ok(sim.call.status == 501, "a token endpoint is not read");
}

/* Applications: secrets */

static void test_secrets(void)
{
    json *claims;

    post(TENANT, "grant_type=client_credentials&client_id=" APP
                 "&client_secret=s%2Bc%25t%26&scope=https://management.azure.com/.default");
    claims = claims_of("access_token");
    is_str(json_text_of(claims, "oid"), PRINCIPAL, "the service principal's token");
    is_str(json_text_of(claims, "sub"), PRINCIPAL, "about itself");
    is_str(json_text_of(claims, "appid"), APP, "of the application");
    is_str(json_text_of(claims, "idtyp"), "app", "an application's");
    is_str(json_text_of(claims, "aud"), "https://management.azure.com", "for what it asked");
    ok(!json_member(claims, "upn") && !json_member(claims, "scp"), "nobody's");
    ok(!json_member(sim.answer, "refresh_token"), "never a refresh token");
    json_free(claims);
    post(FABRIKAM, "grant_type=client_credentials&client_id=" SEVERAL
                   "&client_secret=s&scope=https://management.azure.com/.default");
    claims = claims_of("access_token");
    is_str(json_text_of(claims, "tid"), FABRIKAM, "a multitenant application elsewhere");
    json_free(claims);
}

/* Applications: federated tokens */

struct sample {
    const char *name, *code, *host, *tenant, *client;
    enum signer signer;
    const char *issuer, *subject, *audience;
    long from, until; /* seconds from now */
};

#define PUBLIC "login.microsoftonline.com", TENANT
#define US     "login.microsoftonline.us", GOVERNMENT
#define NEW    SIGNER_ENTRA, ENTRA, SUBJECT, AUDIENCE, -60, 600
#define OLD    SIGNER_DEVOPS, VSTOKEN, OLD_SUBJECT, AUDIENCE, -60, 600

static const struct sample samples[] = {
    {"the Entra issuer", "", PUBLIC, APP, NEW},
    {"the issuer of Azure DevOps", "", PUBLIC, APP, OLD},
    {"its first name", "", PUBLIC, APP, SIGNER_DEVOPS, VISUAL, OLD_SUBJECT, AUDIENCE, -60, 600},
    {"a managed identity", "", PUBLIC, IDENTITY, NEW},
    {"a multitenant application, old issuer", "", PUBLIC, SEVERAL, OLD},
    {"government, old issuer", "", US, GOV_APP, SIGNER_DEVOPS, VSTOKEN, OLD_SUBJECT,
     "api://AzureADTokenExchangeUSGov", -60, 600},
    {"a clock that is a little ahead", "", PUBLIC, APP, SIGNER_ENTRA, ENTRA, SUBJECT, AUDIENCE, 120,
     600},
    {"an unknown client", "AADSTS700016", PUBLIC, ORGANIZATION, NEW},
    {"no GUID at all", "AADSTS700016", PUBLIC, "x", NEW},
    {"a client of another tenant", "AADSTS700016", "login.microsoftonline.com", FABRIKAM, APP, NEW},
    {"no service principal", "AADSTS7000229", PUBLIC, ORPHAN, NEW},
    {"a disabled one", "AADSTS7000112", PUBLIC, DISABLED, NEW},
    {"federation is off", "AADSTS700223", "login.microsoftonline.com", CLOSED, CLOSED_APP, NEW},
    {"no credential", "AADSTS70025", PUBLIC, BARE, NEW},
    {"an issuer in no credential", "AADSTS700211", PUBLIC, APP, SIGNER_ENTRA,
     "https://token.actions.githubusercontent.com", SUBJECT, AUDIENCE, -60, 600},
    {"an issuer with a slash more", "AADSTS700211", PUBLIC, APP, SIGNER_ENTRA, ENTRA "/", SUBJECT,
     AUDIENCE, -60, 600},
    {"an issuer of this world in no credential", "AADSTS700211", PUBLIC, IDENTITY, OLD},
    {"an issuer but for case", "AADSTS7002138", PUBLIC, APP, SIGNER_ENTRA,
     "https://vstoken.example.com/a", OLD_SUBJECT, AUDIENCE, -60, 600},
    {"an issuer that cannot be reached", "AADSTS50166", PUBLIC, APP, SIGNER_DEVOPS, FAR,
     OLD_SUBJECT, AUDIENCE, -60, 600},
    {"another cloud's Entra", "AADSTS900382", PUBLIC, APP, SIGNER_ENTRA, GOV_ENTRA, SUBJECT,
     AUDIENCE, -60, 600},
    {"the Entra of government", "AADSTS900382", US, GOV_APP, SIGNER_ENTRA, GOV_ENTRA, SUBJECT,
     AUDIENCE, -60, 600},
    {"Entra's issuer, the other's key", "AADSTS7000272", PUBLIC, APP, SIGNER_DEVOPS, ENTRA, SUBJECT,
     AUDIENCE, -60, 600},
    {"the other's issuer, Entra's key", "AADSTS7000272", PUBLIC, APP, SIGNER_ENTRA, VSTOKEN,
     OLD_SUBJECT, AUDIENCE, -60, 600},
    {"expired", "AADSTS700024", PUBLIC, APP, SIGNER_ENTRA, ENTRA, SUBJECT, AUDIENCE, -600, -1},
    {"not yet valid", "AADSTS700024", PUBLIC, APP, SIGNER_ENTRA, ENTRA, SUBJECT, AUDIENCE, 400,
     600},
    {"a multitenant application, Entra issuer", "AADSTS70052", PUBLIC, SEVERAL, NEW},
    {"another subject", "AADSTS700213", PUBLIC, APP, SIGNER_DEVOPS, VSTOKEN,
     "sc://contoso/Payments/other", AUDIENCE, -60, 600},
    {"the subject of another issuer", "AADSTS700213", PUBLIC, APP, SIGNER_ENTRA, ENTRA, OLD_SUBJECT,
     AUDIENCE, -60, 600},
    {"a subject but for case", "AADSTS7002138", PUBLIC, APP, SIGNER_DEVOPS, VSTOKEN,
     "sc://contoso/payments/deploy", AUDIENCE, -60, 600},
    {"another audience", "AADSTS700212", PUBLIC, APP, SIGNER_ENTRA, ENTRA, SUBJECT,
     "api://AzureADTokenExchangeChina", -60, 600},
    {"an audience but for case", "AADSTS700212", PUBLIC, APP, SIGNER_ENTRA, ENTRA, SUBJECT,
     "api://azureadtokenexchange", -60, 600},
    {"no subject", "AADSTS50027", PUBLIC, APP, SIGNER_ENTRA, ENTRA, "", AUDIENCE, -60, 600},
    {"no audience", "AADSTS50027", PUBLIC, APP, SIGNER_ENTRA, ENTRA, SUBJECT, NULL, -60, 600},
};

static json *sample_claims(const struct sample *sample)
{
    long long now = world_now() / 1000;
    json *claims = json_object();

    json_text(claims, "iss", sample->issuer);
    json_text(claims, "sub", sample->subject);
    json_text(claims, "aud", sample->audience);
    json_put_number(claims, "nbf", now + sample->from);
    json_put_number(claims, "exp", now + sample->until);
    return claims;
}

static void exchange(const struct sample *sample, const char *assertion)
{
    const char *scope =
        strstr(sample->host, ".us") ? "https://management.usgovcloudapi.net/.default" : ARM;

    post_at(sample->host, sample->tenant,
            arena_printf(sim.arena,
                         "grant_type=client_credentials&client_id=%s&scope=%s"
                         "&client_assertion_type=urn%%3Aietf%%3Aparams%%3Aoauth%%3A"
                         "client-assertion-type%%3Ajwt-bearer&client_assertion=%s",
                         sample->client, scope, assertion));
}

static void test_samples(void)
{
    size_t i;

    for (i = 0; i < sizeof samples / sizeof *samples; i++) {
        const struct sample *sample = &samples[i];

        exchange(sample, token_sign(sim.arena, sim.keys, sample->signer, sample_claims(sample)));
        if (*sample->code)
            is_refused(sample->code, sample->name);
        else if (!ok(sim.call.status == 200, "taken: %s", sample->name))
            printf("# %s\n", sim.call.reply);
        ok((*text("access_token") != '\0') == !*sample->code, "a token or a refusal");
    }
}

static void test_exchanged(void)
{
    json *claims;

    exchange(&samples[0],
             token_sign(sim.arena, sim.keys, SIGNER_ENTRA, sample_claims(&samples[0])));
    claims = claims_of("access_token");
    is_str(json_text_of(claims, "oid"), PRINCIPAL, "the service principal's token");
    is_str(json_text_of(claims, "appid"), APP, "of the application");
    is_str(json_text_of(claims, "tid"), TENANT, "in its tenant");
    is_str(json_text_of(claims, "idtyp"), "app", "an application's");
    is_str(json_text_of(claims, "aud"), "https://management.core.windows.net/",
           "for what it asked");
    json_free(claims);
    exchange(&samples[3],
             token_sign(sim.arena, sim.keys, SIGNER_ENTRA, sample_claims(&samples[3])));
    claims = claims_of("access_token");
    is_str(json_text_of(claims, "oid"), MANAGED, "a managed identity's");
    is_str(json_text_of(claims, "appid"), IDENTITY, "by its client id");
    json_free(claims);
}

static void test_lists_of_audiences(void)
{
    json *claims = sample_claims(&samples[0]), *list = json_array();

    json_append(list, json_null());
    json_append_text(list, "other");
    json_append_text(list, AUDIENCE);
    json_put(claims, "aud", list);
    exchange(&samples[0], token_sign(sim.arena, sim.keys, SIGNER_ENTRA, claims));
    ok(sim.call.status == 200, "one of several audiences");
    claims = sample_claims(&samples[0]);
    json_put(claims, "aud", json_array());
    exchange(&samples[0], token_sign(sim.arena, sim.keys, SIGNER_ENTRA, claims));
    is_refused("AADSTS700212", "none at all");
    claims = sample_claims(&samples[0]);
    list = json_array();
    json_append_text(list, "other");
    json_put(claims, "aud", list);
    exchange(&samples[0], token_sign(sim.arena, sim.keys, SIGNER_ENTRA, claims));
    is_refused("AADSTS700212", "only others");
}

/* A token as SAMPLE, with another header in front. */
static const char *with_header(const struct sample *sample, const char *header)
{
    const char *token = token_sign(sim.arena, sim.keys, sample->signer, sample_claims(sample));
    struct strbuf out;
    const char *made;

    strbuf_init(&out, 1 << 20);
    base64url_encode(&out, header, strlen(header));
    strbuf_adds(&out, strchr(token, '.'));
    made = arena_strdup(sim.arena, out.data);
    strbuf_clear(&out);
    return made;
}

static void test_forged(void)
{
    const struct sample *sample = &samples[0];
    const char *kid = keys_id(sim.keys, SIGNER_ENTRA);
    char *token = arena_strdup(
        sim.arena, token_sign(sim.arena, sim.keys, SIGNER_ENTRA, sample_claims(sample)));
    char *signature = strrchr(token, '.') + 1;

    signature[10] = signature[10] == 'A' ? 'B' : 'A';
    exchange(sample, token);
    is_refused("AADSTS700027", "a changed signature");
    exchange(sample,
             with_header(sample, arena_printf(sim.arena,
                                              "{\"alg\":\"RS256\",\"kid\":\"%s\",\"x\":1}", kid)));
    is_refused("AADSTS700027", "a changed header");
    exchange(sample, with_header(sample, "{\"alg\":\"RS256\",\"kid\":\"another\"}"));
    is_refused("AADSTS7000272", "another key");
    exchange(sample, with_header(sample, "{\"alg\":\"RS256\"}"));
    is_refused("AADSTS7000272", "no key");
    exchange(sample, with_header(sample, arena_printf(sim.arena,
                                                      "{\"alg\":\"none\",\"kid\":\"%s\"}", kid)));
    is_refused("AADSTS5002738", "no algorithm");
    exchange(sample, with_header(sample, "{\"alg\":\"HS256\"}"));
    is_refused("AADSTS5002738", "an algorithm of shared secrets");
    exchange(sample, with_header(sample, "{\"alg\":\"RS512\"}"));
    is_refused("AADSTS700027", "an algorithm that no issuer here uses");
    exchange(sample, with_header(sample, "{\"alg\":\"RS256\",\"crit\":[\"exp\"]}"));
    is_refused("AADSTS50027", "an extension");
    exchange(sample, arena_strndup(sim.arena, token, (size_t)(signature - token)));
    is_refused("AADSTS50027", "no signature");
    exchange(sample, "nonsense");
    is_refused("AADSTS50027", "no token");
}

/* A token of a real one's shape whose claims belong together otherwise. */
static void test_other_tokens(void)
{
    const char *form =
        "grant_type=client_credentials&client_id=" APP "&client_secret=first&scope=" ARM;

    post(TENANT, form);
    exchange(&samples[0], arena_strdup(sim.arena, text("access_token")));
    is_refused("AADSTS700211", "an access token is no assertion");
}

static void test_time(void)
{
    json *tenant = world_tenant(sim.world, TENANT);

    world_stamp(json_find(json_member(tenant, "applications"), "appId", FRESH));
    exchange(&(struct sample){"", "", PUBLIC, FRESH, NEW}, "x");
    is_refused("AADSTS700016", "an application of this moment");
    json_remove_key(json_find(json_member(tenant, "applications"), "appId", FRESH), "createdAt");
    world_stamp(json_find(json_member(tenant, "servicePrincipals"), "appId", FRESH));
    exchange(&(struct sample){"", "", PUBLIC, FRESH, NEW}, "x");
    is_refused("AADSTS700016", "a service principal of this moment");
    json_put(world_root(sim.world), "settings", json_object());
    json_put_number(json_member(world_root(sim.world), "settings"), "replicationMilliseconds", 0);
    json_put_number(json_member(world_root(sim.world), "settings"), "tokenLifeMilliseconds", 60000);
    exchange(&(struct sample){"", "", PUBLIC, FRESH, NEW},
             token_sign(sim.arena, sim.keys, SIGNER_ENTRA, sample_claims(&samples[0])));
    ok(sim.call.status == 200 && json_number_of(sim.answer, "expires_in", 0) == 60,
       "both when they are known, for as long as the world says");
    simulated_open(state);
}

static void test_deleted(void)
{
    json *user = json_first_of(json_member(world_tenant(sim.world, TENANT), "users"));
    json *roles = json_array();
    const char *token = simulated_token(json_text_of(user, "id"), TENANT,
                                        "https://graph.microsoft.com", 600);

    json_append_text(roles, "Global Administrator");
    json_put(user, "directoryRoles", roles);
    simulated_call(token, "DELETE",
                   "https://graph.microsoft.com/v1.0/applications(appId='" APP "')", NULL, NULL);
    ok(sim.call.status == 204, "an application is deleted");
    exchange(&samples[0],
             token_sign(sim.arena, sim.keys, SIGNER_ENTRA, sample_claims(&samples[0])));
    is_refused("AADSTS700016", "nobody signs in as a deleted application");
    simulated_open(state);
}

/* Texts */

static void test_texts(void)
{
    exchange(&samples[0],
             token_sign(sim.arena, sim.keys, SIGNER_ENTRA,
                        sample_claims(&(struct sample){"", "", PUBLIC, APP, SIGNER_ENTRA, ENTRA,
                                                       "who?", AUDIENCE, -60, 600})));
    ok(strstr(text("error_description"),
              "AADSTS700213: No matching federated identity record found for presented assertion "
              "subject 'who?'. Check your federated identity credential Subject, Audience and "
              "Issuer against the presented assertion. ") == text("error_description"),
       "the words are Entra's");
    ok(sim.call.status == 401 && !strcmp(text("error"), "invalid_client"), "and the status");
    post(TENANT, "grant_type=client_credentials&client_id=%01%02%0a%e2%80%ae%22&client_secret=x"
                 "&scope=" ARM);
    is_refused("AADSTS700016", "a client id of control characters");
    ok(!strchr(text("error_description"), '\x01') && !strchr(text("error_description"), '\n'),
       "which are not repeated");
    ok(sim.call.status == 400 && !strcmp(text("error"), "unauthorized_client"), "its status");
}

/* Whatever is sent, there is an answer that is JSON. */
static void test_hostile(void)
{
    static const char letters[] = "&=%+.eyJ0-_/ax\xff\x01\x00{}\"";
    size_t size = 1 << 20, len, i, n, answered = 0;
    char *body = arena_alloc(sim.arena, size + 1, 1);
    unsigned seed = 4711;

    for (n = 0; n < 300; n++) {
        len = n % 100 == 99 ? size : n * 3;
        for (i = 0; i < len; i++) {
            seed = seed * 1103515245u + 12345;
            body[i] = letters[(seed >> 16) % (sizeof letters - 1)];
        }
        request("POST", "https://login.microsoftonline.com/" TENANT "/oauth2/v2.0/token",
                "application/x-www-form-urlencoded", body, len);
        answered += sim.call.status >= 400 && sim.answer != NULL;
    }
    ok(answered == n, "random bodies are refused (%zu of %zu)", answered, n);
    memset(body, '&', size);
    request("POST", "https://login.microsoftonline.com/" TENANT "/oauth2/v2.0/token",
            "application/x-www-form-urlencoded", body, size);
    is_refused("AADSTS9002313", "a million separators");
    memset(body, 'A', size);
    body[size] = '\0';
    exchange(&samples[0], body);
    is_refused("AADSTS50027", "an assertion of a million letters");
    memset(body, '[', 40000);
    body[40000] = '\0';
    exchange(&samples[0], with_header(&samples[0], body));
    is_refused("AADSTS50027", "a header of nested lists");
    exchange(&samples[0], token_sign(sim.arena, sim.keys, SIGNER_ENTRA, json_array()));
    is_refused("AADSTS50027", "claims that are a list");
}

int main(void)
{
    simulated_open(state);
    test_documents();
    test_instance_discovery();
    test_keys();
    test_realm();
    test_password();
    test_refresh();
    test_made_up_refresh();
    test_requests();
    test_secrets();
    test_samples();
    test_exchanged();
    test_lists_of_audiences();
    test_forged();
    test_other_tokens();
    test_time();
    test_deleted();
    test_texts();
    test_hostile();
    simulated_close();
    return done_testing();
}
