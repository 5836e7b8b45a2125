/* SPDX-License-Identifier: MIT
 * The data model of the report of a rehearsal: the table. */
#include "emit/shape.h"

#include "emit/shape_rows.h"

static const struct shape sentence[] = {TEXT(".", "one sentence"), END};
static const struct shape project[] = {TEXT(".", "a project"), END};
static const struct shape argument[] = {TEXT(".", "one argument"), END};

static const struct shape totals[] = {
    TOKEN("phases", "how many there were"),
    TOKEN("calls", "how many"),
    TOKEN("writes", "how many calls changed something"),
    TOKEN("seconds", "that it took"),
    END,
};

static const struct shape isolation[] = {
    BOOL("network", "scripts had no network but loopback"),
    TEXT("why_not_network", "the reason"),
    BOOL("home", "the caller's home was out of sight"),
    TEXT("why_not_home", "the reason"),
    END,
};

static const struct shape role[] = {
    TEXT("role", "its name or GUID"),
    TEXT("scope", "where"),
    END,
};

static const struct shape review[] = {
    TEXT("name", "of the service connection"),
    TEXT("project", "its own"),
    TEXT("identity", "in words"),
    BOOL("identity_exists", "it is not created"),
    LIST("roles", role, "that are described"),
    TEXT("pipelines", "in words"),
    LIST("shares", project, "further projects"),
    LIST("attention", sentence, "what is unusual"),
    END,
};

static const struct shape proof_step[] = {
    TEXT("what", "was tried"),
    TOKEN("status", "of HTTP"),
    BOOL("good", "it went well"),
    TEXT("text", "what was found"),
    END,
};

static const struct shape proof[] = {
    TEXT("issuer", "of the ID token"),           TEXT("subject", "of the ID token"),
    TEXT("audience", "of the ID token"),         TEXT("note", "what is special"),
    LIST("steps", proof_step, "in their order"), END,
};

static const struct shape call[] = {
    TEXT("time", "when it came"),
    TEXT("method", "of HTTP"),
    TEXT("host", "that it was for"),
    TEXT("target", "path and query"),
    TEXT("url", "all of it"),
    TOKEN("status", "of HTTP"),
    TOKEN("milliseconds", "that it took"),
    TEXT("who", "was signed in"),
    TEXT("code", "the service's error code"),
    BOOL("write", "it is no read"),
    BOOL("change", "nor asks for a token"),
    BOOL("failed", "it was refused or answered by an error"),
    BOOL("refused", "the host is not simulated"),
    TEXT("body", "of a change, laid out"),
    TEXT("body_note", "why there is none"),
    END,
};

static const struct shape phase[] = {
    TOKEN("number", "1, 2, ..."),
    TEXT("kind", "such as provision"),
    TEXT("title", "in words"),
    TEXT("connection", "that it is about"),
    TEXT("person", "who did it"),
    TEXT("script", "that was run"),
    LIST("arguments", argument, "of the script"),
    TOKEN("status", "that the script ended with"),
    TEXT("output", "the last of what the script printed"),
    BOOL("good", "it went well"),
    TEXT("why", "it did not"),
    TOKEN("seconds", "that it took"),
    TOKEN("call_count", "how many calls"),
    TOKEN("writes", "how many of them changed something"),
    OBJECT("proof", proof, "of a pipeline's sign-in"),
    LIST("calls", call, "in the order in which they came"),
    END,
};

static const struct shape credential[] = {
    TEXT("name", "its name"),
    TEXT("issuer", "to the letter"),
    TEXT("subject", "to the letter"),
    TEXT("audience", "to the letter"),
    END,
};

static const struct shape identity[] = {
    TEXT("kind", "in words"),
    TEXT("name", "its name"),
    TEXT("place", "in words"),
    TEXT("client_id", "its client id"),
    TEXT("principal_id", "its object id"),
    BOOL("existed", "before the rehearsal"),
    LIST("credentials", credential, "federated"),
    END,
};

static const struct shape assignment[] = {
    TEXT("role", "its name"),
    TEXT("role_id", "its id"),
    TEXT("scope", "where"),
    TEXT("identity", "whose"),
    TEXT("principal_id", "whose"),
    BOOL("existed", "before the rehearsal"),
    END,
};

static const struct shape connection[] = {
    TEXT("name", "in its own project"),
    TEXT("project", "its own"),
    LIST("shares", project, "further projects"),
    TEXT("id", "its id"),
    TEXT("scheme", "of its authorization"),
    TEXT("client_id", "that it signs in with"),
    TEXT("pipelines", "that may use it, in words"),
    TEXT("checks", "in words"),
    BOOL("existed", "before the rehearsal"),
    END,
};

static const struct shape result[] = {
    LIST("identities", identity, "managed identities and app registrations"),
    LIST("assignments", assignment, "of roles to identities"),
    LIST("connections", connection, "service connections"),
    LIST("assumed_roles", sentence, "roles that are not known, and taken for granted"),
    END,
};

static const struct shape fault_kind[] = {
    TEXT("name", "as --fault takes it"),
    TEXT("text", "in words"),
    END,
};

static const struct shape fault_cell[] = {
    TEXT("kind", "of the fault"),
    BOOL("ran", "it was tried"),
    BOOL("good", "it ended as without a fault"),
    TEXT("outcome", "in words"),
    TEXT("why", "it is not good"),
    TOKEN("seconds", "that it took"),
    END,
};

static const struct shape fault_write[] = {
    TOKEN("n", "1, 2, ..."),
    TEXT("phase", "in which it is"),
    TEXT("connection", "that it is about"),
    TEXT("script", "that makes it"),
    TEXT("method", "of HTTP"),
    TEXT("host", "that it is for"),
    TEXT("target", "path and query"),
    LIST("cells", fault_cell, "one for each kind, in their order"),
    END,
};

static const struct shape faults[] = {
    BOOL("good", "each ended as without a fault"),
    LIST("kinds", fault_kind, "of faults"),
    LIST("writes", fault_write, "where they were put"),
    END,
};

const struct shape shape_report[] = {
    TEXT("version", "of azdo-wif"),
    TEXT("ini", "name of the INI file"),
    TEXT("digest", "SHA-256 of the INI file"),
    TEXT("began", "when"),
    BOOL("split", "several administrators ran the numbered scripts"),
    TEXT("only", "the one connection that was rehearsed"),
    BOOL("good", "the verdict"),
    BOOL("proven", "pipelines have signed in"),
    OBJECT("totals", totals, "of all phases"),
    OBJECT("isolation", isolation, "what scripts could not reach"),
    LIST("review", review, "what the description gives, by connection"),
    LIST("phases", phase, "what was done"),
    TEXT("difference", "what rollback did not take back, as a unified diff"),
    OBJECT("result", result, "the world when everything was provisioned"),
    OBJECT("faults", faults, "what became of faults"),
    END,
};
