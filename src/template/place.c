/* SPDX-License-Identifier: MIT
 * Places and the encoders that are right for them: one table; and the languages without structure.
 */
#include "template/place.h"

#include <string.h>

#include "encode/encode.h"

static encode_fn *const own[] = {
    [PLACE_SH_WORD] = encode_shell,
    [PLACE_SH_DOUBLE] = encode_shell_double,
    [PLACE_SH_SINGLE] = encode_shell_single,
    [PLACE_SH_COMMENT] = encode_comment,
    [PLACE_SH_HEREDOC] = encode_heredoc,
    [PLACE_JSON_VALUE] = encode_json,
    [PLACE_MD_TEXT] = encode_md,
    [PLACE_MD_COMMENT] = encode_html_comment,
    [PLACE_MD_FENCE] = encode_md_fence,
    [PLACE_MD_MERMAID] = encode_mermaid,
    [PLACE_TXT] = encode_plain_lines,
    [PLACE_HTML_TEXT] = encode_html,
    [PLACE_YAML_SCALAR] = encode_yaml,
    [PLACE_PS_EXPRESSION] = encode_powershell,
    [PLACE_HCL_EXPRESSION] = encode_hcl,
    [PLACE_LINE_COMMENT] = encode_comment,
};

/* The outermost encoder sections. Those with a second function make data, which the place's own
 * encoder then writes; the others are the place's own, or write the whole construct. */
static const struct place_encoder sections[] = {
    {PLACE_SH_WORD, "shell", encode_shell, NULL},
    {PLACE_SH_DOUBLE, "shell_double", encode_shell_double, NULL},
    {PLACE_SH_DOUBLE, "url_path", encode_url_path, encode_shell_double},
    {PLACE_SH_DOUBLE, "url_query", encode_url_query, encode_shell_double},
    {PLACE_SH_DOUBLE, "odata", encode_odata, encode_shell_double},
    {PLACE_SH_DOUBLE, "jmespath", encode_jmespath, encode_shell_double},
    {PLACE_SH_DOUBLE, "json", encode_json_marked, encode_shell_double},
    {PLACE_SH_SINGLE, "shell_single", encode_shell_single, NULL},
    {PLACE_SH_SINGLE, "url_path", encode_url_path, encode_shell_single},
    {PLACE_SH_SINGLE, "url_query", encode_url_query, encode_shell_single},
    {PLACE_SH_SINGLE, "odata", encode_odata, encode_shell_single},
    {PLACE_SH_SINGLE, "jmespath", encode_jmespath, encode_shell_single},
    {PLACE_SH_SINGLE, "json", encode_json_marked, encode_shell_single},
    {PLACE_SH_COMMENT, "comment", encode_comment, NULL},
    {PLACE_SH_COMMENT, "shell", encode_shell, encode_comment},
    {PLACE_SH_COMMENT, "url_path", encode_url_path, encode_comment},
    {PLACE_SH_HEREDOC, "heredoc", encode_heredoc, NULL},
    {PLACE_SH_HEREDOC, "json", encode_json_marked, encode_heredoc},
    {PLACE_SH_HEREDOC, "url_path", encode_url_path, encode_heredoc},
    {PLACE_SH_HEREDOC, "url_query", encode_url_query, encode_heredoc},
    {PLACE_JSON_VALUE, "json", encode_json, NULL},
    {PLACE_MD_TEXT, "md", encode_md, NULL},
    {PLACE_MD_TEXT, "md_code", encode_md_code, NULL},
    {PLACE_MD_TEXT, "md_cell", encode_md_cell, NULL},
    {PLACE_MD_LINK, "url_path", encode_url_path, encode_plain},
    {PLACE_MD_LINK, "url_query", encode_url_query, encode_plain},
    {PLACE_MD_COMMENT, "html_comment", encode_html_comment, NULL},
    {PLACE_MD_FENCE, "md_fence", encode_md_fence, NULL},
    {PLACE_MD_FENCE, "shell", encode_shell, encode_md_fence},
    {PLACE_MD_FENCE, "json", encode_json_marked, encode_md_fence},
    {PLACE_MD_FENCE, "url_path", encode_url_path, encode_md_fence},
    {PLACE_MD_MERMAID, "mermaid", encode_mermaid, NULL},
    {PLACE_TXT, "plain", encode_plain, NULL},
    {PLACE_TXT, "plain_lines", encode_plain_lines, NULL},
    {PLACE_TXT, "shell", encode_shell, encode_plain},
    {PLACE_TXT, "json", encode_json_marked, encode_plain},
    {PLACE_TXT, "url_path", encode_url_path, encode_plain},
    {PLACE_HTML_TEXT, "html", encode_html, NULL},
    {PLACE_HTML_TEXT, "json", encode_json_marked, encode_html},
    {PLACE_HTML_TEXT, "shell", encode_shell, encode_html},
    {PLACE_HTML_TEXT, "url_path", encode_url_path, encode_html},
    {PLACE_HTML_URL, "url_path", encode_url_path, encode_html},
    {PLACE_HTML_URL, "url_query", encode_url_query, encode_html},
    {PLACE_YAML_SCALAR, "yaml", encode_yaml, NULL},
    {PLACE_YAML_SCALAR, "json", encode_json_marked, encode_yaml},
    {PLACE_YAML_SCALAR, "shell", encode_shell, encode_yaml},
    {PLACE_YAML_SCALAR, "url_path", encode_url_path, encode_yaml},
    {PLACE_PS_EXPRESSION, "powershell", encode_powershell, NULL},
    {PLACE_PS_EXPRESSION, "json", encode_json_marked, encode_powershell},
    {PLACE_PS_EXPRESSION, "url_path", encode_url_path, encode_powershell},
    {PLACE_PS_EXPRESSION, "url_query", encode_url_query, encode_powershell},
    {PLACE_HCL_EXPRESSION, "hcl", encode_hcl, NULL},
    {PLACE_HCL_EXPRESSION, "json", encode_json_marked, encode_hcl},
    {PLACE_HCL_EXPRESSION, "url_path", encode_url_path, encode_hcl},
    {PLACE_LINE_COMMENT, "comment", encode_comment, NULL},
};

