#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Own templates: one file or one block replaced, exported, listed; and that none can weaken a script.
load common

setup() {
  mkdir "$BATS_TEST_TMPDIR/folder" && cd "$BATS_TEST_TMPDIR/folder" || exit
  cp "$SRCDIR/examples/contoso.ini" x.ini
  mkdir -p own/bash/lib own/markdown
}

# block FILE BLOCK: replaces one block of a built-in template by standard input.
block() {
  {
    echo "{{<$1}}"
    echo "{{\$$2}}"
    cat
    echo "{{/$2}}"
    echo "{{/$1}}"
  } >"own/$1"
}

generate() {
  rm -rf plain x
  "$TOOL" generate -q x.ini -o plain >/dev/null
  "$TOOL" generate -q x.ini -o x --templates own >/dev/null
}

# What changed in FILE, apart from its stamp.
changes() {
  diff <(grep -v 'azdo-wif 0[0-9.]*, templates' "plain/$1") <(grep -v 'azdo-wif 0[0-9.]*, templates' "x/$1") | grep '^[<>]' || true
}

@test "a block replaced changes that block's bytes alone, and the stamp says so" {
  block bash/header.sh header <<<'# Contoso, change CP-7, for {{connection.name}}'
  generate
  for file in provision.sh 1-identity.sh 2-connection.sh 3-federation.sh 4-roles.sh verify.sh rollback.sh; do
    [ "$(changes payments-prod/$file | grep '^>')" = '> # Contoso, change CP-7, for payments-prod' ]
    # what went is what the block held: comments of the header
    ! changes payments-prod/$file | grep '^<' | grep -v '^< #'
    grep -q -E '^# azdo-wif [0-9.]+, templates built-in and bash/header[.]sh [(]sha256:[0-9a-f]{16}[)], ini sha256:' x/payments-prod/$file
    bash -n x/payments-prod/$file
    shellcheck -x x/payments-prod/$file
  done
  cmp plain/payments-prod/runbook.md x/payments-prod/runbook.md
  cmp plain/payments-prod/plan.json x/payments-prod/plan.json
  run -0 "$TOOL" check x.ini -o x --templates own
  run -1 "$TOOL" check x.ini -o x
  [[ $output == *"(made by another version, or of other templates)"* ]]
}

@test "every block of every built-in template can be replaced, and changes nothing else" {
  checked=0
  while read -r name blocks; do
    for block in $blocks; do
      rm -rf own && mkdir -p "own/$(dirname "$name")"
      case $name in
      *.md) block "$name" "$block" <<<'Something of ours.' ;;
      *state.sh) block "$name" "$block" <<<$'script=ours\nwork_name=ours\nhandover_default=./ours' ;;
      *preflight.sh) block "$name" "$block" <<<"  say 'something of ours'" ;;
      *header.sh) block "$name" "$block" <<<'# something of ours' ;;
      *) block "$name" "$block" <<<"    say 'something of ours'" ;;
      esac
      generate
      changed=0
      for file in $(cd plain && find . -name '*.sh' -o -name '*.md'); do
        [ -z "$(changes "$file")" ] || changed=$((changed + 1))
        changes "$file" | grep '^>' | grep -q -v ours && return 1
        [[ $file != *.sh ]] || bash -n "x/$file"
      done
      echo "$name $block: $changed"
      [ "$changed" -gt 0 ]
      checked=$((checked + 1))
    done
  done < <("$TOOL" templates --json | jq -r '.[] | select(.blocks | length > 0) | .name + " " + (.blocks | join(" "))')
  [ "$checked" -ge 8 ]
}

@test "an own check before the first write runs, and stops the script" {
  block bash/lib/preflight.sh preflight <<<"  [ -n \"\${CHANGE:-}\" ] || problem 'no change number: set CHANGE'"
  generate
  grep -q "problem 'no change number: set CHANGE'" x/payments-prod/provision.sh
  shellcheck x/payments-prod/provision.sh
}

@test "a whole file replaced" {
  printf '# {{script.purpose}}: ours\n#\n# azdo-wif {{version}}, templates {{templates}}, ini sha256:{{ini.digest}}, body sha256:{{body_digest}}\n' >own/bash/header.sh
  generate
  [ "$(changes payments-prod/verify.sh | grep -c '^>')" = 1 ]
  grep -q ': ours$' x/payments-prod/verify.sh
}

