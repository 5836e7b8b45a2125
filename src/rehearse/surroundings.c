/* SPDX-License-Identifier: MIT
 * The environment of what runs in the sandbox. */
#include "rehearse/sandbox.h"

#include <string.h>

/* Variables that the simulation sets; the texts behind them are found by where_from. */
static const struct {
    const char *name;
    enum {
        FROM_PROXY,
        FROM_CA,
        FROM_HOME,
        FROM_PROFILE,
        FROM_DEVOPS,
        FROM_TMP,
        FROM_PATH,
        FROM_TEXT
    } from;
    const char *text;
    bool basic; /* of any environment: not to be unset afterwards */
} variables[] = {
    {"HTTPS_PROXY", FROM_PROXY, NULL, false},
    {"https_proxy", FROM_PROXY, NULL, false},
    /* plain HTTP is refused by the proxy, by name */
    {"HTTP_PROXY", FROM_PROXY, NULL, false},
    {"http_proxy", FROM_PROXY, NULL, false},
    {"ALL_PROXY", FROM_PROXY, NULL, false},
    {"all_proxy", FROM_PROXY, NULL, false},
    {"NO_PROXY", FROM_TEXT, "", false},
    {"no_proxy", FROM_TEXT, "", false},
    {"REQUESTS_CA_BUNDLE", FROM_CA, NULL, false},
    {"CURL_CA_BUNDLE", FROM_CA, NULL, false},
    {"SSL_CERT_FILE", FROM_CA, NULL, false},
    {"NODE_EXTRA_CA_CERTS", FROM_CA, NULL, false},
    {"NODE_USE_ENV_PROXY", FROM_TEXT, "1", false},
    {"AZURE_CONFIG_DIR", FROM_PROFILE, NULL, false},
    {"AZDO_WIF_DEVOPS_CONFIG_DIR", FROM_DEVOPS, NULL, false},
    {"AZURE_CORE_COLLECT_TELEMETRY", FROM_TEXT, "no", false},
    {"AZURE_CORE_SURVEY_MESSAGE", FROM_TEXT, "no", false},
    {"AZURE_CORE_NO_COLOR", FROM_TEXT, "yes", false},
    {"AZURE_DEVOPS_CACHE_DIR", FROM_PROFILE, NULL, false},
    {"HOME", FROM_HOME, NULL, false},
    {"TMPDIR", FROM_TMP, NULL, true},
    {"PATH", FROM_PATH, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", true},
    {"LANG", FROM_TEXT, "C.UTF-8", true},
};

/* The caller's own that sign in somewhere or lead az elsewhere. A name that ends in '_' stands for
 * all that begin so. */
static const char *const foreign[] = {"AZDO_WIF_DEVOPS_CONFIG_DIR",
                                      "AZURE_DEVOPS_EXT_PAT",
                                      "AZURE_CLIENT_ID",
                                      "AZURE_CLIENT_SECRET",
                                      "AZURE_CLIENT_CERTIFICATE_PATH",
                                      "AZURE_TENANT_ID",
                                      "AZURE_USERNAME",
                                      "AZURE_PASSWORD",
                                      "AZURE_FEDERATED_TOKEN",
                                      "AZURE_FEDERATED_TOKEN_FILE",
                                      "ARM_CLIENT_ID",
                                      "ARM_CLIENT_SECRET",
                                      "ARM_TENANT_ID",
                                      "ARM_SUBSCRIPTION_ID",
                                      "ARM_OIDC_TOKEN",
                                      "ARM_ACCESS_KEY",
                                      "SYSTEM_ACCESSTOKEN",
                                      "AZURE_",
                                      "ARM_",
                                      "SYSTEM_",
                                      "IDENTITY_",
                                      "MSI_"};

/* What of the caller's environment a person's own command keeps: what a terminal needs. */
static const char *const kept[] = {
    "PATH",    "TERM",    "COLORTERM", "LANG",     "LANGUAGE", "TZ",    "SHELL",   "USER",
    "LOGNAME", "COLUMNS", "LINES",     "NO_COLOR", "EDITOR",   "PAGER", "DISPLAY", NULL};

static const char *where_from(struct arena *arena, const struct surroundings *s, size_t i)
{
    switch (variables[i].from) {
    case FROM_PROXY:
        return arena_printf(arena, "http://127.0.0.1:%u", s->port);
    case FROM_CA:
        return s->ca_file;
    case FROM_HOME:
        return s->home;
    case FROM_PROFILE:
        return s->profile;
    case FROM_DEVOPS:
        return s->devops_profile;
    case FROM_TMP:
        return s->temporary;
    case FROM_PATH:
        return s->first_path ? arena_printf(arena, "%s:%s", s->first_path, variables[i].text)
                             : variables[i].text;
    default:
        return variables[i].text;
    }
}

static bool is_kept(const char *variable)
{
    size_t len = strcspn(variable, "="), i;

    for (i = 0; kept[i]; i++)
        if (strlen(kept[i]) == len && !strncmp(kept[i], variable, len))
            return true;
    return !strncmp(variable, "LC_", 3);
}

static bool has(char *const *list, size_t count, const char *name)
{
    size_t i, len = strlen(name);

    for (i = 0; i < count; i++)
        if (!strncmp(list[i], name, len) && list[i][len] == '=')
            return true;
    return false;
}

char *const *sandbox_environment(struct arena *arena, const struct surroundings *surroundings)
{
    char **list = NULL;
    size_t count = 0, i;

    for (i = 0; surroundings->keep && surroundings->keep[i]; i++)
        if (is_kept(surroundings->keep[i]))
            ARENA_PUSH(arena, list, count, arena_strdup(arena, surroundings->keep[i]));
    for (i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *text = where_from(arena, surroundings, i);

        if (text && !has(list, count, variables[i].name))
            ARENA_PUSH(arena, list, count, arena_printf(arena, "%s=%s", variables[i].name, text));
    }
    for (i = 0; surroundings->more && surroundings->more[i]; i++)
        ARENA_PUSH(arena, list, count, arena_strdup(arena, surroundings->more[i]));
    ARENA_PUSH(arena, list, count, NULL);
    return list;
}

static bool is_ours(const char *name, size_t len)
{
    size_t i;

    for (i = 0; i < sizeof variables / sizeof *variables; i++)
        if (strlen(variables[i].name) == len && !strncmp(variables[i].name, name, len))
            return true;
    return false;
}

static bool is_listed(const char *const *list, size_t count, const char *name)
{
    while (count--)
        if (!strcmp(list[count], name))
            return true;
    return false;
}

const char *const *sandbox_foreign_names(struct arena *arena, char *const *environment)
{
    const char **list = NULL;
    size_t count = 0, i, n;

    for (i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (foreign[i][strlen(foreign[i]) - 1] != '_')
            ARENA_PUSH(arena, list, count, foreign[i]);
    for (n = 0; environment[n]; n++) {
        size_t len = strcspn(environment[n], "=");
        const char *name = arena_strndup(arena, environment[n], len);
        bool found = false;

        for (i = 0; i < sizeof foreign / sizeof *foreign && !found; i++)
            found = foreign[i][strlen(foreign[i]) - 1] == '_' &&
                    !strncmp(name, foreign[i], strlen(foreign[i]));
        if (found && !is_ours(name, len) && !is_listed(list, count, name) &&
            len == strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"))
            ARENA_PUSH(arena, list, count, name);
    }
    ARENA_PUSH(arena, list, count, NULL);
    return list;
}

bool sandbox_is_basic(const char *variable)
{
    size_t i, len = strcspn(variable, "=");

    for (i = 0; i < sizeof variables / sizeof *variables; i++)
        if (strlen(variables[i].name) == len && !strncmp(variables[i].name, variable, len))
            return variables[i].basic;
    return false;
}
