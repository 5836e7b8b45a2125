#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# generate and the output folder: what it writes, what it leaves alone, and all or nothing.
load common

setup() {
  go_to_folder_of_its_own
}

teardown() {
  if mountpoint -q disk; then umount disk; fi
  if mountpoint -q x; then umount x; fi
  nothing_temporary
}

# refused STDERR [ARGUMENT...]: exit 5, and the folder x is as it was, to the last time stamp.
refused() {
  local message=$1 before
  shift
  before=$(state_with_times x)
  run -5 --separate-stderr "$TOOL" generate x.ini "$@"
  stderr_is "$message"
  [ "$output" = "" ]
  [ "$(state_with_times x)" = "$before" ]
}

in_the_way() {
  echo "x/alpha/provision.sh: error: is in the way: not a file that azdo-wif wrote [output-foreign]
    hint: move it away, or choose another folder with --output
azdo-wif: 1 error; nothing was written"
}

@test "standard output lists every file, and what to read next" {
  run -0 --separate-stderr "$TOOL" generate x.ini
  [ "$stderr" = "" ]
  [[ ${lines[-1]} == *"Next: read x/README.md" ]]
  diff <(sed '$d' <<<"$output" | sort) <(find x -type f | sort)
}

@test "with -q it lists the files only" {
  run -0 --separate-stderr "$TOOL" generate -q x.ini
  diff <(sort <<<"$output") <(find x -type f | sort)
}

@test "the output folder is beside the file, or where -o says" {
  mkdir -p a b
  mv x.ini a/
  "$TOOL" generate a/x.ini
  [ -f a/x/README.md ]
  "$TOOL" generate a/x.ini -o b/deep/er/
  diff -r a/x b/deep/er
  "$TOOL" generate - --output from-stdin <a/x.ini
  [ -f from-stdin/alpha/provision.sh ]
  mkdir here && cd here
  "$TOOL" generate ../a/x.ini -o .
  diff -r . ../a/x
}

@test "the same bytes whatever the folder, file name's folder, user, umask, clock, locale and time zone" {
  "$TOOL" generate x.ini
  mkdir -p "other folder"
  cp x.ini "other folder"/
  (cd "other folder" && umask 0077 && TZ=Asia/Tokyo LC_ALL=de_DE.UTF-8 LANG=C HOME=/nowhere "$TOOL" generate x.ini)
  diff <(state_of x) <(state_of "other folder/x")
  if [ "$(id -u)" = 0 ]; then
    mkdir for-nobody
    cp x.ini for-nobody/
    chown -R nobody for-nobody
    chmod 711 . .. ../..
    setpriv --reuid=nobody --clear-groups --inh-caps=-all "$TOOL" generate for-nobody/x.ini ||
      skip "another user cannot run $TOOL"
    diff <(state_of x) <(state_of for-nobody/x)
  fi
}

@test "a second run touches nothing" {
  "$TOOL" generate x.ini
  before=$(state_with_times x)
  "$TOOL" generate x.ini
  "$TOOL" generate x.ini --prune
  [ "$(state_with_times x)" = "$before" ]
}

@test "a change of the description is a change of the files, and of nothing else" {
  "$TOOL" generate x.ini
  echo "my notes" >x/alpha/notes.txt
  mkdir x/alpha/evidence
  before=$(stat -c %i x x/alpha x/alpha/notes.txt)
  sed -i 's/= Payments$/= Invoices/' x.ini
  "$TOOL" generate x.ini
  grep -q Invoices x/alpha/provision.sh
  [ "$(stat -c %i x x/alpha x/alpha/notes.txt)" = "$before" ]
  "$TOOL" generate x.ini -o fresh
  mkdir fresh/alpha/evidence
  cp x/alpha/notes.txt fresh/alpha/
  diff -r x fresh
}

@test "a shell that stands in a folder of the output is not left behind" {
  "$TOOL" generate x.ini
  cd x/alpha
  sed -i 's/= Payments$/= Invoices/' ../../x.ini
  "$TOOL" generate ../../x.ini
  grep -q Invoices ./provision.sh
}

@test "an edited file is named and kept, and nothing is written" {
  "$TOOL" generate x.ini
  sed -i 's/= Payments$/= Invoices/' x.ini
  echo "# my change" >>x/alpha/provision.sh
  echo >>x/README.md
  refused "x/README.md: error: was edited after azdo-wif wrote it [output-edited]
    hint: keep the change elsewhere and delete the file, or describe it in the INI; then generate again
x/alpha/provision.sh: error: was edited after azdo-wif wrote it [output-edited]
    hint: keep the change elsewhere and delete the file, or describe it in the INI; then generate again
azdo-wif: 2 errors; nothing was written"
  refused "$stderr" --prune
}

@test "a file of somebody else in the way is named and kept" {
  mkdir -p x/alpha
  echo "mine" >x/alpha/provision.sh
  refused "$(in_the_way)"
}

@test "so is an empty file" {
  mkdir -p x/alpha
  : >x/alpha/provision.sh
  refused "$(in_the_way)"
}

