/* SPDX-License-Identifier: MIT
 * The page of a rehearsal: one file, written whole or not at all. */
#include "cli/rehearse_report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "emit/folder.h"
#include "emit/shape.h"
#include "template/data.h"

static const char beginning[] = "<!doctype html>"; /* of every page */

static bool fail(const struct report_page *page, struct diags *diags, const char *why)
{
    diag_add(diags, DIAG_OUTPUT_WRITE, (struct loc){.file = page->file}, "cannot be written: %s",
             why);
    return false;
}

/* The folder in which a page is made before it takes its place: beside it, so that this is one
 * rename. */
static bool make_draft_folder(const struct report_page *page, char *ret_name, size_t size)
{
    return folder_make_temporary(page->folder, ".report.azdo-wif-", ret_name, size);
}

static bool is_page(int fd)
{
    char begin[sizeof beginning - 1];

    return read(fd, begin, sizeof begin) == (ssize_t)sizeof begin &&
           !strncasecmp(begin, beginning, sizeof begin);
}

/* NULL, or why what stands there is not replaced: a mistyped name must not cost a description. */
static const char *what_is_there(const struct report_page *page)
{
    struct stat status;
    bool page_is_there;
    int fd;

    if (fstatat(page->folder, page->name, &status, AT_SYMLINK_NOFOLLOW))
        return errno == ENOENT ? NULL : strerror(errno);
    if (!S_ISREG(status.st_mode))
        return "it is there, and is no file";
    fd = openat(page->folder, page->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return strerror(errno);
    page_is_there = !status.st_size || is_page(fd);
    close(fd);
    return page_is_there ? NULL : "it is there, and is no HTML page";
}

/* NULL, or why no file can be made there. */
static const char *try_folder(const struct report_page *page)
{
    char draft[64];

    if (!*page->name)
        return strerror(EISDIR);
    if (page->folder < 0 || !make_draft_folder(page, draft, sizeof draft))
        return strerror(errno);
    folder_remove(page->folder, draft);
    return what_is_there(page);
}

enum status report_page_open(struct arena *arena, const struct template_source *templates,
                             const char *file, struct report_page *ret, struct diags *diags)
{
    const char *slash = strrchr(file, '/'), *why;
    const char *above = !slash          ? "."
                        : slash == file ? "/"
                                        : arena_strndup(arena, file, (size_t)(slash - file));

    *ret = (struct report_page){.file = file,
                                .name = slash ? slash + 1 : file,
                                .folder = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    why = try_folder(ret);
    if (why) {
        fail(ret, diags, why);
        return STATUS_OUTPUT;
    }
    ret->template = template_load(arena, templates, "html/report.html", NULL, shape_report, diags);
    return ret->template ? STATUS_DONE : STATUS_INPUT;
}

/* The draft, written and synced, takes its place. */
static bool put(const struct report_page *page, const char *draft, const struct strbuf *text)
{
    int root = folder_open(page->folder, draft);
    bool done = root >= 0 && folder_write(root, page->name, text->data, text->len, false) &&
                !syncfs(root) && !renameat(root, page->name, page->folder, page->name);
    int error = errno;

    if (root >= 0)
        close(root);
    errno = error;
    return done;
}

static bool replace(const struct report_page *page, const struct strbuf *text)
{
    char draft[64];
    bool done;
    int error;

    if (!make_draft_folder(page, draft, sizeof draft))
        return false;
    done = put(page, draft, text);
    error = errno;
    folder_remove(page->folder, draft);
    errno = error;
    return done;
}

bool report_page_write(struct arena *arena, const struct report_page *page, const json *document,
                       struct diags *diags)
{
    struct strbuf text;
    const char *why;
    bool done;

    strbuf_init(&text, LIMIT_RENDER);
    done =
        template_render(page->template, data_by_shape(arena, document, shape_report), &text, diags);
    why = done ? what_is_there(page) : NULL;
    if (done && !why && !replace(page, &text))
        why = strerror(errno);
    strbuf_clear(&text);
    return done && (!why || fail(page, diags, why));
}
