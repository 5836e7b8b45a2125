#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Called in every wrong way, and in the right ones that write no file.
load common

setup() {
  go_to_folder_of_its_own
}

# wrong MESSAGE-AND-HINT ARGUMENT...: exit 2, nothing on standard output, nothing written.
wrong() {
  local message=$1
  shift
  run -2 --separate-stderr "$TOOL" "$@"
  [ "$output" = "" ]
  stderr_is "$message"
  [ "$(ls)" = x.ini ]
}

@test "without a command" {
  wrong "azdo-wif: no command was given
    hint: see 'azdo-wif --help'"
}

@test "an unknown command, near to one" {
  wrong "azdo-wif: unknown command 'genrate'
    hint: did you mean 'generate'?" genrate x.ini
}

@test "an unknown command, near to none" {
  wrong "azdo-wif: unknown command 'frobnicate'
    hint: see 'azdo-wif --help'" frobnicate
}

@test "an option before the command" {
  wrong "azdo-wif: unknown option '-o'
    hint: see 'azdo-wif --help'" -o y generate x.ini
}

@test "an unknown long option, near to one" {
  wrong "azdo-wif: unknown option '--conection'
    hint: did you mean '--connection'?" generate --conection=alpha x.ini
}

@test "an unknown long option, near to none" {
  wrong "azdo-wif: unknown option '--frobnicate'
    hint: see 'azdo-wif generate --help'" generate x.ini --frobnicate
}

@test "an unknown letter" {
  wrong "azdo-wif: unknown option '-z'
    hint: see 'azdo-wif generate --help'" generate -qz x.ini
}

@test "an option of another command" {
  wrong "azdo-wif: unknown option '--prune'
    hint: see 'azdo-wif plan --help'" plan --prune x.ini
}

@test "an option without its argument" {
  wrong "azdo-wif: option '--output' needs an argument: DIR
    hint: see 'azdo-wif generate --help'" generate x.ini -o
}

@test "an option with an empty argument" {
  wrong "azdo-wif: option '--output' needs an argument that is not empty" generate x.ini --output=
}

@test "a flag with an argument" {
  wrong "azdo-wif: option '--prune' takes no argument
    hint: see 'azdo-wif generate --help'" generate --prune=yes x.ini
}

@test "no operand" {
  wrong "azdo-wif: generate needs an operand: FILE
    hint: see 'azdo-wif generate --help'" generate
}

@test "one operand too many" {
  wrong "azdo-wif: plan takes no operand 'y.ini'
    hint: see 'azdo-wif plan --help'" plan x.ini y.ini
}

@test "a value that an option does not take, near to one" {
  wrong "azdo-wif: unknown value 'managed-identiy' of option '--identity'
    hint: did you mean 'managed-identity'?" init --identity managed-identiy
}

@test "a value that an option does not take, near to none" {
  wrong "azdo-wif: unknown value 'robot' of option '--identity'
    hint: one of managed-identity, service-principal" init --identity robot
}

@test "a connection that is not described, near to one" {
  wrong "azdo-wif: x.ini has no [connection alpah]
    hint: did you mean 'alpha'?" plan --connection alpah x.ini
}

@test "a connection that is not described, near to none" {
  wrong "azdo-wif: x.ini has no [connection frobnicate]" generate --connection frobnicate x.ini
}

@test "no folder to derive from the file's name" {
  cp x.ini "$BATS_FILE_TMPDIR/description"
  wrong "azdo-wif: no folder can be derived from '$BATS_FILE_TMPDIR/description', which does not end in .ini
    hint: say with --output DIR where the output shall go" generate "$BATS_FILE_TMPDIR/description"
}

@test "nor from standard input's" {
  wrong "azdo-wif: no folder can be derived from '-', which does not end in .ini
    hint: say with --output DIR where the output shall go" generate - <x.ini
}

@test "what a message repeats cannot command a terminal or a build agent" {
  wrong "azdo-wif: unknown command '$("$TOOL" $'\e[31m##vso[task.complete]' 2>&1 | sed -n "1s/.*'\(.*\)'.*/\1/p")'
    hint: see 'azdo-wif --help'" $'\e[31m##vso[task.complete]'
  [[ $stderr != *$'\e'* ]]
  [[ $stderr != *'##vso['* ]]
}

@test "options between, before and behind operands, shortened, and a closing --" {
  "$TOOL" plan --js x.ini >1
  "$TOOL" plan x.ini --json >2
  "$TOOL" plan --json -- x.ini >3
  cmp 1 2
  cmp 2 3
}

