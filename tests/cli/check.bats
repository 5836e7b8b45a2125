#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# azdo-wif check: every state of a file is named, with its diff, and nothing is written.
load common

setup() {
  mkdir "$BATS_TEST_TMPDIR/folder" && cd "$BATS_TEST_TMPDIR/folder" || exit
  cp "$SRCDIR/examples/contoso.ini" x.ini
  "$TOOL" generate -q x.ini >/dev/null
  folder=x/payments-prod
}

# What tells whether anything was touched.
state() {
  find . -printf '%p %y %m %T@ %C@ %s\n' | sort
  find . -type f -exec sha256sum {} + | sort
}

# check STATUS [ARGUMENT...]: runs it, and nothing may have changed.
check() {
  local status=$1 before
  shift
  before=$(state)
  run --separate-stderr "-$status" "$TOOL" check x.ini "$@"
  [ "$before" = "$(state)" ]
}

# The lines that name a finding.
findings() {
  grep -E '^(stale|missing|edited|foreign|mode|no longer described): ' <<<"$output"
}

@test "clean: a note, exit 0" {
  check 0
  [ -z "$output" ]
  [ "$stderr" = "azdo-wif: x is what generate would write: 10 files" ]
  check 0 -q
  [ -z "$output$stderr" ]
  check 0 --json
  [ "$output" = '[]' ]
}

@test "stale: the INI changed, and patch(1) makes of it what generate writes" {
  sed -i 's/Deploys Payments/Deploys our Payments/' x.ini
  check 1
  [ "$(findings | grep -c '^stale: x/payments-prod/provision.sh (made from another state of the INI file)$')" = 1 ]
  [ "$(findings | wc -l)" = 10 ]
  printf '%s\n' "$output" >diff
  cp -r x patched
  "$TOOL" generate -q x.ini -o want >/dev/null
  sed -E 's#^(---|\+\+\+) x/#\1 patched/#' diff | patch -p0 -s
  diff -r patched want
}

@test "stale: another version wrote it" {
  sed -i '1,20s/azdo-wif 0[.][0-9.]*,/azdo-wif 0.0.1,/' $folder/verify.sh
  sum=$(sed -E '1,20s/body sha256:[0-9a-f]{64}/body sha256:'"$(printf '0%.0s' {1..64})"'/' $folder/verify.sh | sha256sum)
  sed -i -E "1,20s/body sha256:[0-9a-f]{64}/body sha256:${sum%% *}/" $folder/verify.sh
  check 1
  [ "$(findings)" = "stale: x/payments-prod/verify.sh (made by another version, or of other templates)" ]
  grep -q '^-# azdo-wif 0[.]0[.]1, ' <<<"$output"
}

@test "missing: a file, and the whole folder" {
  rm $folder/runbook.md
  check 1
  [ "$(findings)" = "missing: x/payments-prod/runbook.md (generate would write it)" ]
  grep -q '^--- /dev/null$' <<<"$output"
  ! grep -q '^-[^-]' <<<"$output"
  rm -r x
  check 1
  [ "$(findings | grep -c '^missing: ')" = 10 ]
}

@test "edited: with what was changed" {
  sed -i 's/^set -efuo pipefail$/set -fuo pipefail/' $folder/provision.sh
  check 1
  [ "$(findings)" = "edited: x/payments-prod/provision.sh (it was changed after azdo-wif wrote it)" ]
  grep -qx -- '-set -fuo pipefail' <<<"$output"
  grep -qx -- '+set -efuo pipefail' <<<"$output"
  [ "$(grep -c '^[-+]' <<<"$output")" = 4 ]
}

@test "foreign: a file, a link, a folder, a file in a folder's place, and one that is no text" {
  echo 'somebody wrote this' >$folder/verify.sh
  check 1
  [ "$(findings)" = "foreign: x/payments-prod/verify.sh (azdo-wif did not write it)" ]
  grep -qx -- '-somebody wrote this' <<<"$output"
  ln -sf /etc/hostname $folder/verify.sh
  check 1
  [ "$output" = "foreign: x/payments-prod/verify.sh (it is a symbolic link)" ]
  rm $folder/verify.sh
  mkdir $folder/verify.sh
  check 1
  [ "$output" = "foreign: x/payments-prod/verify.sh (it is no file that azdo-wif wrote)" ]
  rmdir $folder/verify.sh
  printf 'a\0b\001\377\n' >$folder/verify.sh
  check 1
  [ "$output" = "foreign: x/payments-prod/verify.sh (azdo-wif did not write it)" ]
  rm -r $folder
  echo a >$folder
  check 1
  [ "$output" = "foreign: x/payments-prod (it is no file that azdo-wif wrote)" ]
}

