/* SPDX-License-Identifier: MIT
 * INI syntax, through inih.
 *
 * inih says neither where it is nor what it left out. So it gets its lines from a reader of ours,
 * one at a time, and whatever it reports is compared with the line it was given: name, '=' and
 * value must account for every byte of it, or the line is refused. */
#include "format/ini_source.h"

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include <ini.h>

#include "base/limits.h"
#include "base/utf8.h"

/* Debian's inih takes its build switches at run time; others have them built in. A test sets this.
 */
#if !defined INI_SOURCE_SWITCHES && !defined HAVE_CONFIG_H
#define INI_SOURCE_SWITCHES 0
#elif !defined INI_SOURCE_SWITCHES
#define INI_SOURCE_SWITCHES                                                                        \
    (HAVE_DECL_INI_MAX_LINE && HAVE_DECL_INI_USE_STACK && HAVE_DECL_INI_ALLOW_REALLOC &&           \
     HAVE_DECL_INI_INITIAL_ALLOC && HAVE_DECL_INI_ALLOW_MULTILINE &&                               \
     HAVE_DECL_INI_ALLOW_INLINE_COMMENTS && HAVE_DECL_INI_STOP_ON_FIRST_ERROR)
#endif

/* What inih does with a line, whatever the switches: section and continued names are cut here. */
enum { INIH_SECTION_KEPT = 49 };

#if INI_SOURCE_SWITCHES
static const bool inih_inline_comments = false;

static void set_switches(void)
{
    ini_use_stack = false;
    ini_max_line = LIMIT_INI_LINE + 2; /* a line, its line feed and a NUL */
    ini_initial_alloc = ini_max_line;
    ini_allow_realloc = false;
    ini_allow_multiline = true;
    ini_allow_inline_comments = false;
    ini_stop_on_first_error = false;
}
#else
static const bool inih_inline_comments = INI_ALLOW_INLINE_COMMENTS;

static void set_switches(void)
{
}
#endif

enum line_kind {
    LINE_IDLE, /* blank, comment or refused: inih is to report nothing */
    LINE_HEADER,
    LINE_ENTRY, /* a key or one more line of its value: inih is to report it */
};

struct parser {
    struct arena *arena;
    struct diags *diags;
    struct ini *ini;
    const char *next, *end; /* what is still to be read */
    const char *line;       /* being read, without its end */
    size_t len;
    struct loc loc; /* of its first byte */
    enum line_kind kind;
    bool reported; /* inih has said what the line is */
    bool skipping; /* the key was refused: so are the indented lines below it */
    const char
        *header; /* of the section, between the brackets, as inih sees it; NULL: unreadable */
    size_t header_len;
    size_t value_size; /* of the key being read, all its lines */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool indented(const struct parser *p)
{
    return p->len && is_blank(p->line[0]);
}

/* Offset of the first byte at or after AT that is not blank. */
static size_t after_blanks(const struct parser *p, size_t at)
{
    while (at < p->len && is_blank(p->line[at]))
        at++;
    return at;
}

/* Length of the line without blanks at its end. */
static size_t trimmed_len(const struct parser *p)
{
    size_t len = p->len;

    while (len && is_blank(p->line[len - 1]))
        len--;
    return len;
}

static struct loc place(const struct parser *p, size_t offset)
{
    struct loc loc = p->loc;

    loc.column += (unsigned)offset;
    return loc;
}

static struct ini_section *section_now(struct parser *p)
{
    return p->ini->n_sections ? &p->ini->sections[p->ini->n_sections - 1] : NULL;
}

static struct ini_key *key_now(struct parser *p)
{
    struct ini_section *section = section_now(p);

