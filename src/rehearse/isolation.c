/* SPDX-License-Identifier: MIT
 * Namespaces: a network with loopback alone, and an empty folder over the caller's home.
 *
 * An ordinary user gets them within a user namespace, in which ids stay what they are; where the
 * system forbids that, nothing is lost but a wall. user_namespaces(7), network_namespaces(7). */
#include "rehearse/isolation.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fsio.h"

static bool write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool written = fd >= 0 && fsio_write(fd, text, strlen(text));

    if (fd >= 0)
        close(fd);
    return written;
}

/* The only id of the new namespace is the one that we have. */
static bool map_ids(uid_t uid, gid_t gid)
{
    char map[64];

    snprintf(map, sizeof map, "%lu %lu 1", (unsigned long)uid, (unsigned long)uid);
    if (!write_file("/proc/self/uid_map", map) || !write_file("/proc/self/setgroups", "deny"))
        return false;
    snprintf(map, sizeof map, "%lu %lu 1", (unsigned long)gid, (unsigned long)gid);
    return write_file("/proc/self/gid_map", map);
}

static bool loopback_up(void)
{
    struct ifreq request = {.ifr_name = "lo"};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool up;

    if (fd < 0)
        return false;
    up = !ioctl(fd, SIOCGIFFLAGS, &request);
    request.ifr_flags |= IFF_UP | IFF_RUNNING;
    up = up && !ioctl(fd, SIOCSIFFLAGS, &request);
    close(fd);
    return up;
}

/* Two ways in: any user within a user namespace, or root, within chroot too, without one. */
static const int ways[] = {CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET, CLONE_NEWNS | CLONE_NEWNET};

static bool go(int way)
{
    uid_t uid = getuid();
    gid_t gid = getgid();

    return !unshare(way) && (!(way & CLONE_NEWUSER) || map_ids(uid, gid)) && loopback_up();
}

/* Whoever goes half the way is stuck there, so a child goes first. */
static bool leads_in(int way)
{
    pid_t child = fork();
    int status = 1;

    if (child == 0)
        _exit(!go(way));
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static bool enter_namespaces(void)
{
    size_t i;

    for (i = 0; i < sizeof ways / sizeof *ways; i++)
        if (leads_in(ways[i]))
            return go(ways[i]);
    return false;
}

/* Is PATH, or what it leads to, below FOLDER? */
static bool is_below(const char *path, const char *folder)
{
    char real[PATH_MAX], above[PATH_MAX];
    size_t len;

    if (!path || !realpath(path, real) || !realpath(folder, above))
        return false;
    len = strlen(above);
    return !strncmp(real, above, len) && (real[len] == '/' || !real[len] || len == 1);
}

/* NULL, or why FOLDER stays in sight. */
static const char *hide(const char *folder, const char *keep)
{
    struct stat status;

    if (!folder || *folder != '/' || stat(folder, &status) || !S_ISDIR(status.st_mode))
        return NULL; /* there is nothing to see */
    if (is_below("/usr", folder) || is_below("/tmp", folder) || is_below("/var/tmp", folder))
        return "the system lies in the home folder";
    if (is_below(keep, folder) || is_below(getenv("TMPDIR"), folder))
        return "a program or folder that is needed lies in it";
    if (mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=700"))
        return strerror(errno);
    return NULL;
}

/* az's profiles may lie elsewhere; and when the home stays in sight, what is in it and secret does
 * not. */
static const char *hide_profiles(const struct passwd *entry)
{
    static const char *const variables[] = {"AZURE_CONFIG_DIR", "AZDO_WIF_DEVOPS_CONFIG_DIR"};
    static const char *const folders[] = {".azure", ".ssh", ".gnupg", ".aws"};
    const char *why = NULL;
    char path[PATH_MAX];
    size_t i;

    for (i = 0; i < sizeof variables / sizeof *variables && !why; i++)
        why = hide(getenv(variables[i]), NULL);
    for (i = 0; entry && i < sizeof folders / sizeof *folders && !why; i++) {
        snprintf(path, sizeof path, "%s/%s", entry->pw_dir, folders[i]);
        why = hide(path, NULL);
    }
    return why;
}

static const char *hide_home(const char *keep)
{
    const struct passwd *entry = getpwuid(getuid());
    const char *home = getenv("HOME"), *why, *profiles;

    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
        return "mounts cannot be made private"; /* what is hidden here must not be hidden elsewhere
                                                 */
    profiles = hide_profiles(entry);
    why = hide(entry ? entry->pw_dir : NULL, keep);
    if (!why && home && (!entry || strcmp(home, entry->pw_dir) != 0))
        why = hide(home, keep);
    return why ? why : profiles;
}

struct isolation isolation_enter(const char *keep)
{
    struct isolation result = {.why_not_network = "this system forbids namespaces",
                               .why_not_home = "this system forbids namespaces"};
    const char *why;
    bool entered = enter_namespaces();

    /* Nobody in the sandbox looks into this process: its environment, its folder, its files. */
    prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
    if (chdir("/") || !entered)
        return result;
    result.network = true;
    result.why_not_network = "";
    why = hide_home(keep);
    result.home = !why;
    result.why_not_home = why ? why : "";
    return result;
}
