/* SPDX-License-Identifier: MIT
 * Encoders: how a value is written in a language so that it means itself and nothing else.
 *
 * Input is well-formed UTF-8 and may hold captures (base/capture.h), except where noted. */
#ifndef ENCODE_ENCODE_H
#define ENCODE_ENCODE_H

#include "base/strbuf.h"

struct encoder {
    const char *name;    /* as a template writes it: {{#url_path}}...{{/url_path}} */
    const char *meaning; /* one line for documentation */
    void (*put)(struct strbuf *out, const char *text);
};

const struct encoder *encoder_find(const char *name); /* NULL when there is none */
const struct encoder *encoder_at(size_t index);       /* NULL past the last */

void encode_plain(struct strbuf *out, const char *text);        /* for a terminal: neutralises control and deceptive characters and ##vso[ */
void encode_plain_lines(struct strbuf *out, const char *text);  /* the same for text of several lines */
void encode_shell(struct strbuf *out, const char *text);        /* one whole word, quoted */
void encode_shell_double(struct strbuf *out, const char *text); /* between double quotes */
void encode_shell_single(struct strbuf *out, const char *text); /* between single quotes; no captures */
void encode_heredoc(struct strbuf *out, const char *text);      /* a line of an unquoted here-document */
void encode_comment(struct strbuf *out, const char *text);      /* to the end of a # line */
void encode_json(struct strbuf *out, const char *text);         /* a whole string, quoted; captures become ${name}, a literal ${ becomes $${ */
void encode_json_marked(struct strbuf *out, const char *text);  /* a whole string, quoted; captures stay marked */
void encode_json_data(struct strbuf *out, const char *text);    /* a whole string of any bytes, quoted: nothing is a capture, what is no UTF-8 becomes U+FFFD */
void encode_url_path(struct strbuf *out, const char *text);     /* one segment; all but RFC 3986 unreserved */
void encode_url_query(struct strbuf *out, const char *text);    /* one value; all but RFC 3986 unreserved */
void encode_odata(struct strbuf *out, const char *text);        /* a string literal, with its quotes */
void encode_jmespath(struct strbuf *out, const char *text);     /* a JSON literal in backticks, ASCII only; @ as \u0040 */
void encode_md(struct strbuf *out, const char *text);           /* text, also within a table cell or a link's text */
void encode_md_code(struct strbuf *out, const char *text);      /* a whole code span */
void encode_md_cell(struct strbuf *out, const char *text);      /* a whole code span within a table cell */
void encode_md_fence(struct strbuf *out, const char *text);     /* lines of a fenced block */
void encode_html(struct strbuf *out, const char *text);         /* text, or an attribute's value between quotes */
void encode_yaml(struct strbuf *out, const char *text);         /* a whole double-quoted scalar */
void encode_powershell(struct strbuf *out, const char *text);   /* a whole expression, ASCII only; a capture becomes ${name} joined to it */
void encode_hcl(struct strbuf *out, const char *text);          /* a whole quoted string; a capture becomes the template ${name} */
void encode_html_comment(struct strbuf *out, const char *text); /* within <!-- --> */
void encode_mermaid(struct strbuf *out, const char *text);      /* message and label text of a sequence diagram */

#endif
