#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Help, manual pages, README and the tables of the program say the same.
bats_require_minimum_version 1.5.0

setup() {
  cd "$SRCDIR" || exit
  manual=doc/azdo-wif.1
  [ "$(commands | wc -l)" -ge 3 ]
}

commands() {
  "$TOOL" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

# "-o --output DIR" and the like, one per line, of a help text.
options_of_help() {
  sed -n '/^Options:/,/^$/s/^  \( *\)\(-[^ ].*\)/\2/p' | sed -E 's/   *.*$//; s/^((-.), )?(--[a-z-]+)( [A-Z]+)?.*/\2 \3\4/; s/^ //' | sort
}

# The same of the section about one command in the manual.
options_of_manual() {
  sed -n "/^\.Ss azdo-wif $1\$/,/^\.S[hs] /s/^\.It Fl //p" "$manual" |
    sed -E 's/ ,//; s/(^| )(-[a-z]+)/\1-\2/g; s/^([a-z])( |$)/-\1 /; s/ Ar / /; s/ $//' | sort
}

# The same of its synopsis.
options_of_synopsis() {
  sed -n "/^\.Cm $1\$/,/^\.Nm/s/^\.Op Fl \(-*[a-z]*\).*/-\1/p" "$manual" | sort
}

@test "the manual pages are clean" {
  for page in doc/*.[157]; do
    run mandoc -T lint -W style "$page"
    # It looks for installed pages, where these two are not yet.
    [ "$(grep -v 'referenced manual not found: Xr azdo-wif' <<<"$output")" = "" ]
  done
}

@test "what follows from tables in the manual pages is up to date: make doc-update" {
  for page in doc/*.[157]; do
    diff "$page" <(sh doc/update.sh "$BUILDDIR/docgen" "$page")
  done
  [ "$(cat doc/*.[157] | grep -c '^\.\\" from the tables: ')" = 7 ]
}

# Every name of a table of the data model, as C has it.
names_of_shape() {
  grep -h -o -E '(TEXT|TOKEN|BOOL|LIST|OBJECT)\("[a-z_]+"' src/emit/shape.c src/emit/shape_report.c | sed 's/.*"\(.*\)"/\1/' | sort -u
}

@test "the data model's page names every value of the model" {
  [ "$(names_of_shape | wc -l)" -gt 100 ]
  diff <(names_of_shape) <(sed -n 's/^\.It Va \([a-z_]*\) Pq .*/\1/p' doc/azdo-wif-templates.7 | sort -u)
}

@test "the page of templates names every block, and no other" {
  diff <("$TOOL" templates --json | jq -r '.[].blocks[]' | sort -u) \
    <(sed -n '/^\.Sh REPLACING/,/^\.Sh TAGS/s/^\.It Ic //p' doc/azdo-wif-templates.7 | sort)
}

# "object member kind" lines of the table of a world's shape, and of its page.
members_of_shape() {
  tr '\n' ' ' <src/simulator/world_check.c | grep -o 'struct world_shape [a-z_]* *= *{[^{]*{' |
    sed -E 's/" +"//g; s/.*\{ *"([^"]*)", *"([^"]*)".*/\1\n\2/' |
    awk 'NR % 2 { object = $0; next }
      { for (i = 1; i <= NF; i++) {
        optional = sub(/\?:/, ":", $i)
        split($i, part, ":")
        print object ": " part[1] " " part[2] (optional ? " optional" : "")
      } }'
}

members_of_page() {
  awk '/^\.S[hs] / { object = "" }
    /^\.Ss / { sub(/^\.Ss (\\&)?/, ""); object = tolower(substr($0, 1, 1)) substr($0, 2) }
    object && /^\.It Va / {
      name = $3
      sub(/^.* Pq /, "")
      optional = sub(/ , optional$/, "")
      sub(/^object of texts$/, "map"); sub(/^list of texts$/, "texts"); sub(/^true or false$/, "bool")
      print object ": " name " " tolower($0) (optional ? " optional" : "")
    }' doc/azdo-wif-world.5
}

@test "the page of worlds has every member of every object, with its kind, and no other" {
  [ "$(members_of_shape | wc -l)" -gt 100 ]
  [ "$(members_of_shape | cut -d: -f1 | sort -u | wc -l)" = "$(grep -c 'struct world_shape [a-z_]* *= *{' src/simulator/world_check.c)" ]
  diff <(members_of_shape | sort) <(members_of_page | sort)
}

@test "the defaults of a world's settings are those of its page" {
  run -0 sed -n 's/^ *\[SETTING_[A-Z_]*\] = {"\([a-zA-Z]*\)", \([0-9]*\)},$/\1 \2/p' src/simulator/world.c
  [ "${#lines[@]}" = 6 ]
  diff <(sort <<<"$output") \
    <(awk '/^\.Ss The settings/ { on = 1 } /^\.El/ { on = 0 } on && /^\.It Va / { name = $3 }
      on && / by default/ { gsub(/,/, ""); print name, $1 }' doc/azdo-wif-world.5 | sort)
}

@test "the example of the page of worlds is a world" {
  awk '/^\.Bd/ && !n++ { on = 1; next } /^\.Ed/ { on = 0 } on' doc/azdo-wif-world.5 >"$BATS_TEST_TMPDIR/world.json"
  cd "$BATS_TEST_TMPDIR"
  # No az in PATH: nobody signs in, which takes long.
  PATH='' run "$TOOL" simulate -q --state world.json --save after.json -- /bin/true
  [[ $output != *'built without its simulator'* ]] || skip 'built without the simulator'
  [ "$status" = 0 ]
  diff <(jq -S . world.json) <(jq -S 'del(.issued)' after.json)
}

# Variables that a simulation sets, and those of the caller's that it keeps.
variables_of_simulation() {
  sed -n 's/^    {"\([A-Za-z_]*\)", FROM_.*/\1/p' src/rehearse/surroundings.c
  sed -n '/ kept\[\] = {/,/};/p' src/rehearse/surroundings.c | grep -o '"[A-Z_]*"' | tr -d '"'
  grep -o -E 'AZDO_WIF_SIMULATE_[A-Z_]+' src/cli/simulate_env.c
}

@test "every variable that a simulation sets or keeps is in the manual" {
  [ "$(variables_of_simulation | sort -u | wc -l)" -gt 40 ]
  for name in $(variables_of_simulation | sort -u); do
    sed -n '/^\.Sh ENVIRONMENT/,/^\.Sh FILES/p' "$manual" | grep -q -w -- "$name" || {
      echo "$name"
      return 1
    }
  done
}

@test "every command has its section in the manual, and no other has" {
  run -0 commands
  [ "$(sort <<<"$output")" = "$(sed -n 's/^\.Ss azdo-wif //p' "$manual" | sort)" ]
}

@test "every command's options are the same in help and manual" {
  for command in $(commands); do
    help=$("$TOOL" "$command" --help | options_of_help)
    [ -n "$help" ]
    echo "$command: $help"
    diff <(echo "$help") <(options_of_manual "$command")
  done
}

@test "every command's synopsis shows its options" {
  for command in $(commands); do
    for option in $(options_of_synopsis "$command"); do
      "$TOOL" "$command" --help | grep -q -E "^ +(-., )?$option( |,)"
    done
    count=$("$TOOL" "$command" --help | options_of_help | grep -c -v -E -- '--(help|version)' || true)
    [ "$count" = "$(options_of_synopsis "$command" | wc -l)" ]
  done
}

@test "every option in a help text is one that the command knows" {
  for command in $(commands); do
    for option in $("$TOOL" "$command" --help | options_of_help | grep -o -E -- '--?[a-z-]+'); do
      # Twice, for the first may be an argument: without help some would go on for long.
      run "$TOOL" "$command" "$option" --help --help
      [[ $output != *"unknown option"* ]]
    done
  done
}

@test "every finding is in the manual, and no other is" {
  run -0 sed -n 's/^DIAG([A-Z_0-9]*, [A-Z]*, "\([a-z0-9-]*\)".*/\1/p' include/base/diag_ids.def
  [ "${#lines[@]}" -gt 20 ]
  [ "${#lines[@]}" = "$(grep -c '^DIAG(' include/base/diag_ids.def)" ]
  diff <(sort <<<"$output") <(sed -n 's/^\.It Bq //p' "$manual" | sort)
}

@test "a name of a finding stands for one finding" {
  [ "$(sed -n 's/^DIAG([A-Z_0-9]*, [A-Z]*, "\([a-z0-9-]*\)".*/\1/p' include/base/diag_ids.def | sort | uniq -d)" = "" ]
}

# "section key" lines of azdo-wif.ini(5).
keys_of_manual() {
  awk '/^\.Ss The \[/ { section = $3; gsub(/[][]/, "", section) }
    /^\.Sh SYNTAX/ { section = "" }
    section && /^\.It Ic / { for (i = 3; i <= NF; i++) if ($i != ",") print section, $i }' doc/azdo-wif.ini.5
}

@test "every key of the INI file is in its manual, and no other is" {
  run -0 sed -n 's/^KEY(\([A-Z]*\), [A-Z_]*, "\([a-z_]*\)".*/\1 \2/p' include/model/schema.def
  [ "${#lines[@]}" -gt 30 ]
  [ "${#lines[@]}" = "$(grep -c '^KEY([A-Z]' include/model/schema.def | tr -d ' ')" ] ||
    [ "$((${#lines[@]} + 1))" = "$(grep -c '^KEY([A-Z]' include/model/schema.def)" ]
  diff <(tr '[:upper:]' '[:lower:]' <<<"$output" | sort) <(keys_of_manual | sort)
}

@test "every key is in the INI file to start from, of one identity or the other" {
  for key in $(keys_of_manual | sed 's/.* //' | sort -u); do
    case $key in
    # Of rarer clouds and scope levels; the file names their manual.
    resource_manager_url | login_url | graph_url | resource_group_name | ml_workspace_name | ml_workspace_location) continue ;;
    identity | audience) continue ;;
    esac
    cat templates/ini/*.ini | grep -q -E "^#?$key +=" || grep -q -E "^#?$key =" templates/ini/*.ini || {
      echo "$key"
      return 1
    }
  done
}

@test "the INI files to start from are accepted once their ids are filled in" {
  for type in managed-identity service-principal; do
    "$TOOL" init --identity "$type" >"$BATS_TEST_TMPDIR/start.ini"
    run -3 "$TOOL" plan "$BATS_TEST_TMPDIR/start.ini"
    sed -i 's/^\(.*= \)00000000-0000-0000-0000-000000000000$/\12f6b1c1e-0d5a-4a53-9d0c-6f0c1f6a7b11/' "$BATS_TEST_TMPDIR/start.ini"
    run -0 --separate-stderr "$TOOL" plan "$BATS_TEST_TMPDIR/start.ini"
    [ "$stderr" = "" ]
  done
}

@test "the examples of the manual are accepted" {
  awk '/^\.Bd/ { file = sprintf("%s/%d.ini", dir, ++n); next } /^\.Ed/ { file = "" } file { print > file }' \
    dir="$BATS_TEST_TMPDIR" doc/azdo-wif.ini.5
  for file in "$BATS_TEST_TMPDIR"/*.ini; do
    "$TOOL" plan "$file"
  done
  [ -e "$BATS_TEST_TMPDIR/2.ini" ]
}

@test "the example of the README gives what the README shows" {
  cd "$BATS_TEST_TMPDIR"
  awk '/^```ini$/ { on = 1; next } /^```$/ { on = 0 } on' "$SRCDIR/README.md" >contoso.ini
  awk '/^```console$/ { on = 1; next } /^```$/ { on = 0 } on' "$SRCDIR/README.md" >session
  grep -q '^\$ azdo-wif generate contoso.ini$' session
  azdo-wif() { "$TOOL" "$@"; }
  while IFS= read -r line; do
    [[ $line == '$ '* ]] || continue
    printf '%s\n' "$line"
    eval "${line#'$ '}" || true # what it exits with is not shown
  done <session >got 2>&1
  diff session got
}

@test "the README has less than 220 lines, and every command and status in a table" {
  [ "$(wc -l <README.md)" -lt 220 ]
  for command in $(commands); do
    grep -q "^| \`$command" README.md
  done
  "$TOOL" --help | sed -n '/^Exit status:/,/^$/s/^  \([0-9]\) .*/\1/p' >"$BATS_TEST_TMPDIR/statuses"
  diff "$BATS_TEST_TMPDIR/statuses" <(sed -n 's/^| \([0-9]\) |.*/\1/p' README.md)
  diff "$BATS_TEST_TMPDIR/statuses" <(sed -n '/^\.Sh EXIT STATUS/,/^\.El/s/^\.It \([0-9]\)$/\1/p' "$manual")
}
