#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints an INI file of N connections: ten to an identity, each with two roles and two pipelines."""
import sys

TENANT = "11111111-1111-1111-1111-111111111111"


def guid(number):
    return f"22222222-2222-4222-8222-{number:012d}"


def main():
    count = int(sys.argv[1])
    print(f"[tenant]\nid = {TENANT}\n\n[organization]\nname = contoso")
    for i in range((count + 9) // 10):
        print(f"\n[identity id-{i:05d}]\ntype = managed-identity\nname = id-fleet-{i:05d}")
        print(f"resource_group = rg-identities\nlocation = westeurope\nsubscription_id = {guid(i)}")
    for i in range(count):
        scope = f"/subscriptions/{guid(i // 10)}/resourceGroups/rg-{i:05d}"
        print(f"\n[connection fleet-{i:05d}]\nidentity = id-{i // 10:05d}")
        print(f"project = Team {i % 100:02d}\ndescription = Deploys service {i:05d}")
        print(f"subscription_id = {guid(i // 10)}\nsubscription_name = Fleet {i // 10:05d}")
        print(f"roles =\n    Contributor @ {scope}\n    Key Vault Secrets User @ {scope}")
        print(f"pipelines = {100 + i}, {20000 + i}")


main()