@test "--version" {
  run -0 --separate-stderr "$TOOL" --version
  [[ $output =~ ^azdo-wif\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
  [ "$stderr" = "" ]
  run -0 "$TOOL" plan --version
  [[ $output =~ ^azdo-wif\  ]]
}

@test "--help of all, and of each command, goes to standard output" {
  for command in '' init generate plan; do
    # shellcheck disable=SC2086 # nothing is no argument
    run -0 --separate-stderr "$TOOL" $command -h
    [[ $output == 'Usage: azdo-wif '* ]]
    [[ $output == *'Exit status:'* ]]
    [ "$stderr" = "" ]
    [ -z "$command" ] || [[ $output == *'Example:'* ]]
    [ "$(awk 'length > 90' <<<"$output")" = "" ]
  done
}

@test "standard output that is full, or closed, is status 5" {
  for command in --version --help 'generate --help' init 'plan x.ini' 'plan --json x.ini'; do
    # shellcheck disable=SC2086 # words
    run -5 --separate-stderr bash -c '"$TOOL" "$@" >/dev/full' _ $command
    [[ $stderr == "azdo-wif: standard output could not be written: "* ]]
    # shellcheck disable=SC2086
    run -5 --separate-stderr bash -c '"$TOOL" "$@" >&-' _ $command
    [[ $stderr == "azdo-wif: standard output could not be written: "* ]]
  done
}

@test "a missing file is status 3" {
  run -3 --separate-stderr "$TOOL" generate missing.ini
  stderr_is "missing.ini: error: cannot be read: No such file or directory [file-read]
azdo-wif: 1 error; nothing was written"
}

@test "so is a folder" {
  mkdir folder.ini
  run -3 --separate-stderr "$TOOL" plan folder.ini
  stderr_is "folder.ini: error: cannot be read: Is a directory [file-read]
azdo-wif: 1 error; there is no plan"
}

@test "a file that never ends is refused after its limit" {
  run -3 --separate-stderr "$TOOL" generate /dev/zero -o y
  [[ $stderr == "/dev/zero: error: is larger than "*" bytes [file-size]"* ]]
}

@test "a hundred findings are printed, and the others counted" {
  for i in {1..130}; do echo "unknown_$i = 1"; done >>x.ini
  run -3 --separate-stderr "$TOOL" generate x.ini
  [ "$(grep -c ': error: ' <<<"$stderr")" = 100 ]
  [ "$(grep -x '\.\.\. and [0-9]* more' <<<"$stderr" | wc -l)" = 1 ]
  [[ $stderr == *$'\n'"azdo-wif: "*" errors; nothing was written" ]]
}

@test "colours are for terminals, and not where they are not wanted" {
  command -v script >/dev/null || skip "script(1) is not installed"
  echo 'unknown = 1' >>x.ini
  on_terminal() {
    env "$@" script -q -e -c '"$TOOL" plan x.ini' /dev/null </dev/null || true
  }
  [[ $(on_terminal TERM=xterm) == *$'\e['* ]]
  [[ $(on_terminal TERM=xterm NO_COLOR=1) != *$'\e['* ]]
  [[ $(on_terminal TERM=dumb) != *$'\e['* ]]
  run -3 "$TOOL" plan x.ini
  [[ $output != *$'\e['* ]]
}

@test "init prints an INI file of the identity that is asked for" {
  "$TOOL" init | grep -q '^type *= managed-identity$'
  "$TOOL" init --identity managed-identity | cmp - <("$TOOL" init)
  "$TOOL" init --identity service-principal | grep -q '^type *= service-principal$'
}

@test "plan reads standard input, says every step, and writes no file" {
  run -0 --separate-stderr "$TOOL" plan - <x.ini
  [[ $output == *alpha* ]]
  [[ $output == *beta* ]]
  [ "$(ls)" = x.ini ]
  [ "$("$TOOL" plan --connection beta x.ini | grep -c alpha)" = 0 ]
}

@test "plan --json is JSON" {
  "$TOOL" plan --json x.ini | python3 -m json.tool >/dev/null
  "$TOOL" plan --json --connection alpha x.ini | python3 -m json.tool >/dev/null
}

@test "no command opens a socket" {
  command -v strace >/dev/null || skip "strace is not installed"
  strace -o trace true 2>/dev/null || skip "strace may not trace here"
  for command in 'init' 'plan x.ini' 'generate x.ini'; do
    # shellcheck disable=SC2086
    strace -f -e trace=network,execve -o trace "$TOOL" $command >/dev/null
    [ "$(grep -c execve trace)" = 1 ]
    run -1 grep -E 'socket|connect|bind' trace
  done
}
