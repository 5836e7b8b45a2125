/* SPDX-License-Identifier: MIT
 * Graph: query options. What is not read here is answered 501, never left aside. */
#include "simulator/graph.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PAGE_DEFAULT = 100, PAGE_MAX = 999 };

/* $filter: clauses joined by "and", each NAME eq 'x', startswith(NAME,'x') or NAME/any(c:c eq 'x').
 */

static const char *word(struct arena *arena, const char **at)
{
    size_t len = 0;

    *at += strspn(*at, " ");
    while (isalnum((unsigned char)(*at)[len]))
        len++;
    *at += len;
    return len ? arena_strndup(arena, *at - len, len) : NULL;
}

/* Blanks and TEXT at *AT, which moves behind them only when they are there. */
static bool accept(const char **at, const char *text)
{
    const char *from = *at + strspn(*at, " ");

    if (strncasecmp(from, text, strlen(text)) != 0)
        return false;
    *at = from + strlen(text);
    return true;
}

static const char *literal(struct arena *arena, const char **at)
{
    *at += strspn(*at, " ");
    return graph_literal(arena, at);
}

static bool read_starts(struct arena *arena, const char **at, struct graph_clause *ret)
{
    ret->how = FILTER_STARTS;
    ret->name = word(arena, at);
    if (!ret->name || !accept(at, ","))
        return false;
    ret->value = literal(arena, at);
    return ret->value && accept(at, ")");
}

static bool read_any(struct arena *arena, const char **at, struct graph_clause *ret)
{
    const char *variable, *again;

    ret->how = FILTER_ANY;
    variable = word(arena, at);
    if (!variable || !accept(at, ":"))
        return false;
    again = word(arena, at);
    if (!again || strcmp(variable, again) != 0 || **at != ' ' || !accept(at, "eq "))
        return false;
    ret->value = literal(arena, at);
    return ret->value && accept(at, ")");
}

static bool read_clause(struct arena *arena, const char **at, struct graph_clause *ret)
{
    if (accept(at, "startswith("))
        return read_starts(arena, at, ret);
    ret->name = word(arena, at);
    if (!ret->name)
        return false;
    if (accept(at, "/any("))
        return read_any(arena, at, ret);
    ret->how = FILTER_EQ;
    if (**at != ' ' || !accept(at, "eq "))
        return false;
    ret->value = literal(arena, at);
    return ret->value != NULL;
}

/* May the clause be asked of KIND? Notes whether letter case counts. */
static bool filterable(const struct graph_kind *kind, struct graph_clause *clause)
{
    const struct graph_filterable *row = kind->filterable;

    for (; row && row->name; row++) {
        if (strcmp(row->name, clause->name) != 0)
            continue;
        clause->how |= row->how & FILTER_EXACT;
        return (row->how & clause->how & ~(unsigned)FILTER_EXACT) != 0;
    }
    return false;
}

static bool read_filter(struct sim_call *call, const struct graph_kind *kind,
                        struct graph_query *ret)
{
    const char *at = call_argument(call, "$filter");

    if (!at)
        return true;
    do {
        struct graph_clause clause = {0};

        if (!read_clause(call->arena, &at, &clause) || !filterable(kind, &clause)) {
            call_not_modelled(call, "the filter");
            return false;
        }
        ARENA_PUSH(call->arena, ret->clauses, ret->n_clauses, clause);
    } while (accept(&at, "and "));
    at += strspn(at, " ");
    if (*at)
        call_not_modelled(call, "the filter");
    return !*at;
}

static bool holds(const struct graph_clause *clause, const json *view)
{
    const json *member = json_member(view, clause->name);
    const char *text = json_text_of(view, clause->name);

    if (clause->how & FILTER_ANY)
        return json_holds(member, clause->value);
    if (!member || json_kind(member) != JSON_TEXT)
        return false;
    if (clause->how & FILTER_STARTS)
        return !strncasecmp(text, clause->value, strlen(clause->value));
    return clause->how & FILTER_EXACT ? !strcmp(text, clause->value)
                                      : !strcasecmp(text, clause->value);
}