@test "so is a folder" {
  mkdir -p x/alpha/provision.sh
  refused "$(in_the_way)"
}

@test "so is a pipe, without waiting for its other end" {
  mkdir -p x/alpha
  mkfifo x/alpha/provision.sh
  refused "$(in_the_way)"
}

@test "so is a file where a folder belongs" {
  mkdir x
  echo mine >x/alpha
  refused "x/alpha: error: is in the way: not a folder [output-foreign]
    hint: move it away, or choose another folder with --output
azdo-wif: 1 error; nothing was written"
}

@test "so is a file where the output folder belongs" {
  echo mine >x
  run -5 --separate-stderr "$TOOL" generate x.ini
  stderr_is "x: error: is in the way: not a folder [output-foreign]
    hint: move it away, or choose another folder with --output
azdo-wif: 1 error; nothing was written"
  [ "$(cat x)" = mine ]
}

@test "a symbolic link is not written through: a file" {
  "$TOOL" generate x.ini
  cp x/alpha/provision.sh outside
  ln -sf ../../outside x/alpha/provision.sh
  sed -i 's/= Payments$/= Invoices/' x.ini
  refused "x/alpha/provision.sh: error: is a symbolic link [output-link]
    hint: nothing is written through a symbolic link; remove it, or name its target with --output
azdo-wif: 1 error; nothing was written"
}

@test "a symbolic link is not written through: a folder" {
  mkdir x outside
  ln -s ../outside x/alpha
  refused "x/alpha: error: is a symbolic link [output-link]
    hint: nothing is written through a symbolic link; remove it, or name its target with --output
azdo-wif: 1 error; nothing was written"
  [ "$(ls outside)" = "" ]
}

@test "a symbolic link is not written through: the output folder, also a dangling one" {
  mkdir outside
  for target in outside nowhere; do
    ln -sfn "$target" x
    run -5 --separate-stderr "$TOOL" generate x.ini
    stderr_is "x: error: is a symbolic link [output-link]
    hint: nothing is written through a symbolic link; remove it, or name its target with --output
azdo-wif: 1 error; nothing was written"
  done
  [ "$(ls -A outside)" = "" ]
  [ ! -e nowhere ]
}

@test "a connection that is gone is kept and reported, until --prune" {
  "$TOOL" generate x.ini
  count=$(find x/beta -type f | wc -l)
  describe alpha >x.ini
  run -0 --separate-stderr "$TOOL" generate x.ini
  [ "$(grep -c '^azdo-wif: kept: x/beta/.* (no longer described; --prune removes it)$' <<<"$stderr")" = "$count" ]
  [ "$(wc -l <<<"$stderr")" = "$count" ]
  [ -x x/beta/rollback.sh ]
  run -0 --separate-stderr "$TOOL" generate -q x.ini
  [ "$stderr" = "" ]
  run -0 --separate-stderr "$TOOL" generate x.ini --prune
  [ "$(grep -c '^azdo-wif: removed: x/beta/' <<<"$stderr")" = "$count" ]
  [ ! -e x/beta ]
  "$TOOL" generate x.ini -o fresh
  diff -r x fresh
}

