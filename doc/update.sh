#!/bin/sh
# SPDX-License-Identifier: MIT
# update.sh DOCGEN PAGE...: prints each PAGE with the parts between '.\" from the tables: NAME' and
# '.\" end' made anew. 'make doc-update' writes them; a test sees that they are up to date.
set -eu
docgen=$1
shift
for page; do
  awk -v docgen="$docgen" '
    /^\.\\" from the tables: / { print; system("\"" docgen "\" " $NF); skip = 1; next }
    /^\.\\" end$/ { skip = 0 }
    !skip' "$page"
done
