#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the encoders write, the real readers of each language read back unchanged.

bats_require_minimum_version 1.5.0

# roundtrip ENCODER READER [PROGRAM]: skips when the reader is not installed.
roundtrip() {
  if [ -n "${3:-}" ] && ! command -v "$3" >/dev/null; then
    skip "$3 is not installed"
  fi
  case $2 in
    markdown-it) /usr/bin/python3 -c 'import markdown_it' 2>/dev/null || skip "python3-markdown-it is not installed" ;;
    jmespath) /usr/bin/python3 -c 'import jmespath' 2>/dev/null || skip "python3-jmespath is not installed" ;;
  esac
  run -0 /usr/bin/python3 "$SRCDIR/tests/encoders/roundtrip.py" "$1" "$2"
}

@test "shell: bash" {
  roundtrip shell bash bash
}

@test "shell: dash" {
  roundtrip shell dash dash
}

@test "shell_double: bash" {
  roundtrip shell_double bash bash
}

@test "shell_double: dash" {
  roundtrip shell_double dash dash
}

@test "shell_single: bash" {
  roundtrip shell_single bash bash
}

@test "shell_single: dash" {
  roundtrip shell_single dash dash
}

@test "heredoc: bash" {
  roundtrip heredoc bash bash
}

@test "heredoc: dash" {
  roundtrip heredoc dash dash
}

@test "comment: bash" {
  roundtrip comment bash bash
}

@test "comment: dash" {
  roundtrip comment dash dash
}

@test "json: jq" {
  roundtrip json jq jq
}

@test "json: python" {
  roundtrip json python
}

@test "json_final: python" {
  roundtrip json_final python
}

@test "url_path: python" {
  roundtrip url_path python
}

@test "url_query: python" {
  roundtrip url_query python
}

@test "odata: python" {
  roundtrip odata python
}

@test "mermaid: python" {
  roundtrip mermaid python
}

@test "plain: python" {
  roundtrip plain python
}

@test "plain_lines: python" {
  roundtrip plain_lines python
}

@test "jmespath: python-jmespath" {
  roundtrip jmespath jmespath
}

@test "md: cmark" {
  roundtrip md cmark cmark
}

@test "md: cmark-gfm" {
  roundtrip md cmark-gfm cmark-gfm
}

@test "md: markdown-it" {
  roundtrip md markdown-it
}

@test "md_code: cmark" {
  roundtrip md_code cmark cmark
}

@test "md_code: cmark-gfm" {
  roundtrip md_code cmark-gfm cmark-gfm
}

@test "md_code: markdown-it" {
  roundtrip md_code markdown-it
}

@test "md_fence: cmark" {
  roundtrip md_fence cmark cmark
}

@test "md_fence: cmark-gfm" {
  roundtrip md_fence cmark-gfm cmark-gfm
}

@test "md_fence: markdown-it" {
  roundtrip md_fence markdown-it
}

@test "md_cell: cmark-gfm" {
  roundtrip md_cell cmark-gfm cmark-gfm
}

@test "md_cell: markdown-it" {
  roundtrip md_cell markdown-it
}

@test "shell: shellcheck has nothing to say about it" {
  command -v shellcheck >/dev/null || skip "shellcheck is not installed"
  tool=${ENCODE_TOOL:-$BUILDDIR/tests/encoders/encode_tool}
  {
    echo '#!/usr/bin/env bash'
    tr '\n' '\0' <"$SRCDIR/tests/encoders/nasty.txt" | "$tool" shell |
      tr '\0' '\n' | sed 's/^/printf "%s" /'
  } >"$BATS_TEST_TMPDIR/words.sh"
  # SC1111 and SC1112 ask whether typographic quotes in a text are meant. They are.
  run -0 shellcheck -e SC1111,SC1112 "$BATS_TEST_TMPDIR/words.sh"
}

@test "json: node" {
  roundtrip json node node
}

@test "html: python" {
  roundtrip html python
}

@test "yaml: python3-yaml" {
  /usr/bin/python3 -c 'import yaml' 2>/dev/null || skip "python3-yaml is not installed"
  roundtrip yaml python
}

@test "yaml: the yaml package of npm" {
  [ -d "$SRCDIR/tests/node/node_modules/yaml" ] || skip "its packages are not installed: npm ci in tests/node"
  roundtrip yaml node node
}

@test "powershell: a grammar narrower than its own" {
  roundtrip powershell grammar
}

@test "hcl: the escapes of its specification" {
  roundtrip hcl grammar
}