@test "the export holds every template, gives the same scripts, and replaces no folder" {
  run -0 "$TOOL" templates --export exported
  [ -z "$output" ]
  (cd exported && find . -type f | sed 's#^./##' | sort) | diff - <("$TOOL" templates | sed 's/:.*//' | sort)
  for file in $(cd exported && find . -type f); do cmp "exported/$file" "$SRCDIR/templates/$file"; done
  rm -rf own
  mv exported own
  generate
  [ -z "$(changes payments-prod/provision.sh)" ]
  [ -z "$(changes payments-prod/runbook.md)" ]
  grep -q 'templates built-in and bash/.* and [0-9]* more (sha256:' x/payments-prod/provision.sh
  run -5 --separate-stderr "$TOOL" templates --export own
  [[ $stderr == *"own: error: cannot be written: "*"[output-write]"* ]]
  [ "$(find . -name '.*azdo-wif*')" = "" ]
  mkdir empty
  "$TOOL" templates --export empty/
  [ -s empty/bash/script.sh ]
}

@test "a template without its stamp is an error, and nothing is written" {
  echo '# ours' >own/bash/header.sh
  run -3 --separate-stderr "$TOOL" generate x.ini --templates own
  [[ $stderr == *"[template-stamp]"*"azdo-wif {{version}}, templates {{templates}}"* ]]
  [ ! -e x ]
  [ "$(find . -name '.*azdo-wif*')" = "" ]
}

@test "a template that would put free text unquoted into a script does not load" {
  for text in '{{{connection.name}}}' 'x=${a:-{{connection.name}}}' "cat <<'END'"$'\n{{connection.name}}\nEND' \
    '`echo {{connection.name}}`' 'x=$(( {{connection.name}} ))'; do
    block bash/lib/preflight.sh preflight <<<"$text"
    run -3 --separate-stderr "$TOOL" generate x.ini --templates own
    [[ $stderr == "own/bash/lib/preflight.sh:"*"error: "*"[template-"* ]]
    [ ! -e x ]
  done
  block markdown/runbook.md closing <<<'<script>{{connection.name}}</script>'
  rm own/bash/lib/preflight.sh
  run -3 --separate-stderr "$TOOL" generate x.ini --templates own
  [[ $stderr == "own/markdown/runbook.md:3:"* ]]
}

@test "mistakes are named: a block or a file that is not there, a folder that is none" {
  block bash/header.sh heder <<<'# x'
  run -3 --separate-stderr "$TOOL" generate x.ini --templates own
  [[ $stderr == *'own/bash/header.sh:2:1: error: "bash/header.sh" has no block "heder" [template-name]'*'did you mean "header"?'* ]]
  rm own/bash/header.sh
  echo x >own/bash/haeder.sh
  run -0 --separate-stderr "$TOOL" generate x.ini --templates own
  [[ $stderr == *'own/bash/haeder.sh: warning: replaces no built-in template, and none includes it [template-unused]'*'did you mean "bash/header.sh"?'* ]]
  run -3 --separate-stderr "$TOOL" generate x.ini --templates none
  [[ $stderr == *"none: error: cannot be read: No such file or directory [file-read]"* ]]
  mkdir own/bash/header.sh
  run -3 --separate-stderr "$TOOL" generate x.ini --templates own
  [[ $stderr == *"own/bash/header.sh: error: is no file [file-read]"* ]]
}

@test "init and plan take own templates, too" {
  mkdir -p own/ini own/text
  echo '; ours' >own/ini/managed-identity.ini
  [ "$("$TOOL" init --templates own)" = '; ours' ]
  echo '{{connection.name}} is planned' >own/text/plan.txt
  [ "$("$TOOL" plan x.ini --templates own)" = 'payments-prod is planned' ]
}

@test "the README's own header works as shown" {
  mkdir -p own/bash
  awk '/^```text$/ { on = 1; next } /^```$/ { on = 0 } on' "$SRCDIR/README.md" >own/bash/header.sh
  [ -s own/bash/header.sh ]
  generate
  grep -q '^# Contoso Platform, change process CP-7, for payments-prod$' x/payments-prod/verify.sh
}
