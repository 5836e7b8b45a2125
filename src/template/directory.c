/* SPDX-License-Identifier: MIT
 * Templates in a folder of the user's. */
#include "template/directory.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fsio.h"
#include "base/limits.h"
#include "base/typo.h"

struct directory {
    struct arena *arena;
    const char *path;
    const char **asked; /* names that were given */
    size_t n_asked;
};

/* Is NAME a path of plain parts? */
static bool is_inside(const char *name)
{
    while (*name) {
        size_t len = strcspn(name, "/");

        if (!len || (len == 1 && name[0] == '.') || (len == 2 && name[0] == '.' && name[1] == '.'))
            return false;
        name += len;
        if (*name && !*++name)
            return false;
    }
    return true;
}

static const char *get(void *data, const char *name, size_t *ret_len, const char **ret_file,
                       struct diags *diags)
{
    struct directory *d = data;
    const char *file = arena_printf(d->arena, "%s/%s", d->path, name);
    struct stat found;

    if (!*name || !is_inside(name) || stat(file, &found) != 0)
        return NULL;
    if (!S_ISREG(found.st_mode)) {
        diag_add(diags, DIAG_FILE_READ, (struct loc){.file = file}, "is no file");
        return NULL;
    }
    *ret_file = file;
    ARENA_PUSH(d->arena, d->asked, d->n_asked, arena_strdup(d->arena, name));
    return fsio_load(d->arena, file, LIMIT_TEMPLATE, ret_len, diags);
}

const struct template_source *template_directory(struct arena *arena, const char *dir,
                                                 const struct template_source *below,
                                                 struct diags *diags)
{
    struct template_source *source = ARENA_NEW(arena, struct template_source);
    struct directory *d = ARENA_NEW(arena, struct directory);
    DIR *entries = opendir(dir);

    if (!entries) {
        diag_add(diags, DIAG_FILE_READ, (struct loc){.file = dir}, "cannot be read: %s",
                 strerror(errno));
        return NULL;
    }
    closedir(entries);
    *d = (struct directory){.arena = arena, .path = dir};
    *source = (struct template_source){get, d, below};
    return source;
}

static const char *builtin_at(size_t index, const void *unused)
{
    (void)unused;
    return template_builtin_name(index);
}

static bool is_known(const struct directory *d, const char *name)
{
    const char *builtin;
    size_t i;

    for (i = 0; i < d->n_asked; i++)
        if (!strcmp(d->asked[i], name))
            return true;
    for (i = 0; (builtin = template_builtin_name(i)); i++)
        if (!strcmp(builtin, name))
            return true;
    return false;
}

static void judge(const struct directory *d, const char *name, struct diags *diags)
{
    const char *nearest;

    if (is_known(d, name) || !strncmp(name, "README", 6))
        return;
    diag_add(diags, DIAG_TEMPLATE_UNUSED,
             (struct loc){.file = arena_printf(d->arena, "%s/%s", d->path, name)},
             "replaces no built-in template, and none includes it");
    nearest = typo_nearest(name, builtin_at, NULL);
    if (nearest)
        diag_hint(diags, "did you mean \"%s\"?", nearest);
}

/* Judges the files of the folder NAME below the source's, "" for itself. What cannot be read is not
 * judged: a template that is needed from there was a finding already. */
static void scan(const struct directory *d, const char *name, unsigned depth, struct diags *diags)
{
    const char *path = *name ? arena_printf(d->arena, "%s/%s", d->path, name) : d->path;
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, NULL, alphasort), i;

    for (i = 0; i < count; i++) {
        const char *entry = arena_printf(d->arena, "%s%s%s", name, *name ? "/" : "",
                                         entries[i]->d_name);
        bool hidden = entries[i]->d_name[0] == '.';
        struct stat found;

        free(entries[i]);
        if (hidden || stat(arena_printf(d->arena, "%s/%s", d->path, entry), &found) != 0)
            continue;
        if (S_ISREG(found.st_mode))
            judge(d, entry, diags);
        else if (S_ISDIR(found.st_mode) && depth < LIMIT_TEMPLATE_FOLDERS)
            scan(d, entry, depth + 1, diags);
    }
    free(entries);
}

void template_directory_unused(const struct template_source *source, struct diags *diags)
{
    if (source->get == get)
        scan(source->data, "", 0, diags);
}