bool graph_matches(const struct graph_query *query, const json *view)
{
    size_t i;

    for (i = 0; i < query->n_clauses; i++)
        if (!holds(&query->clauses[i], view))
            return false;
    return true;
}

/* Keys are looked up where the objects are; everything else goes through an index that lags behind
 * by minutes (azure-facts: seen for displayName). */
bool graph_indexed(const struct graph_query *query)
{
    size_t i;

    for (i = 0; i < query->n_clauses; i++)
        if (graph_lists("id appId uniqueName servicePrincipalNames", query->clauses[i].name))
            return false;
    return true;
}

/* $select: are the names those of KIND? Its view of nothing has all members there are. */
static bool selectable(struct sim_call *call, const struct graph_kind *kind, const json *members,
                       const char *name)
{
    if (json_member(members, name) && *name != '@')
        return true;
    if (graph_lists(kind->others, name))
        call_not_modelled(call, call_text(call, "the property %s", name));
    else
        graph_fail(call, 400, "BadRequest",
                   call_text(call,
                             "Parsing OData Select and Expand failed: Could not find a property "
                             "named '%s' on type 'microsoft.graph.%s'.",
                             graph_quoted(call, name), kind->type));
    return false;
}

static bool read_select(struct sim_call *call, const struct graph_kind *kind,
                        struct graph_query *ret)
{
    const char *at = call_argument(call, "$select");
    json *nothing = json_object(), *members = kind->view(call, nothing);
    bool good = true;

    while (good && at && *at) {
        size_t len;
        const char *name;

        at += strspn(at, " ");
        len = strcspn(at, ", ");
        name = arena_strndup(call->arena, at, len);
        good = selectable(call, kind, members, name);
        if (good)
            ARENA_PUSH(call->arena, ret->select, ret->n_select, name);
        at += len;
        at += strspn(at, " ");
        if (good && *at && *at != ',')
            good = selectable(call, kind, members, ""); /* "a b" */
        at += *at == ',';
    }
    json_free(members);
    json_free(nothing);
    return good;
}

/* A number of up to nine digits; false for anything else. */
static bool read_number(const char *text, size_t *ret)
{
    size_t len = strspn(text, "0123456789");

    if (!len || len > 9 || text[len])
        return false;
    *ret = (size_t)strtoul(text, NULL, 10);
    return true;
}

static bool read_paging(struct sim_call *call, struct graph_query *ret)
{
    const char *top = call_argument(call, "$top"), *skip = call_argument(call, "$skiptoken"),
               *count = call_argument(call, "$count");

    ret->count = count && !strcasecmp(count, "true");
    if (top && (!read_number(top, &ret->top) || !ret->top || ret->top > PAGE_MAX))
        graph_fail(call, 400, "Request_UnsupportedQuery",
                   call_text(call,
                             "Invalid page size specified: '%s'. Must be between 1 and 999 "
                             "inclusive.",
                             graph_quoted(call, top)));
    else if (skip && !read_number(skip, &ret->skip))
        graph_fail(call, 400, "Directory_ExpiredPageToken", "The specified page token is invalid.");
    else if (count && !ret->count && strcasecmp(count, "false") != 0)
        graph_fail(call, 400, "BadRequest", "The value of $count is not true or false.");
    else
        return true;
    return false;
}

bool graph_no_query(struct sim_call *call)
{
    const char *name = call_unread(call);

    if (name)
        call_not_modelled(call, call_text(call, "the query option %s", graph_quoted(call, name)));
    return !name;
}

bool graph_query_read(struct sim_call *call, const struct graph_kind *kind, bool list,
                      struct graph_query *ret)
{
    *ret = (struct graph_query){.top = PAGE_DEFAULT};
    return read_select(call, kind, ret) &&
           (!list || (read_filter(call, kind, ret) && read_paging(call, ret))) &&
           graph_no_query(call);
}

/* Replies */