@test "--prune removes neither an edited file nor one of somebody else" {
  "$TOOL" generate x.ini
  describe alpha >x.ini
  echo "# my change" >>x/beta/rollback.sh
  echo mine >x/beta/notes.txt
  echo mine >x/notes.txt
  ln -s provision.sh x/beta/link.sh
  run -0 --separate-stderr "$TOOL" generate x.ini --prune
  [[ $stderr == *"azdo-wif: kept: x/beta/rollback.sh (no longer described; edited, so remove it by hand)"* ]]
  [ "$(ls x/beta)" = "link.sh
notes.txt
rollback.sh" ]
  [ -e x/notes.txt ]
}

@test "--connection writes that folder and the index, and leaves the others alone" {
  "$TOOL" generate x.ini -o whole
  "$TOOL" generate x.ini --connection alpha
  diff <(ls x) <(printf '%s\n' README.md alpha)
  diff -r x/alpha whole/alpha
  cmp x/README.md whole/README.md
  "$TOOL" generate x.ini --connection beta
  diff -r x whole
  before=$(state_with_times x/beta)
  sed -i 's/= Payments$/= Invoices/' x.ini
  run -0 --separate-stderr "$TOOL" generate x.ini --connection alpha --prune
  [ "$stderr" = "" ]
  grep -q Invoices x/alpha/provision.sh
  [ "$(state_with_times x/beta)" = "$before" ]
}

@test "an edited file in another connection's folder does not stop --connection" {
  "$TOOL" generate x.ini
  echo "# my change" >>x/beta/provision.sh
  sed -i 's/= Payments$/= Invoices/' x.ini
  "$TOOL" generate x.ini --connection alpha
}

@test "a full disk leaves the old state, at any of its sizes" {
  [ "$(id -u)" = 0 ] || skip "mounting a small file system needs root"
  mkdir disk
  mount -t tmpfs -o size=4k,mode=755 tmpfs disk 2>/dev/null || skip "mounting is not permitted here"
  for size in 4k 16k 64k; do
    mount -o "remount,size=$size" disk
    run -5 --separate-stderr "$TOOL" generate x.ini -o disk/x
    [[ $stderr == *"No space left on device [output-write]"* ]]
    [ "$(ls -A disk)" = "" ]
  done
  mount -o remount,size=16m disk
  "$TOOL" generate x.ini -o disk/x
  mount -o "remount,size=$(du -k -s disk | cut -f 1)k" disk
  sed -i 's/= Payments$/= Invoices/' x.ini
  before=$(state_with_times disk)
  run -5 --separate-stderr "$TOOL" generate x.ini -o disk/x
  [ "$(state_with_times disk)" = "$before" ]
}

@test "an output folder that is a file system of its own" {
  [ "$(id -u)" = 0 ] || skip "mounting a small file system needs root"
  mkdir x
  mount -t tmpfs -o size=16m,mode=755 tmpfs x 2>/dev/null || skip "mounting is not permitted here"
  "$TOOL" generate x.ini
  "$TOOL" generate x.ini -o fresh
  diff -r x fresh
}

@test "a folder that cannot be written to" {
  [ "$(id -u)" = 0 ] || skip "becoming another user needs root"
  command -v setpriv >/dev/null || skip "setpriv is not installed"
  chmod 755 . .. ../..
  setpriv --reuid=nobody --clear-groups test -x "$TOOL" || skip "another user cannot run $TOOL"
  chmod 644 x.ini
  run -5 --separate-stderr setpriv --reuid=nobody --clear-groups "$TOOL" generate x.ini
  stderr_is "x: error: a temporary folder cannot be made beside it: Permission denied [output-write]
azdo-wif: 1 error; nothing was written"
}

@test "standard output that is full is status 5, and says so" {
  run -5 --separate-stderr bash -c '"$TOOL" generate x.ini >/dev/full'
  [[ $stderr == "azdo-wif: standard output could not be written: "* ]]
}

@test "closed standard streams do not become files of the output" {
  "$TOOL" generate x.ini -o whole
  run bash -c '"$TOOL" generate x.ini <&- >&- 2>&-'
  [ "$status" = 5 ]
  diff -r x whole
}

@test "a signal while writing leaves the old state and no temporary folder" {
  command -v strace >/dev/null || skip "strace is not installed"
  strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"
  "$TOOL" generate x.ini
  sed -i 's/= Payments$/= Invoices/' x.ini
  before=$(state_with_times x)
  for signal in INT TERM HUP; do
    for moment in 'write:when=3' 'fchmod:when=2' 'renameat2:when=1' 'renameat2:when=4'; do
      # whoever runs these in the background has SIGINT ignored
      run env --default-signal strace -o /dev/null -e "inject=${moment%:*}:signal=$signal:${moment#*:}" "$TOOL" generate x.ini
      if [ "$status" -le 128 ]; then
        echo "$signal at $moment: status $status: $output"
        return 1
      fi
      [ "$(state_with_times x)" = "$before" ]
      nothing_temporary
    done
  done
}

@test "a system that fails while writing leaves the old state" {
  command -v strace >/dev/null || skip "strace is not installed"
  strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"
  "$TOOL" generate x.ini
  sed -i 's/= Payments$/= Invoices/' x.ini
  before=$(state_with_times x)
  # what it opens before it does anything are its libraries
  strace -o trace -e trace=openat "$TOOL" --version
  libraries=$(grep -c '^openat' trace)
  for fault in "openat:error=EMFILE:when=$((libraries + 2))+" fchmod:error=EIO:when=2 syncfs:error=EIO renameat2:error=EIO:when=3; do
    run -5 --separate-stderr strace -o /dev/null -e "inject=$fault" "$TOOL" generate x.ini
    [[ $stderr == *"[output-write]"* ]]
    [ "$(state_with_times x)" = "$before" ]
    find . -name '.*azdo-wif*' -exec rm -rf {} +
  done
}

@test "a file system without exchanges" {
  command -v strace >/dev/null || skip "strace is not installed"
  strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"
  "$TOOL" generate x.ini
  sed -i 's/= Payments$/= Invoices/' x.ini
  # Odd calls, those with a flag, fail; even ones are what replaces them.
  strace -o trace -e trace=renameat2 -e inject=renameat2:error=EINVAL:when=1+2 "$TOOL" generate x.ini || skip "$(tail -n 3 trace)"
  "$TOOL" generate x.ini -o fresh
  diff -r x fresh
}

@test "many runs at once into one folder do not mix" {
  describe alpha beta | sed 's/= Payments$/= One/' >1.ini
  describe alpha beta | sed 's/= Payments$/= Two/' >2.ini
  "$TOOL" generate 1.ini -o one
  "$TOOL" generate 2.ini -o two
  for _ in 1 2 3 4 5 6; do
    for ini in 1 2 1 2 1 2; do
      "$TOOL" generate "$ini.ini" -o x >/dev/null &
    done
    wait
    diff -r -q x one >/dev/null || diff -r -q x two >/dev/null
    rm -r x
  done
}
