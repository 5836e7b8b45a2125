/* SPDX-License-Identifier: MIT
 * The templates compiled into the program. */
#include "template/template.h"

#include <string.h>

#include "template/binding.h"
#include "template/builtin_data.h"

static const char *get(void *data, const char *name, size_t *ret_len, const char **ret_file,
                       struct diags *diags)
{
    size_t i;

    (void)data;
    (void)diags;
    for (i = 0; i < builtin_count; i++) {
        if (strcmp(builtin_files[i].name, name) != 0)
            continue;
        *ret_len = builtin_files[i].len;
        *ret_file = builtin_files[i].file;
        return (const char *)builtin_files[i].data;
    }
    return NULL;
}

const struct template_source template_builtin = {get, NULL, NULL};

const char *template_builtin_name(size_t index)
{
    return index < builtin_count ? builtin_files[index].name : NULL;
}

const char *template_builtin_block(struct arena *arena, const char *name, size_t index)
{
    struct diags diags = DIAGS_INIT(arena);
    const char *file, *text;
    struct passage passage;
    size_t len;

    text = get(NULL, name, &len, &file, &diags);
    if (!text)
        return NULL;
    passage = passage_of_file(file, text, len);
    return binding_block(
        template_parse(arena, &(struct parse_request){.passage = &passage}, &diags), index);
}