static json *selected(json *view, const struct graph_query *query)
{
    json *out;
    const json *type = json_member(view, "@odata.type");
    size_t i;

    if (!query || !query->n_select)
        return view;
    out = json_object();
    if (type)
        json_put(out, "@odata.type", json_copy(type));
    for (i = 0; i < query->n_select; i++)
        if (json_member(view, query->select[i]))
            json_put(out, query->select[i], json_copy(json_member(view, query->select[i])));
    json_free(view);
    return out;
}

/* "https://graph.microsoft.com/v1.0/$metadata#applications(id,appId)" + AFTER */
static const char *context_text(struct sim_call *call, const char *context,
                                const struct graph_query *query, const char *after)
{
    const char *names = "";
    size_t i;

    for (i = 0; query && i < query->n_select; i++)
        names = call_text(call, "%s%s%s", names, i ? "," : "", query->select[i]);
    return call_text(call, "https://%s/v1.0/$metadata#%s%s%s%s%s", call->host->name, context,
                     *names ? "(" : "", names, *names ? ")" : "", after);
}

void graph_reply_one(struct sim_call *call, int status, const char *context, json *view,
                     const struct graph_query *query)
{
    json *out = json_object();
    const json *member;

    view = selected(view, query);
    json_text(out, "@odata.context", context_text(call, context, query, "/$entity"));
    for (member = json_first(view); member; member = json_next(member))
        json_add(out, json_key(member), json_copy(member));
    json_free(view);
    call_reply(call, status, out);
}

/* The target as sent, but for the page. */
static const char *next_link(struct sim_call *call, size_t skip)
{
    size_t path = strcspn(call->target, "?#");
    const char *at = call->target + path, *link;

    link = call_text(call, "https://%s%.*s?$skiptoken=%zu", call->host->name, (int)path,
                     call->target, skip);
    while (*at == '?' || *at == '&') {
        size_t len = strcspn(++at, "&#");

        if (len && strncasecmp(at, "$skiptoken", 10) != 0 &&
            strncasecmp(at, "%24skiptoken", 12) != 0)
            link = call_text(call, "%s&%.*s", link, (int)len, at);
        at += len;
    }
    return link;
}

void graph_reply_list(struct sim_call *call, const char *context, json *views,
                      const struct graph_query *query)
{
    size_t skip = query ? query->skip : 0, top = query ? query->top : PAGE_MAX, i = 0;
    size_t total = json_count(views);
    json *out = json_object(), *list = json_array();
    const json *view;

    json_text(out, "@odata.context", context_text(call, context, query, ""));
    if (query && query->count)
        json_put_number(out, "@odata.count", (long long)total);
    for (view = json_first(views); view; view = json_next(view), i++)
        if (i >= skip && i - skip < top)
            json_append(list, selected(json_copy(view), query));
    if (total > skip && total - skip > top)
        json_text(out, "@odata.nextLink", next_link(call, skip + top));
    json_add(out, "value", list);
    json_free(views);
    call_reply(call, 200, out);
}

void graph_reply_object(struct sim_call *call, const struct graph_kind *kind, const json *object)
{
    struct graph_query query;

    if (graph_query_read(call, kind, false, &query))
        graph_reply_one(call, 200, kind->collection, kind->view(call, object), &query);
}

/* A fresh object is not in the index for ten times as long as other services do not see it. */
static bool in_index(struct sim_call *call, const json *object)
{
    return json_number_of(object, "createdAt", 0) +
               10 * world_setting(call->world, SETTING_REPLICATION) <=
           world_now();
}

void graph_reply_all(struct sim_call *call, const struct graph_kind *kind, const json *objects,
                     const char *context)
{
    struct graph_query query;
    const json *object;
    json *views, *view;

    if (!graph_query_read(call, kind, true, &query))
        return;
    views = json_array();
    for (object = objects ? json_first(objects) : NULL; object; object = json_next(object)) {
        if (kind->lags && graph_indexed(&query) && !in_index(call, object))
            continue;
        view = kind->view(call, object);
        if (graph_matches(&query, view))
            json_append(views, view);
        else
            json_free(view);
    }
    graph_reply_list(call, context, views, &query);
}