enum { SECTIONS = sizeof sections / sizeof *sections };

encode_fn *place_own_encoder(enum place place)
{
    return (size_t)place < sizeof own / sizeof *own ? own[place] : NULL;
}

const struct place_encoder *place_encoder_find(enum place place, const char *name)
{
    size_t i;

    for (i = 0; i < SECTIONS; i++)
        if (sections[i].place == place && !strcmp(sections[i].name, name))
            return &sections[i];
    return NULL;
}

const char *place_encoder_names(struct arena *arena, enum place place)
{
    const char *names = "";
    size_t i;

    for (i = 0; i < SECTIONS; i++)
        if (sections[i].place == place)
            names = arena_printf(arena, "%s%s%s", names, *names ? ", " : "", sections[i].name);
    return names;
}

void place_advance(struct loc *loc, char c)
{
    loc->column = c == '\n' ? 1 : loc->column + 1;
    loc->line += c == '\n';
}

/* Plain text: one place everywhere. */

static void txt_begin(union place_state *state)
{
    memset(state, 0, sizeof *state);
}

static const char *txt_read(union place_state *state, const char *text, size_t len, struct loc *loc)
{
    (void)state;
    (void)text;
    (void)len;
    (void)loc;
    return NULL;
}

static enum place txt_here(union place_state *state, const char **ret_why)
{
    (void)state;
    (void)ret_why;
    return PLACE_TXT;
}

static const char *txt_filled(union place_state *state, const char *encoder)
{
    (void)state;
    (void)encoder;
    return NULL;
}

