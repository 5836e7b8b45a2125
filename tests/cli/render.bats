#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# render: the strict rules, what --lenient lifts of them, and bad data. The specification's cases are in
# tests/mustache.
load common

setup() {
  mkdir "$BATS_TEST_TMPDIR/folder" && cd "$BATS_TEST_TMPDIR/folder" || exit
  echo '{"name": "it'"'"'s $(x)", "id": 5, "list": [{"n": "a"}, {"n": "b"}], "words": ["x", "y"], "no": false}' >d.json
}

@test "strict: encoded for the place, by the template's ending or --language" {
  echo 'echo {{name}} {{id}}{{#list}} {{n}}{{/list}}' >t.sh
  run -0 "$TOOL" render t.sh --data d.json
  [ "$output" = "echo \"it's \\\$(x)\" 5 'a' 'b'" ]
  run -0 "$TOOL" render - --data d.json --language json <<<'[{{name}}, {{{id}}}]'
  [ "$output" = "[\"it's \$(x)\", 5]" ]
  run -0 "$TOOL" render - --data d.json --language yaml <<<'a: {{name}}'
  [ "$output" = "a: \"it's \$(x)\"" ]
}

@test "strict: unknown names and raw text do not load, with place and hint" {
  printf 'x\n{{nme}}\n{{{name}}}\n' >t.txt
  run -3 --separate-stderr "$TOOL" render t.txt --data d.json
  [ -z "$output" ]
  [ "$stderr" = 't.txt:2:1: error: there is no "nme" here [template-name]
    hint: did you mean "name"?
t.txt:3:1: error: "name" is free text, which may not be written raw [template-raw]
azdo-wif: 2 errors; nothing was rendered' ]
  run -0 "$TOOL" render t.txt --data d.json --lenient
  [ "$output" = "x

it's \$(x)" ]
}

@test "partials are those of the folder, never outside it" {
  mkdir p
  echo '<{{>a/b.txt}}>' >t.txt
  mkdir p/a
  printf '{{id}}' >p/a/b.txt
  run -0 "$TOOL" render t.txt --data d.json --partials p
  [ "$output" = '<5>' ]
  run -3 "$TOOL" render t.txt --data d.json
  echo secret >outside
  for name in ../outside /etc/hostname a/../../outside ./../outside; do
    run -0 "$TOOL" render - --data d.json --language html --lenient --partials p <<<"<{{>$name}}>"
    [ "$output" = '<>' ]
  done
  # a partial of the template's own name is the folder's
  echo 'from p' >p/t.txt
  printf '{{>t.txt}}' >t.txt
  [ "$("$TOOL" render t.txt --data d.json --partials p)" = 'from p' ]
  [ "$("$TOOL" render t.txt --data d.json --partials p --lenient --language html)" = 'from p' ]
}

@test "recursion without an end is an error" {
  mkdir p
  echo '{{>t}}' >p/t
  run -3 --separate-stderr "$TOOL" render p/t --data d.json --partials p --lenient --language html
  [[ $stderr == *"[template-limit]"* ]]
}

@test "bad JSON is refused with its place" {
  echo '{{id}}' >t.txt
  bad() {
    printf '%s' "$1" >bad.json
    run -3 --separate-stderr "$TOOL" render t.txt --data bad.json
    echo "$stderr"
    [[ $stderr == "$2"* ]]
    [ -z "$output" ]
  }
  bad '' 'bad.json:1:1: error: this is not JSON [json-syntax]'
  bad '{"id": 1' 'bad.json:1:'
  bad '{"id": 1} x' 'bad.json:1:11: error: something stands behind the JSON value'
  bad $'{\n"id": "\xff"}' 'bad.json:2:8: error: this is not UTF-8'
  bad '{"id": "\u0000"}' 'bad.json:1:9: error: a text may not hold the character U+0000'
  bad '{"id": 12345678901234567890}' 'bad.json:1:8: error: a number of more than 15 digits'
  bad '{"id": 1e999}' 'bad.json:1:1: error: a number in it is too large'
  bad '{"a": ["x", {"b": "\u0001id"}]}' 'bad.json: error: a text holds the control character U+0001 [json-text]'
  bad '{"a": "\u0001}; id #\u0002"}' 'bad.json: error: a text holds the control character U+0001 [json-text]'
  bad '[1]' 'bad.json: error: the data of a template is a JSON object [json-kind]'
  bad '{"id": 1, "id": 2}' 'bad.json: error: the name "id" stands twice in one object'
  bad '{"id": [1, {"a": 2}, "x"], "b": [[1]]}' 'bad.json: error: '
  bad "$(printf '[%.0s' {1..100})" 'bad.json:1:65: error: lists and objects are nested too deep [json-limit]'
}

@test "how it is called" {
  echo x >t.txt
  run -2 "$TOOL" render t.txt
  [[ $output == *"render needs --data FILE"* ]]
  run -2 "$TOOL" render t.txt --data d.json --language htlm
  [[ $output == *"did you mean 'html'?"* ]]
  run -2 "$TOOL" render t.unknown --data d.json
  [[ $output == *"say with --language which one it is"* ]]
  run -2 "$TOOL" render - --data -
  run -3 "$TOOL" render none.txt --data d.json
  run -3 "$TOOL" render t.txt --data none.json
  run -3 "$TOOL" render t.txt --data d.json --partials none
  run -0 "$TOOL" render t.txt --data - <d.json
}
