/* SPDX-License-Identifier: MIT
 * The world: its document, clock, ids, claims and buckets. */
#include "simulator/world.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/arena.h"
#include "simulator/world_shape.h"

enum { BUCKETS = 64, CLAIMS = 64, KEY_MAX = 512 };

struct bucket {
    char key[KEY_MAX];
    double tokens;
    long long filled; /* when, in milliseconds */
};

struct world {
    json *root;
    pthread_mutex_t lock;
    pthread_cond_t waking;
    bool ending;
    char claims[CLAIMS][KEY_MAX]; /* "": free */
    struct bucket buckets[BUCKETS];
    size_t n_buckets;
};

static const struct {
    const char *key;
    long long otherwise;
} settings[SETTING_COUNT] = {
    [SETTING_REPLICATION] = {"replicationMilliseconds", 1000},
    [SETTING_DELETION] = {"deletionMilliseconds", 1000},
    [SETTING_CREDENTIAL_WRITE] = {"credentialWriteMilliseconds", 150},
    [SETTING_IDENTITY_BURST] = {"identityBurst", 20},
    [SETTING_SUBSCRIPTION_BURST] = {"subscriptionBurst", 60},
    [SETTING_TOKEN_LIFE] = {"tokenLifeMilliseconds", 3600000},
};

/* What is null counts as absent: takes it out of OBJECT and its parts, so that lists are lists. */
static void drop_nulls(json *object, const struct world_shape *shape)
{
    json *item, *next;
    size_t i;

    for (item = json_first_of(object); item; item = next) {
        next = json_next_of(item);
        if (json_kind(item) == JSON_NULL)
            json_remove(object, item);
    }
    for (i = 0; shape->parts[i].key; i++) {
        json *part = json_member(object, shape->parts[i].key);

        if (part && json_kind(part) == JSON_OBJECT)
            drop_nulls(part, shape->parts[i].shape);
        else if (part)
            for (item = json_first_of(part); item; item = json_next_of(item))
                drop_nulls(item, shape->parts[i].shape);
    }
}

struct world *world_new(json *state)
{
    struct world *world = xrealloc(NULL, 1, sizeof *world);

    memset(world, 0, sizeof *world);
    drop_nulls(state, world_shape());
    world->root = state;
    pthread_mutex_init(&world->lock, NULL);
    pthread_cond_init(&world->waking, NULL);
    return world;
}

void world_free(struct world *world)
{
    if (!world)
        return;
    json_free(world->root);
    pthread_cond_destroy(&world->waking);
    pthread_mutex_destroy(&world->lock);
    free(world);
}

void world_replace(struct world *world, json *state)
{
    world_lock(world);
    json_free(world->root);
    drop_nulls(state, world_shape());
    world->root = state;
    world->n_buckets = 0;
    memset(world->claims, 0, sizeof world->claims);
    world_unlock(world);
}

void world_lock(struct world *world)
{
    pthread_mutex_lock(&world->lock);
}

void world_unlock(struct world *world)
{
    pthread_mutex_unlock(&world->lock);
}

json *world_root(struct world *world)
{
    return world->root;
}

json *world_tenant(struct world *world, const char *id)
{
    return json_find(json_member(world->root, "tenants"), "id", id);
}

bool world_is_of_cloud(const json *tenant, const char *cloud)
{
    const char *name = json_text_of(tenant, "cloud");

    return tenant && !strcasecmp(*name ? name : "AzureCloud", cloud);
}

json *world_subscription(struct world *world, const char *id)
{
    return json_find(json_member(world->root, "subscriptions"), "id", id);
}

json *world_organization(struct world *world, const char *name_or_id)
{
    const json *all = json_member(world->root, "organizations");
    json *found = json_find(all, "name", name_or_id);

    return found ? found : json_find(all, "id", name_or_id);
}

json *world_principal(json *tenant, const char *object_id)
{
    json *user = json_find(json_member(tenant, "users"), "id", object_id);

    return user ? user : json_find(json_member(tenant, "servicePrincipals"), "id", object_id);
}

