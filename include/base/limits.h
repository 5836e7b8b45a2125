/* SPDX-License-Identifier: MIT
 * Every bound on what is read or written, in one place. Sizes are bytes. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
    LIMIT_INI_FILE = 16 * 1024 * 1024,   /* 10,000 connections take about 4 MiB */
    LIMIT_INI_LINE = 8 * 1024,           /* promised to users: 4,096 work */
    LIMIT_INI_VALUE = 256 * 1024,        /* one list, all its lines together */
    LIMIT_CONNECTIONS = 20000,
    LIMIT_LIST = 1000,                   /* items of one list */
    LIMIT_CREDENTIALS = 20,              /* federated credentials of one identity: the service's own limit */
    LIMIT_HANDOVER = 4096,
    LIMIT_DIAGNOSTICS = 100,             /* printed; the rest is counted */
    LIMIT_TEMPLATE = 1024 * 1024,
    LIMIT_TEMPLATE_DEPTH = 64,           /* sections and partials within one another */
    LIMIT_OUTPUT_FILE = 16 * 1024 * 1024,
    LIMIT_LIST_OUTPUT = 1024 * 1024,     /* a list of what the program itself has */
    LIMIT_PLAN = 1024 * 1024 * 1024,     /* of all connections together */
    LIMIT_TEMPLATE_FOLDERS = 8,          /* of a folder of templates, within one another */
    LIMIT_INCLUSIONS = 10000,            /* partials, parents and blocks of a template, each use */
    LIMIT_RENDER_INCLUSIONS = 1000000,   /* likewise, while `render --lenient` renders */
    LIMIT_LENIENT_DEPTH = 256,           /* likewise, while `render --lenient` renders */
    LIMIT_JSON_DEPTH = 64,
    LIMIT_JSON_FILE = 64 * 1024 * 1024,  /* data for one template */
    LIMIT_CALL_BODY = 1024 * 1024,       /* of a request to the simulator */
    LIMIT_CALL_TARGET = 16 * 1024,       /* its path and query */
    LIMIT_CALL_PARAMETERS = 100,
    LIMIT_CALL_REPLY = 64 * 1024 * 1024,
    LIMIT_PROXY_HEAD = 16 * 1024,        /* of a CONNECT request */
    LIMIT_PROXY_CLIENTS = 256,           /* at a time */
    LIMIT_PROGRAM_LINE = 64 * 1024,      /* of what a rehearsed script prints; longer ones come in pieces */
    LIMIT_REHEARSAL_CALLS = 1000000,     /* that are kept */
    LIMIT_SEEN_BODY = 64 * 1024,         /* of one of them; a longer one is not kept */
    LIMIT_SEEN_BODIES = 64 * 1024 * 1024, /* of all; further ones are not kept */
    LIMIT_RENDER = 256 * 1024 * 1024,    /* what `render` prints */
};

#endif
