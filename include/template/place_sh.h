/* SPDX-License-Identifier: MIT
 * Following a shell script: the state, and the reader of its characters. */
#ifndef TEMPLATE_PLACE_SH_H
#define TEMPLATE_PLACE_SH_H

#include <stdbool.h>
#include <stddef.h>

enum { SH_FRAMES = 16, SH_WORD_MAX = 64 };

enum sh_frame_kind {
    SH_SCRIPT,     /* outside everything */
    SH_COMMAND,    /* $( ) */
    SH_PARAMETER,  /* ${ } */
    SH_ARITHMETIC, /* $(( )) and (( )) */
    SH_BACKQUOTE,
    SH_DOUBLE,
    SH_SINGLE,
    SH_ANSI, /* $' ' */
    SH_COMMENT,
    SH_HEREDOC,
    SH_HEREDOC_QUOTED,
};

struct sh_frame {
    enum sh_frame_kind kind;
    unsigned line;   /* where it began */
    unsigned parens; /* open ones within */
};

/* Characters read that may be the beginning of something. */
enum sh_pending {
    SH_NONE,
    SH_BACKSLASH,
    SH_DOLLAR,
    SH_DOLLAR_PAREN, /* "$(": a second one makes it arithmetic */
    SH_PAREN,        /* "(" at the beginning of a word: likewise */
    SH_NAME,         /* $name, which more letters would lengthen */
    SH_LESS,         /* "<" */
    SH_LESS_LESS,    /* "<<" */
    SH_TERMINATOR,   /* the word after "<<" */
};

enum sh_start { SH_MIDDLE, SH_START, SH_UNSURE };

struct sh_state {
    struct sh_frame frames[SH_FRAMES];
    size_t depth;
    enum sh_pending pending;
    enum sh_start start;          /* would a "#" begin a comment? */
    size_t keyword;               /* letters of "case" that this word begins with */
    char terminator[SH_WORD_MAX]; /* of the here-document that is open or about to open */
    size_t terminator_len;
    bool announced; /* "<<word" was read, its lines begin after this one */
    size_t announced_depth;
    bool quoted, tabs;
    char quote;             /* within the terminator word */
    char line[SH_WORD_MAX]; /* of the here-document, as far as it can be the terminator */
    size_t line_len;
    bool line_other; /* ... it cannot be any more */
    bool indented;   /* lines get blanks in front: none may belong to a quoted text */
    size_t indented_depth;
};

/* Reads C, which stands in LINE. Returns NULL, or why it cannot be followed. */
const char *sh_read_char(struct sh_state *sh, char c, unsigned line);

const struct sh_frame *sh_top(const struct sh_state *sh);
bool sh_holds_commands(enum sh_frame_kind kind); /* words, comments, here-documents */
bool sh_stands_in(const struct sh_state *sh, enum sh_frame_kind kind);
bool sh_at_terminator(
    const struct sh_state *sh); /* is the line so far that of the here-document? */
const char *sh_push(struct sh_state *sh, enum sh_frame_kind kind, unsigned line);
void sh_pop(struct sh_state *sh);

#endif
