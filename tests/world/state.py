# SPDX-License-Identifier: MIT
# The state of a world: one JSON file, locked while one az call uses it, and the log beside it.

import fcntl
import json
import os

EPOCH = 1767600000  # 2026-01-05T08:00:00Z: the clock of a world counts calls, not seconds
OWN_ENVIRONMENT = ("AZURE_CONFIG_DIR", "AZDO_WIF_DEVOPS_CONFIG_DIR", "MSYS_NO_PATHCONV",
                   "AZURE_CORE_ONLY_SHOW_ERRORS", "AZURE_CORE_OUTPUT", "LC_ALL", "LANG")

CLOUDS = {
    "AzureCloud": {"arm": "https://management.azure.com/",
                   "armResource": "https://management.core.windows.net/",
                   "graph": "https://graph.microsoft.com/",
                   "login": "https://login.microsoftonline.com/"},
    "AzureUSGovernment": {"arm": "https://management.usgovcloudapi.net/",
                          "armResource": "https://management.core.usgovcloudapi.net/",
                          "graph": "https://graph.microsoft.us/",
                          "login": "https://login.microsoftonline.us/"},
    "AzureChinaCloud": {"arm": "https://management.chinacloudapi.cn/",
                        "armResource": "https://management.core.chinacloudapi.cn/",
                        "graph": "https://microsoftgraph.chinacloudapi.cn/",
                        "login": "https://login.chinacloudapi.cn/"},
}


class World:
    """The loaded state; use as a context manager, which holds the lock and saves at the end."""

    def __init__(self, path):
        self.path = path
        self.data = None
        self.lock = None

    def __enter__(self):
        self.lock = open(self.path + ".lock", "a", encoding="utf-8")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        with open(self.path, encoding="utf-8") as file:
            self.data = json.load(file)
        return self

    def __exit__(self, kind, value, trace):
        if kind is None:
            self.save()
        self.lock.close()

    def save(self):
        draft = "%s.%d" % (self.path, os.getpid())
        with open(draft, "w", encoding="utf-8") as file:
            json.dump(self.data, file, ensure_ascii=False, indent=1, sort_keys=True)
            file.write("\n")
        os.replace(draft, self.path)

    def record(self, entry):
        with open(self.path + ".log", "a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")

    # --- what every service needs ---------------------------------------------------------------

    def clouds(self):
        return {**CLOUDS, **self.data.get("clouds", {})}

    def setting(self, name, default):
        return self.data.get("settings", {}).get(name, default)

    def new_id(self, kind):
        """A fresh GUID: unique in this world, and the same in every run of the same calls."""
        import hashlib
        self.data["ids"] = self.data.get("ids", 0) + 1
        text = "%s/%s/%d" % (self.data.get("seed", ""), kind, self.data["ids"])
        hexes = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        hexes = hexes[:12] + "4" + hexes[13:16] + "89ab"[int(hexes[16], 16) & 3] + hexes[17:]
        return "-".join((hexes[:8], hexes[8:12], hexes[12:16], hexes[16:20], hexes[20:]))

    def now(self):
        import time
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(EPOCH + self.data.get("calls", 0)))

    def tenant(self, tenant_id):
        tenant = self.data.setdefault("tenants", {}).setdefault(tenant_id.lower(), {})
        for part in ("applications", "servicePrincipals", "users"):
            tenant.setdefault(part, {})
        return tenant

    def profile(self):
        """The profile of AZURE_CONFIG_DIR: by its whole value, else by its last component.

        The one named "" is az's own: ~/.azure, however it is given.
        """
        profiles = self.data.get("profiles", {})
        key = os.environ.get("AZURE_CONFIG_DIR", "")
        name = os.path.basename(key.rstrip("/"))
        return profiles.get(key) or profiles.get("" if name in ("", ".azure") else name)


def accounts(world, profile):
    """The account list az keeps for a profile, the default one first found by isDefault."""
    found = []
    user = {"name": profile["user"]["name"], "type": profile["user"].get("type", "user")}
    environment = profile.get("environmentName", "AzureCloud")
    for entry in profile.get("subscriptions", []):
        entry = entry if isinstance(entry, dict) else {"id": entry}
        known = world.data.get("subscriptions", {}).get(entry["id"].lower(), {})
        tenant = entry.get("tenantId") or known.get("tenantId") or profile["tenantId"]
        found.append({"environmentName": environment, "homeTenantId": tenant, "id": entry["id"],
                      "isDefault": False, "managedByTenants": [],
                      "name": entry.get("name") or known.get("displayName", "?"),
                      "state": "Enabled", "tenantId": tenant, "user": user})
    if not found:
        found.append({"environmentName": environment, "id": profile["tenantId"],
                      "isDefault": False, "name": "N/A(tenant level account)",
                      "state": "Enabled", "tenantId": profile["tenantId"], "user": user})
    default = profile.get("default", found[0]["id"])
    for account in found:
        account["isDefault"] = account["id"] == default
    return found
