/* SPDX-License-Identifier: MIT
 * A table of faults as data. */
#include "cli/rehearse.h"

static json *kinds(void)
{
    json *list = json_array(), *item;
    enum fault_kind kind;

    for (kind = 0; kind < FAULT_KINDS; kind++) {
        item = json_append(list, json_object());
        json_text(item, "name", fault_name(kind));
        json_text(item, "text", fault_text(kind));
    }
    return list;
}

static json *cell_of(const struct fault_cell *cell)
{
    json *item = json_object();

    json_text(item, "kind", fault_name(cell->kind));
    json_bool(item, "ran", cell->done);
    json_bool(item, "good", cell->good);
    json_number(item, "status", cell->status);
    json_text(item, "outcome", cell->outcome);
    json_text(item, "why", cell->why);
    json_add(item, "seconds", json_decimal(cell->seconds));
    return item;
}

json *faults_document(const struct fault_table *table)
{
    json *root = json_object(), *writes, *cells;
    size_t i;
    int kind;

    json_bool(root, "good", table->good);
    json_text(root, "why", table->why);
    json_add(root, "kinds", kinds());
    writes = json_add(root, "writes", json_array());
    for (i = 0; i < table->n_writes; i++) {
        const struct fault_write *write = &table->writes[i];
        json *item = json_append(writes, json_object());

        json_number(item, "n", (long)i + 1);
        json_text(item, "phase", phase_name(write->phase));
        json_text(item, "connection", write->connection->name.text);
        json_text(item, "script", write->script);
        json_text(item, "method", write->method);
        json_text(item, "host", write->host);
        json_text(item, "target", write->target);
        cells = json_add(item, "cells", json_array());
        for (kind = 0; kind < FAULT_KINDS; kind++)
            json_append(cells, cell_of(&table->cells[i * FAULT_KINDS + (size_t)kind]));
    }
    return root;
}
