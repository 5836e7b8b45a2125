/* SPDX-License-Identifier: MIT
 * The page of a rehearsal for the person who approves: the document of cli/rehearse.h in the
 * template html/report.html. */
#ifndef CLI_REHEARSE_REPORT_H
#define CLI_REHEARSE_REPORT_H

#include "base/diag.h"
#include "cli/command.h"
#include "format/json.h"
#include "template/template.h"

struct report_page {
    const char *file; /* as the caller calls it */
    const char *name; /* its last part */
    int folder;       /* open: it may be out of sight when the page is written */
    struct template *template;
};

/* Loads the template, and sees that FILE can be written, so that nobody waits in vain: its folder
 * takes new files, and nothing stands there, or an HTML page. STATUS_DONE, or with findings
 * STATUS_OUTPUT or, when it is the template, STATUS_INPUT. */
enum status report_page_open(struct arena *arena, const struct template_source *templates,
                             const char *file, struct report_page *ret, struct diags *diags);

/* Writes the page, all of it or nothing. False with a finding. */
bool report_page_write(struct arena *arena, const struct report_page *page, const json *document,
                       struct diags *diags);

#endif
