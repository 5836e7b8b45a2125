#!/bin/sh
# SPDX-License-Identifier: MIT
# embed.sh SRCDIR FILE...: prints a C source that holds FILEs, which are below SRCDIR.
set -eu
export LC_ALL=C

srcdir=$1
shift

echo '/* Written by src/embed.sh. */'
echo '#include "template/builtin_data.h"'
n=0
for file; do
    echo
    echo "static const unsigned char data_${n}[] = {"
    # A file that cannot be read must not become an empty template: od's own status would be lost.
    test -r "$srcdir/$file"
    { cat "$srcdir/$file" && printf '\0'; } | od -v -A n -t x1 | sed 's/[^ ][^ ]*/0x&,/g'
    echo '};'
    n=$((n + 1))
done

echo
echo 'const struct builtin_file builtin_files[] = {'
n=0
for file; do
    echo "    {\"${file#templates/}\", \"$file\", data_$n, sizeof data_$n - 1},"
    n=$((n + 1))
done
echo '};'
echo "const size_t builtin_count = $n;"