    return section && section->n_keys ? &section->keys[section->n_keys - 1] : NULL;
}

static void start_section(struct parser *p, const char *name)
{
    struct ini_section section = {.name = name, .loc = p->loc, .damaged = !name};

    p->ini->damaged |= !name;
    p->skipping = !name;
    p->header = NULL;
    ARENA_PUSH(p->arena, p->ini->sections, p->ini->n_sections, section);
}

/* Was the line, which has a finding, meant to begin a section? */
static bool looks_like_header(const struct parser *p)
{
    size_t len = trimmed_len(p);

    if (!len || !memchr(p->line, '[', len))
        return false;
    return p->line[0] == '[' || (p->line[len - 1] == ']' && !memchr(p->line, '=', len));
}

/* The line has a finding: keep its content from being taken for anything. */
static void refuse(struct parser *p)
{
    p->kind = LINE_IDLE;
    if (looks_like_header(p)) {
        start_section(p, NULL);
        return;
    }
    if (section_now(p))
        section_now(p)->damaged = true;
    if (!indented(p))
        p->skipping = true;
}

#define REFUSE(p, id, offset, ...)                                                                 \
    do {                                                                                           \
        diag_add((p)->diags, DIAG_##id, place((p), (offset)), __VA_ARGS__);                        \
        refuse(p);                                                                                 \
    } while (0)

static void refuse_code(struct parser *p, size_t offset, uint32_t code)
{
    char name[16];

    utf8_name(code, name);
    if (code == '\r')
        REFUSE(p, INI_LINE_END, offset, "a carriage return that does not end a line");
    else if (utf8_is_control(code))
        REFUSE(p, INI_CONTROL_CHARACTER, offset, "the control character %s", name);
    else
        REFUSE(p, INI_DECEPTIVE_CHARACTER, offset, "the character %s, which hides or reorders text",
               name);
}

/* Reports the first byte of the line that no INI file may hold. */
static bool bytes_ok(struct parser *p)
{
    size_t i, n;

    if (p->len > LIMIT_INI_LINE) {
        REFUSE(p, INI_LINE_LENGTH, 0, "the line is %zu bytes long; %d are allowed", p->len,
               (int)LIMIT_INI_LINE);
        return false;
    }
    for (i = 0; i < p->len; i += n) {
        uint32_t code = 0;

        n = utf8_decode(p->line + i, p->len - i, &code);
        if (!n) {
            REFUSE(p, INI_UTF8, i, "the byte 0x%02X is not part of UTF-8 text",
                   (unsigned char)p->line[i]);
            return false;
        }
        if ((utf8_is_control(code) && code != '\t') || utf8_is_deceptive(code)) {
            refuse_code(p, i, code);
            return false;
        }
    }
    return true;
}

/* A tab separates; within TEXT, which begins at OFFSET, it would be a part of the value. */
static bool no_tab(struct parser *p, const char *text, size_t len, size_t offset)
{
    const char *tab = memchr(text, '\t', len);

    if (tab)
        REFUSE(p, INI_TAB, offset + (size_t)(tab - text), "a tab within a name or a value");
    return !tab;
}

/* Where a library that knows inline comments would begin one; 0 when nowhere. */
static size_t inline_comment(const struct parser *p)
{
    size_t i;

    for (i = 1; inih_inline_comments && i < p->len; i++)
        if (p->line[i] == ';' && is_blank(p->line[i - 1]))
            return i;
    return 0;
}

/* The header's name comes from the line itself, because inih keeps only the beginning of it. */
static void read_header(struct parser *p)
{
    const char *close = memchr(p->line, ']', p->len);
    size_t first, end;

    if (!close) {
        REFUSE(p, INI_HEADER, 0, "the section header has no closing ']'");
        return;
    }
    end = (size_t)(close - p->line);
    if (end + 1 < trimmed_len(p)) {
        REFUSE(p, INI_HEADER, after_blanks(p, end + 1), "text after the section header");
        return;
    }
    first = after_blanks(p, 1);
    while (end > first && is_blank(p->line[end - 1]))
        end--;
    if (first == end) {
        REFUSE(p, INI_HEADER, 0, "the section header has no name");
        return;
    }
    if (inline_comment(p)) {
        REFUSE(p, INI_LIBRARY, inline_comment(p), "the INI library takes ' ;' for a comment here");
        return;
    }
    if (!no_tab(p, p->line + first, end - first, first))
        return;
    p->kind = LINE_HEADER;
    start_section(p, arena_strndup(p->arena, p->line + first, end - first));
    p->header = p->line + 1;
    p->header_len = (size_t)(close - p->header);
}

static void read_entry(struct parser *p, size_t first)
{
    if (!indented(p))
        p->skipping = false;
    if (p->skipping)
        return;
    if (p->line[first] == '[' && p->line[trimmed_len(p) - 1] == ']') {
        REFUSE(p, INI_INDENTED, first, "an indented section header");
    } else if (!section_now(p)) {
        REFUSE(p, INI_OUTSIDE, first, "text before the first section header");
        start_section(p, NULL);
    } else if (indented(p) && !key_now(p)) {
        REFUSE(p, INI_INDENTED, first, "an indented line with no key above it to belong to");
    } else {
        p->kind = LINE_ENTRY;
    }
}

/* Decides what the line is, as far as inih, which has room for SIZE bytes, leaves that open. */
static void read_line(struct parser *p, size_t size)
{
    size_t first;

    p->kind = LINE_IDLE;
    p->reported = false;
    if (!bytes_ok(p))
        return;
    first = after_blanks(p, 0);
    if (first == p->len || p->line[first] == ';' || p->line[first] == '#')
        return;
    if (p->len + 2 > size)
        REFUSE(p, INI_LIBRARY, 0, "the INI library reads %zu bytes of a line; this one has %zu",
               size - 2, p->len);
    else if (p->line[0] == '[')
        read_header(p);
    else
        read_entry(p, first);
}

static void take_line(struct parser *p)
{
    const char *feed = memchr(p->next, '\n', (size_t)(p->end - p->next));

    p->line = p->next;
    p->len = (size_t)((feed ? feed : p->end) - p->line);
    p->next = feed ? feed + 1 : p->end;
    if (feed && p->len && p->line[p->len - 1] == '\r')
        p->len--;
    p->loc.line++;
}

/* Called when inih is done with a line: has it said what it is? */
static void settle(struct parser *p)
{
    if (p->kind != LINE_ENTRY || p->reported)
        return;
    if (memchr(p->line, '=', p->len))
        REFUSE(p, INI_LIBRARY, inline_comment(p), "the INI library cannot read this line");
    else
        REFUSE(p, INI_NO_EQUALS, after_blanks(p, 0), "a line without '='");
}

/* inih's reader. Blank lines stand for those that it shall not see, so that they cannot confuse it.
 */
static char *next_line(char *buf, int size, void *stream)
{
    struct parser *p = stream;
    size_t len = 0;

    settle(p);
    if (p->next == p->end) {
        p->kind = LINE_IDLE;
        return NULL;
    }
    take_line(p);
    read_line(p, (size_t)size);
    if (p->kind != LINE_IDLE) {
        len = p->len;
        memcpy(buf, p->line, len);
    }
    buf[len] = '\n';
    buf[len + 1] = '\0';
    return buf;
}

/* One more line of the value of the key being read. */
static void add_value(struct parser *p, const char *value, size_t offset)
{
    struct ini_key *key = key_now(p);
    struct ini_line line = {.loc = place(p, offset)};

    if (!no_tab(p, value, strlen(value), offset))
        return;
    p->value_size += strlen(value);
    if (p->value_size > LIMIT_INI_VALUE) {
        REFUSE(p, INI_TOO_MANY, offset, "the list '%s' is longer than %d bytes", key->name,
               (int)LIMIT_INI_VALUE);
        p->skipping = true;
        key->n_lines = 1; /* one finding is enough for it */
        return;
    }
    line.text = arena_strdup(p->arena, value);
    ARENA_PUSH(p->arena, key->lines, key->n_lines, line);
}

/* Offset of VALUE in the line when the line is NAME, '=' and VALUE and nothing else; else 0, with a
 * finding. */
static size_t value_offset(struct parser *p, const char *name, const char *value)
{
    size_t at = strlen(name), len = strlen(value), end = trimmed_len(p);

    if (!at) {
        REFUSE(p, INI_NO_EQUALS, 0, "no key before '='");
        return 0;
    }
    if (at <= p->len && !memcmp(p->line, name, at)) {
        at = after_blanks(p, at);
        if (at < p->len && p->line[at] == ':') {
            REFUSE(p, INI_COLON, at, "':' before '='");
            return 0;
        }
        if (at < p->len && p->line[at] == '=') {
            at = after_blanks(p, at + 1);
            if (at + len == (end > at ? end : at) && !memcmp(p->line + at, value, len))
                return at;
        }
    }
    REFUSE(p, INI_LIBRARY, inline_comment(p), "the INI library reads only a part of this line");
    return 0;
}

static void add_key(struct parser *p, const char *name, const char *value)
{
    struct ini_section *section = section_now(p);
    struct ini_key key = {.loc = p->loc};
    size_t offset = value_offset(p, name, value);

    if (!offset || !no_tab(p, name, strlen(name), 0) || !no_tab(p, value, strlen(value), offset))
        return;
    key.name = arena_strdup(p->arena, name);
    ARENA_PUSH(p->arena, section->keys, section->n_keys, key);
    p->value_size = 0;
    add_value(p, value, offset);
}

static void continue_value(struct parser *p, const char *value)
{
    size_t first = after_blanks(p, 0), len = strlen(value);

    if (first + len == trimmed_len(p) && !memcmp(p->line + first, value, len))
        add_value(p, value, first);
    else
        REFUSE(p, INI_LIBRARY, inline_comment(p), "the INI library reads only a part of this line");
}

/* Does inih agree on the section, as far as it keeps names? */
static bool in_section(const struct parser *p, const char *section)
{
    size_t len = strlen(section);

    if (!p->header)
        return true;
    return len == (p->header_len < INIH_SECTION_KEPT ? p->header_len : INIH_SECTION_KEPT) &&
           !memcmp(section, p->header, len);
}

/* inih's handler. */
static int report(void *user, const char *section, const char *name, const char *value)
{
    struct parser *p = user;

    if (p->kind != LINE_ENTRY)
        return 1;
    p->reported = true;
    if (!in_section(p, section))
        REFUSE(p, INI_LIBRARY, 0, "the INI library puts this line into another section");
    else if (indented(p))
        continue_value(p, value);
    else
        add_key(p, name, value);
    return 1;
}

const struct ini *ini_parse_source(struct arena *arena, const char *file, const char *data,
                                   size_t len, struct diags *diags)
{
    struct parser p = {.arena = arena,
                       .diags = diags,
                       .ini = ARENA_NEW(arena, struct ini),
                       .next = data,
                       .end = data + len,
                       .loc = {file, 0, 1}};

    if (len > LIMIT_INI_FILE) {
        diag_add(diags, DIAG_FILE_SIZE, (struct loc){file, 0, 0}, "the file is larger than %d MiB",
                 LIMIT_INI_FILE / (1024 * 1024));
        return NULL;
    }
    if (len >= 3 && !memcmp(data, "\xEF\xBB\xBF", 3))
        p.next += 3;
    set_switches();
    if (ini_parse_stream(next_line, &p, report, &p) == -2)
        out_of_memory();
    return p.ini;
}