static const char *txt_boundary(union place_state *state)
{
    (void)state;
    return NULL;
}

static bool txt_join(union place_state *begin, const union place_state *end, bool loop)
{
    (void)begin;
    (void)end;
    (void)loop;
    return true;
}

static const char *txt_end(union place_state *state, unsigned *line)
{
    (void)state;
    (void)line;
    return NULL;
}

const struct language language_txt = {
    .name = "txt",
    .endings = {".txt"},
    .usual = PLACE_TXT,
    .begin = txt_begin,
    .read = txt_read,
    .here = txt_here,
    .filled = txt_filled,
    .boundary = txt_boundary,
    .join = txt_join,
    .end = txt_end,
};

/* JSON: within a string or between tokens. */

static const char *json_read(union place_state *state, const char *text, size_t len,
                             struct loc *loc)
{
    struct json_state *json = &state->json;
    size_t i;

    for (i = 0; i < len; i++) {
        if (json->escaped)
            json->escaped = false;
        else if (json->string && text[i] == '\\')
            json->escaped = true;
        else if (text[i] == '"')
            json->string = !json->string;
    }
    (void)loc;
    return NULL;
}

static enum place json_here(union place_state *state, const char **ret_why)
{
    *ret_why = state->json.string ? "in a JSON string" : "between JSON tokens";
    return state->json.string ? PLACE_NOWHERE : PLACE_JSON_VALUE;
}

static const char *json_filled(union place_state *state, const char *encoder)
{
    (void)encoder;
    return state->json.escaped ? "right behind a backslash" : NULL;
}

static const char *json_boundary(union place_state *state)
{
    return state->json.escaped ? "right behind a backslash" : NULL;
}

static bool json_join(union place_state *begin, const union place_state *end, bool loop)
{
    (void)loop;
    return begin->json.string == end->json.string;
}

static const char *json_end(union place_state *state, unsigned *line)
{
    (void)line;
    return state->json.string ? "in a JSON string" : NULL;
}

const struct language language_json = {
    .name = "json",
    .endings = {".json"},
    .usual = PLACE_JSON_VALUE,
    .begin = txt_begin,
    .read = json_read,
    .here = json_here,
    .filled = json_filled,
    .boundary = json_boundary,
    .join = json_join,
    .end = json_end,
};

/* In the order of language_names. */
static const struct language *const languages[] = {
    &language_sh,   &language_json, &language_md,         &language_txt,
    &language_html, &language_yaml, &language_powershell, &language_hcl};
const char *const language_names[] = {"sh",   "json", "md",         "txt",
                                      "html", "yaml", "powershell", "hcl", NULL};

enum { LANGUAGES = sizeof languages / sizeof *languages };

const struct language *language_named(const char *name)
{
    size_t i;

    for (i = 0; i < LANGUAGES; i++)
        if (!strcmp(languages[i]->name, name))
            return languages[i];
    return NULL;
}

encode_fn *language_encoder(const struct language *language)
{
    return place_own_encoder(language->usual);
}

const char *language_endings(struct arena *arena)
{
    const char *all = "";
    size_t i, k;

    for (i = 0; i < LANGUAGES; i++)
        for (k = 0; languages[i]->endings[k]; k++)
            all = arena_printf(arena, "%s%s%s", all,
                               !*all                                                   ? ""
                               : i == LANGUAGES - 1 && !languages[i]->endings[k + 1] ? " or "
                                                                                       : ", ",
                               languages[i]->endings[k]);
    return all;
}

static bool ends_in(const char *name, const char *ending)
{
    size_t len = strlen(name), n = strlen(ending);

    return len > n && !strcmp(name + len - n, ending);
}

const struct language *language_of(const char *name)
{
    size_t i, k;

    for (i = 0; i < LANGUAGES; i++)
        for (k = 0; languages[i]->endings[k]; k++)
            if (ends_in(name, languages[i]->endings[k]))
                return languages[i];
    return NULL;
}
