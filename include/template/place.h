/* SPDX-License-Identifier: MIT
 * Where a tag stands: the template's literal text, followed in its own language.
 *
 * A language reads the literal text piece by piece and says at every tag which place that is; the
 * place says how a value is encoded there and which encoder sections may stand there. */
#ifndef TEMPLATE_PLACE_H
#define TEMPLATE_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "template/node.h"
#include "template/place_sh.h"

enum place {
    PLACE_NOWHERE, /* no encoder makes free text safe here */
    PLACE_SH_WORD,
    PLACE_SH_DOUBLE,
    PLACE_SH_SINGLE,
    PLACE_SH_COMMENT,
    PLACE_SH_HEREDOC,
    PLACE_JSON_VALUE,
    PLACE_MD_TEXT,
    PLACE_MD_LINK, /* the destination of a link */
    PLACE_MD_COMMENT, /* <!-- --> */
    PLACE_MD_FENCE,
    PLACE_MD_MERMAID,
    PLACE_TXT,
    PLACE_HTML_TEXT, /* or an attribute's value */
    PLACE_HTML_URL,  /* the value of an attribute that is an address */
    PLACE_YAML_SCALAR,
    PLACE_PS_EXPRESSION,
    PLACE_HCL_EXPRESSION,
    PLACE_LINE_COMMENT, /* of these languages */
};

/* What an encoder section that is outermost at PLACE does: its encoder, then what the place asks
 * for. */
struct place_encoder {
    enum place place;
    const char *name;
    encode_fn *encode;
    encode_fn *then;
};

/* Of {{name}}; NULL when free text may not stand there. */
encode_fn *place_own_encoder(enum place place);

const struct place_encoder *place_encoder_find(enum place place, const char *name);
const char *place_encoder_names(struct arena *arena, enum place place); /* "shell, json" */

enum md_kind { MD_TEXT, MD_INFO, MD_FENCE, MD_MERMAID, MD_SPAN, MD_LINK, MD_HTML, MD_HTML_COMMENT };

struct md_state {
    enum md_kind kind;
    unsigned line; /* where it began */
    char mark;     /* of the fence */
    size_t length; /* of the fence or of the code span's backticks */
    char run_mark; /* the run of marks being read */
    size_t run;
    size_t blanks; /* before RUN, at the beginning of the line */
    size_t indent; /* of the fence */
    bool line_begin; /* nothing but blanks, quote marks and RUN in this line yet */
    bool line_only;  /* nothing but RUN and blanks after it: it can close a fence */
    bool blank_line; /* nothing at all */
    bool quoted;     /* the line began with > */
    bool html_block; /* the paragraph began with < */
    char before;     /* the character read last; 'a' after a value */
    bool escaped;    /* a backslash was */
    bool after_span; /* a code span ended right here */
    bool bracket;    /* [ was read, and no ] yet */
    unsigned parens;
    char info[12]; /* of the fence, as far as it can be "mermaid"; of the HTML element, its name */
    size_t info_len;
};

struct json_state {
    bool string, escaped;
};

enum html_kind { HTML_TEXT, HTML_TAG, HTML_VALUE, HTML_COMMENT, HTML_RAW };

enum { HTML_NAME_MAX = 16 };

struct html_state {
    enum html_kind kind;
    unsigned line;            /* where it began */
    char quote;               /* HTML_VALUE: " or ' */
    char before[3];           /* the characters read last, the latest first */
    char tag[HTML_NAME_MAX];  /* the element's name, "/" in front of an end tag's */
    char name[HTML_NAME_MAX]; /* of the attribute; cut */
    char raw[HTML_NAME_MAX];  /* HTML_RAW: the element whose end tag is looked for */
    bool named;               /* the tag's name is complete */
};

enum yaml_kind { YAML_CODE, YAML_DOUBLE, YAML_SINGLE, YAML_COMMENT, YAML_BLOCK };
enum { YAML_FLOW = 16 };

