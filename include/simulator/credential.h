/* SPDX-License-Identifier: MIT
 * What both kinds of federated credentials have in common: those of a managed identity (Resource
 * Manager) and those of an application (Graph). Each service has its own words for a fault. */
#ifndef SIMULATOR_CREDENTIAL_H
#define SIMULATOR_CREDENTIAL_H

#include "format/json.h"

enum {
    CREDENTIAL_NAME_MIN = 3,
    CREDENTIAL_NAME_MAX = 120,
    CREDENTIAL_TEXT_MAX = 600, /* characters of issuer, subject and audience, each */
};

/* In the order in which they are looked for. */
enum credential_fault {
    CREDENTIAL_GOOD,
    CREDENTIAL_NAME,      /* not ^[a-zA-Z0-9][a-zA-Z0-9_-]{2,119}$ */
    CREDENTIAL_AUDIENCES, /* "audiences" is no list of exactly one */
    CREDENTIAL_ISSUER,    /* no text of 1 to 600 characters */
    CREDENTIAL_SUBJECT,   /* likewise */
    CREDENTIAL_AUDIENCE,  /* likewise, the one of the list */
    CREDENTIAL_DUPLICATE, /* another one has this issuer and subject */
    CREDENTIAL_LIMIT,     /* LIMIT_CREDENTIALS others are there already */
};

/* May VALUE, an object with "issuer", "subject" and "audiences" of any kind, be stored as NAME
 * beside the credentials of OTHERS (may be NULL)? EXCEPT, the entry of OTHERS that VALUE replaces
 * (NULL: none), does not count. Issuer and subject are compared to the letter. What they say is not
 * looked at: values that no token will ever match are accepted, as the real services do. */
enum credential_fault credential_check(const json *others, const json *except, const char *name,
                                       const json *value);

/* Is NAME one that a federated credential may have? */
bool credential_name_valid(const char *name);

#endif