long long world_setting(struct world *world, enum setting_name name)
{
    return json_number_of(json_member(world->root, "settings"), settings[name].key,
                          settings[name].otherwise);
}

long long world_next_number(struct world *world)
{
    long long issued = json_number_of(world->root, "issued", 0) + 1;

    json_put_number(world->root, "issued", issued);
    return issued;
}

void world_new_id(struct world *world, char ret_guid[GUID_TEXT + 1])
{
    char name[64];

    snprintf(name, sizeof name, "simulated/%lld", world_next_number(world));
    guid_from_name(name, ret_guid);
    ret_guid[14] = '4'; /* services hand out random ones */
}

long long world_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void world_time_text(long long milliseconds, char ret_text[32])
{
    time_t seconds = (time_t)(milliseconds / 1000);
    struct tm tm;

    if (!gmtime_r(&seconds, &tm) || !strftime(ret_text, 32, "%Y-%m-%dT%H:%M:%SZ", &tm))
        snprintf(ret_text, 32, "1970-01-01T00:00:00Z");
}

void world_stamp(json *object)
{
    json_put_number(object, "createdAt", world_now());
}

bool world_replicated(struct world *world, const json *object)
{
    return json_number_of(object, "createdAt", 0) + world_setting(world, SETTING_REPLICATION) <=
           world_now();
}

void world_pause(struct world *world, long long milliseconds)
{
    long long until = world_now() + milliseconds;
    struct timespec end = {.tv_sec = (time_t)(until / 1000),
                           .tv_nsec = (long)(until % 1000) * 1000000};

    if (milliseconds <= 0)
        return;
    while (!world->ending && pthread_cond_timedwait(&world->waking, &world->lock, &end) == 0)
        continue;
}

void world_wake(struct world *world)
{
    world_lock(world);
    world->ending = true;
    pthread_cond_broadcast(&world->waking);
    world_unlock(world);
}

static char *find_claim(struct world *world, const char *key)
{
    size_t i;

    for (i = 0; i < CLAIMS; i++)
        if (!strncasecmp(world->claims[i], key, KEY_MAX - 1))
            return world->claims[i];
    return NULL;
}

bool world_claim(struct world *world, const char *key)
{
    char *place = find_claim(world, key) ? NULL : find_claim(world, "");

    if (place)
        snprintf(place, KEY_MAX, "%s", key);
    return place != NULL;
}

void world_release(struct world *world, const char *key)
{
    char *claim = find_claim(world, key);

    if (claim)
        *claim = '\0';
}

/* The bucket of KEY; a new one takes the place of the one that was filled longest ago. */
static struct bucket *find_bucket(struct world *world, const char *key, long long burst)
{
    struct bucket *oldest = &world->buckets[0];
    size_t i;

    for (i = 0; i < world->n_buckets; i++) {
        if (!strncasecmp(world->buckets[i].key, key, KEY_MAX - 1))
            return &world->buckets[i];
        if (world->buckets[i].filled < oldest->filled)
            oldest = &world->buckets[i];
    }
    if (world->n_buckets < BUCKETS)
        oldest = &world->buckets[world->n_buckets++];
    *oldest = (struct bucket){.tokens = (double)burst, .filled = world_now()};
    snprintf(oldest->key, KEY_MAX, "%s", key);
    return oldest;
}

unsigned world_throttle(struct world *world, const char *key, double per_second, long long burst)
{
    struct bucket *bucket = find_bucket(world, key, burst);
    long long now = world_now();

    bucket->tokens += (double)(now - bucket->filled) / 1000 * per_second;
    bucket->filled = now;
    if (bucket->tokens > (double)burst)
        bucket->tokens = (double)burst;
    if (bucket->tokens < 1)
        return (unsigned)((1 - bucket->tokens) / per_second) + 1;
    bucket->tokens -= 1;
    return 0;
}
