/* SPDX-License-Identifier: MIT
 * The encoders by name. */
#include "encode/encode.h"

#include <string.h>

/* "json" keeps captures marked: in a template it is nested in what makes variables of them. */
static const struct encoder encoders[] = {
    {"plain", "text for a terminal or a log", encode_plain},
    {"plain_lines", "lines of text for a terminal or a log", encode_plain_lines},
    {"shell", "one whole word of a shell, with its quotes", encode_shell},
    {"shell_double", "text between double quotes of a shell", encode_shell_double},
    {"shell_single", "text between single quotes of a shell, without captures",
     encode_shell_single},
    {"heredoc", "text in an unquoted here-document", encode_heredoc},
    {"comment", "text to the end of a # comment", encode_comment},
    {"json", "a JSON string, with its quotes", encode_json_marked},
    {"url_path", "one segment of a URL's path", encode_url_path},
    {"url_query", "one value in a URL's query", encode_url_query},
    {"odata", "an OData string literal, with its quotes", encode_odata},
    {"jmespath", "a JMESPath literal, with its backticks", encode_jmespath},
    {"md", "Markdown text", encode_md},
    {"md_code", "a Markdown code span, with its backticks", encode_md_code},
    {"md_cell", "a Markdown code span in a table cell, with its backticks", encode_md_cell},
    {"md_fence", "lines in a Markdown fence", encode_md_fence},
    {"html", "HTML text, or an attribute's value between its quotes", encode_html},
    {"yaml", "a YAML scalar, with its quotes", encode_yaml},
    {"powershell", "a PowerShell expression for a text, with its quotes", encode_powershell},
    {"hcl", "an HCL string, with its quotes", encode_hcl},
    {"html_comment", "text within <!-- -->", encode_html_comment},
    {"mermaid", "message and label text of a Mermaid sequence diagram", encode_mermaid},
};

const struct encoder *encoder_at(size_t index)
{
    return index < sizeof encoders / sizeof *encoders ? &encoders[index] : NULL;
}

const struct encoder *encoder_find(const char *name)
{
    const struct encoder *encoder;
    size_t i;

    for (i = 0; (encoder = encoder_at(i)); i++)
        if (!strcmp(encoder->name, name))
            return encoder;
    return NULL;
}