@test "no longer described: a connection that is gone, and an edited file of it" {
  cat >>x.ini <<'END'
[connection second]
identity = payments
subscription_id = 22222222-2222-2222-2222-222222222222
subscription_name = Payments Production
END
  "$TOOL" generate -q x.ini >/dev/null
  cp "$SRCDIR/examples/contoso.ini" x.ini
  echo '# mine' >>x/second/verify.sh
  echo 'mine alone' >x/second/notes.txt
  check 1
  [ "$(findings | grep -c '^no longer described: x/second/')" = 8 ]
  findings | grep -qx 'no longer described: x/second/rollback.sh (generate --prune removes it)'
  findings | grep -qx 'no longer described: x/second/verify.sh (and edited: remove it by hand)'
  grep -qx -- '-# mine' <<<"$output"
  grep -q '^+++ /dev/null$' <<<"$output"
  ! grep -q 'notes[.]txt\|mine alone' <<<"$output"
}

@test "mode: a script that cannot be run" {
  chmod 0644 $folder/verify.sh
  check 1
  [ "$output" = "mode: x/payments-prod/verify.sh (its permissions are not those that generate gives)" ]
}

@test "all at once, as JSON" {
  rm $folder/runbook.md
  echo '# mine' >>$folder/provision.sh
  echo 'foreign' >$folder/plan.json
  check 1 --json
  [ "$(jq -r '.[] | .state + " " + .path' <<<"$output")" = "edited x/payments-prod/provision.sh
missing x/payments-prod/runbook.md
foreign x/payments-prod/plan.json" ]
  jq -e 'all(.[]; .diff | startswith("--- "))' <<<"$output"
}

@test "--connection narrows, to its folder and the index" {
  rm -r x
  cp "$SRCDIR/examples/fleet.ini" x.ini
  "$TOOL" generate -q x.ini >/dev/null
  rm x/payments-dev/verify.sh x/payments-test/verify.sh
  check 1 --connection payments-dev
  [ "$(findings)" = "missing: x/payments-dev/verify.sh (generate would write it)" ]
}

@test "nothing is opened for writing, nor created, in a folder that may not be written to" {
  rm $folder/runbook.md
  chmod -R a-w x
  run strace -f -o trace -e trace=openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,link,linkat,symlink,symlinkat,chmod,fchmod,fchmodat,truncate,ftruncate,flock \
    "$TOOL" check x.ini
  [ "$status" = 1 ]
  chmod -R u+w x
  [ -s trace ]
  ! grep -E 'O_WRONLY|O_RDWR|O_CREAT|mkdir|rename|unlink|link|chmod|truncate|flock' trace
}

@test "bad input is told from a finding" {
  echo '[nonsense]' >>x.ini
  check 3
  cp "$SRCDIR/examples/contoso.ini" x.ini
  rm -r x
  ln -s /etc x
  check 5
  [[ $stderr == *"x: error: cannot be read: "* ]]
  run -2 "$TOOL" check
}

@test "hostile bytes in an edited file reach neither terminal nor log" {
  printf '# \033]0;title\007 ##vso[task.setvariable] \342\200\256\n' >>$folder/verify.sh
  run -1 "$TOOL" check x.ini
  ! grep -q $'\033' <<<"$output"
  ! grep -F '##vso[' <<<"$output"
}

@test "colours only on a terminal, and not with NO_COLOR" {
  echo '# mine' >>$folder/verify.sh
  run -1 "$TOOL" check x.ini
  ! grep -q $'\033' <<<"$output"
  run env TERM=xterm script -qec "'$TOOL' check x.ini" /dev/null
  grep -q $'\033\[31m-# mine' <<<"$output"
  run env NO_COLOR=1 TERM=xterm script -qec "'$TOOL' check x.ini" /dev/null
  ! grep -q $'\033' <<<"$output"
}

@test "the pipeline of examples/: its YAML is sound, its step fails on a stale folder" {
  python3 - "$SRCDIR/examples/azure-pipelines-check.yml" <<'END' >steps.txt
import sys, yaml
data = yaml.safe_load(open(sys.argv[1]))
steps = [s for s in data["steps"] if "script" in s]
assert len(steps) == 2, steps
for i, step in enumerate(steps):
    open(f"step{i}.sh", "w").write("#!/bin/bash\n" + step["script"])
END
  shellcheck step0.sh step1.sh
  mkdir descriptions bin
  ln -s "$TOOL" bin/azdo-wif
  cp "$SRCDIR/examples/contoso.ini" descriptions/a.ini
  "$TOOL" generate -q descriptions/a.ini >/dev/null
  cp descriptions/a.ini descriptions/b.ini
  "$TOOL" generate -q descriptions/b.ini >/dev/null
  run -0 env PATH="$PWD/bin:$PATH" DESCRIPTIONS=descriptions bash step1.sh
  echo '; changed' >>descriptions/a.ini
  run -1 env PATH="$PWD/bin:$PATH" DESCRIPTIONS=descriptions bash step1.sh
  [[ $output == *"stale: descriptions/a/README.md"* ]]
  [[ $output == *"azdo-wif check descriptions/b.ini"* ]]
}
