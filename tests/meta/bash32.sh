#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Refuses what bash 3.2, the bash of macOS, does not know or does otherwise.
#
#   bash32.sh FILE...      prints FILE:LINE: what, for each place; exits 1 when there is one
#   bash32.sh --self-test  is each row's example caught, and is nothing else? Prints TAP.
# shellcheck disable=SC2016 # examples of code stand in single quotes
set -euo pipefail

# what it is ~ Perl pattern ~ an example
rules=(
  'associative array ~ \b(declare|typeset|local)\s+-\w*A ~ declare -A map'
  'declare -g ~ \b(declare|typeset)\s+-\w*g ~ declare -g x=1'
  'name reference ~ \b(declare|typeset|local)\s+-\w*n ~ local -n ref=$1'
  'declare -l or -u ~ \b(declare|typeset|local)\s+-\w*[lu] ~ local -u x=a'
  'local - ~ \blocal\s+-(\s|$) ~ local -'
  'change of case ~ \$\{\w+(\[[^]]*\])?[,^] ~ echo "${x,,}"'
  'parameter transformation ~ \$\{\w+(\[[^]]*\])?@[A-Za-z]\} ~ echo "${x@Q}"'
  'mapfile or readarray ~ \b(mapfile|readarray)\b ~ mapfile -t lines <file'
  'coproc ~ \bcoproc\b ~ coproc sleep 1'
  '&>> ~ &>> ~ echo x &>>log'
  'pipe with standard error ~ \|& ~ make |& tee log'
  'case fall-through ~ ;;&|;& ~ a) echo ;;&'
  'negative length ~ \$\{\w+:\s*[^-+=?}][^}:]*:\s*- ~ echo "${x:0:-1}"'
  'negative index ~ \$\{#?\w+\[\s*-\d ~ echo "${list[-1]}"'
  'printf of a time ~ %\([^)]*\)T ~ printf "%(%s)T"'
  'test of a variable ~ (\[\[?|\btest)\s+(!\s+)?-v\s ~ [[ -v name ]]'
  'stepped sequence ~ \{-?\d+\.\.-?\d+\.\. ~ for i in {1..9..2}; do'
  'padded sequence ~ \{0\d+\.\. ~ for i in {01..10}; do'
  'allocated descriptor ~ \{\w+\}[<>] ~ exec {fd}>log'
  'Unicode escape ~ \$'"'"'[^'"'"']*\\[uU] ~ x=$'"'"'\u00e9'"'"
  'variable of a later bash ~ \$\{?(BASHPID|EPOCHSECONDS|EPOCHREALTIME|SRANDOM)\b ~ echo $BASHPID'
  'globstar ~ \bshopt\s+-s\s+(globstar|lastpipe|inherit_errexit) ~ shopt -s globstar'
  'wait -n ~ \bwait\s+-n\b ~ wait -n'
  'fractional timeout ~ \bread\b.*\s-t\s*\d*\.\d ~ read -r -t 0.5 x'
  'read -N or -i ~ \bread\s+(-\w+\s+)*-\w*[Ni] ~ read -N 1 key'
  'case in a substitution ~ \$\([^()]*\bcase\b.*\bin\b ~ x=$(case $y in a) echo ;; esac)'
  'array that set -u takes for unset when it is empty ~ (?<!\]\+")\$\{\w+\[[@*]\](:[^}]*)?\} ~ run "${args[@]}"'
)

# Lines that a careless pattern would take for one of those.
clean=(
  '# declare -A is a comment'
  'run ${args[@]+"${args[@]}"}'
  'echo "${#args[@]}" "${x:-1}" "${x:2}" "${x: -1}" "${x%%,*}" "${x/,/;}"'
  'dir=${AZURE_CONFIG_DIR:-${HOME:-}/.azure}'
  'read -r -p "Go on? " answer'
  'case $x in a | b) echo ;; esac'
  'make >log 2>&1 & wait "$!"'
  'if [ -n "$x" ] && [[ $y =~ ^[0-9]+$ ]]; then'
  'local name=$1 value'
  'for i in 1 2 3; do printf "%s\n" "$((i + 1))"; done'
  "x=\$'\\t'"
)

parts() {
  what=${1%% ~ *}
  example=${1##* ~ }
  pattern=${1#* ~ }
  pattern=${pattern% ~ *}
}

# The number and text of each line of standard input that a rule forbids, full-line comments left out.
matches() {
  grep -n -P "$1" | grep -v -P '^\d+:\s*#' || true
}

check() {
  local rule file line status=0
  for rule in "${rules[@]}"; do
    parts "$rule"
    for file; do
      while IFS= read -r line; do
        [ -n "$line" ] || continue
        printf '%s:%s: %s\n' "$file" "${line%%:*}" "$what"
        status=1
      done <<<"$(matches "$pattern" <"$file")"
    done
  done
  return "$status"
}

self_test() {
  local rule text failed=0 number=0 found
  for rule in "${rules[@]}"; do
    parts "$rule"
    number=$((number + 1))
    found=$(matches "$pattern" <<<"$example")
    if [ -n "$found" ]; then
      echo "ok $number - caught: $what"
    else
      echo "not ok $number - caught: $what in $example"
      failed=1
    fi
  done
  for text in "${clean[@]}"; do
    number=$((number + 1))
    found=
    for rule in "${rules[@]}"; do
      parts "$rule"
      [ -z "$(matches "$pattern" <<<"$text")" ] || found=$what
    done
    if [ -z "$found" ]; then
      echo "ok $number - let through: $text"
    else
      echo "not ok $number - let through: $text ($found)"
      failed=1
    fi
  done
  echo "1..$number"
  return "$failed"
}

if [ "${1-}" = --self-test ]; then
  self_test
else
  check "$@"
fi
