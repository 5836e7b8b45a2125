/* SPDX-License-Identifier: MIT
 * The built-in templates as files. */
#include "emit/export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "emit/folder.h"
#include "template/template.h"

static bool fail(const char *dir, struct diags *diags, const char *text)
{
    const char *reason = strerror(errno);

    diag_add(diags, DIAG_OUTPUT_WRITE, (struct loc){.file = dir}, "%s: %s", text, reason);
    return false;
}

static bool make_folders(struct arena *arena, int root, const char *path)
{
    const char *slash;

    for (slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/'))
        if (!folder_make(root, arena_strndup(arena, path, (size_t)(slash - path))) &&
            errno != EEXIST)
            return false;
    return true;
}

static bool write_all(struct arena *arena, int root)
{
    const char *name, *file, *text;
    size_t i, len;

    for (i = 0; (name = template_builtin_name(i)); i++) {
        text = template_builtin.get(template_builtin.data, name, &len, &file, NULL);
        if (!make_folders(arena, root, name) || !folder_write(root, name, text, len, false))
            return false;
    }
    return syncfs(root) == 0;
}

/* A new folder beside DIR, filled, takes DIR's name: rename(2) replaces no folder that holds anything. */
bool export_templates(struct arena *arena, const char *dir, struct diags *diags)
{
    char *above = arena_strdup(arena, dir), *name;
    char stage[256];
    int parent, root;
    bool done = false;
    size_t len = strlen(above);

    while (len > 1 && above[len - 1] == '/')
        above[--len] = '\0';
    name = strrchr(above, '/') ? strrchr(above, '/') + 1 : above;
    parent = open(name == above ? "." : arena_strndup(arena, above, (size_t)(name - above)),
                  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent < 0)
        return fail(dir, diags, "the folder above it cannot be opened");
    if (folder_make_temporary(parent, ".templates.azdo-wif-", stage, sizeof stage)) {
        root = folder_open(parent, stage);
        done = root >= 0 && write_all(arena, root) && fchmod(root, 0755) == 0 &&
               renameat(parent, stage, parent, name) == 0;
        if (!done)
            fail(dir, diags, "cannot be written");
        if (root >= 0)
            close(root);
        if (!done)
            folder_remove(parent, stage);
    } else {
        fail(dir, diags, "a temporary folder cannot be made beside it");
    }
    close(parent);
    return done;
}