struct yaml_state {
    enum yaml_kind kind;
    unsigned line;         /* where it began */
    char flow[YAML_FLOW];  /* open [ and { */
    size_t depth;
    bool line_begin;       /* nothing but blanks and "- " in this line yet */
    unsigned indent;       /* of this line, its "- " counted */
    bool fresh;            /* a value may begin here ... */
    bool key;              /* ... or a key, which is no place for one */
    bool plain;            /* within a plain scalar */
    bool filled;           /* right behind a value: what follows must end it */
    bool tagged;           /* a tag, an anchor or an alias stands in this line */
    bool header;           /* "|" or ">" was read: lines of a block scalar follow */
    bool open;             /* the line before ended within a plain scalar ... */
    unsigned outer;        /* ... or header of this indentation */
    char before;           /* the character read last */
    bool escaped;
};

enum code_kind { CODE_PLAIN, CODE_STRING, CODE_COMMENT, CODE_BLOCK_COMMENT, CODE_HEREDOC };

struct code_state {
    enum code_kind kind;
    unsigned line;          /* where it began */
    char quote;             /* of the string */
    char before;            /* the character read last; '\n' at the beginning */
    char last;              /* the last one that is not blank; '\n' at the beginning of a line */
    bool filled;            /* right behind a value: what follows must end it */
    bool escaped;
    char word[SH_WORD_MAX]; /* the terminator of the here-document, or what may become one */
    size_t word_len;
    bool announced;         /* "<<WORD" was read: its lines begin after this one */
    char text[SH_WORD_MAX]; /* of the line, as far as it can be the terminator */
    size_t text_len;
};

union place_state {
    struct sh_state sh;
    struct md_state md;
    struct json_state json;
    struct html_state html;
    struct yaml_state yaml;
    struct code_state code;
};

struct language {
    const char *name;   /* as --language takes it */
    const char *endings[3]; /* ".yaml", ".yml" */
    enum place usual;   /* how a value is encoded where places are not told apart */
    void (*begin)(union place_state *state);
    /* Reads LEN bytes of literal text that begin at *LOC. Returns NULL, or why it cannot be
     * followed; *LOC then says where. */
    const char *(*read)(union place_state *state, const char *text, size_t len, struct loc *loc);
    /* The place of a tag that stands here; *RET_WHERE says it in words: "in a quoted
     * here-document". */
    enum place (*here)(union place_state *state, const char **ret_where);
    /* A value, or a section of ENCODER (NULL: none), stands here. Returns NULL, or where none may.
     */
    const char *(*filled)(union place_state *state, const char *encoder);
    /* From here on lines are indented, until the state is replaced. NULL: does not matter. */
    void (*indent)(union place_state *state);
    /* NULL when a section or partial may begin or end here, or where that is. */
    const char *(*boundary)(union place_state *state);
    /* Is END, after a section, the place of BEGIN, before it? Then BEGIN becomes what holds after
     * both ways, around the section and through it. A LOOP's end must do as a beginning, too. */
    bool (*join)(union place_state *begin, const union place_state *end, bool loop);
    /* NULL when the template may end here, or where that is and the *LINE where it began. */
    const char *(*end)(union place_state *state, unsigned *line);
    /* The terminator of the here-document it stands in; NULL: none, or no such thing. */
    const char *(*terminator)(const union place_state *state, bool *ret_tabs);
};

extern const struct language language_sh, language_md, language_json, language_txt, language_html,
    language_yaml, language_powershell, language_hcl;

/* Moves LOC past C. */
void place_advance(struct loc *loc, char c);

/* The names of all languages, NULL-terminated. */
extern const char *const language_names[];

const struct language *language_named(const char *name);

/* The encoder of values where places are not told apart; NULL: none. */
encode_fn *language_encoder(const struct language *language);

/* ".sh, .json and so on". */
const char *language_endings(struct arena *arena);

/* By the ending of NAME; NULL when it has none of them. */
const struct language *language_of(const char *name);

#endif
