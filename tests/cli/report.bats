#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# rehearse --report: the page for the person who approves, in a real browser, from data that attack it;
# and where it is written. What a rehearsal puts on it is tested in rehearse.bats.
load simulation

setup() {
  mkdir "$BATS_TEST_TMPDIR/folder" && cd "$BATS_TEST_TMPDIR/folder" || exit
}

only_with_chromium() {
  command -v chromium >/dev/null || skip 'chromium is not installed'
}

page() {
  LC_ALL=C.UTF-8 /usr/bin/python3 "$SRCDIR/tests/cli/page.py" "$@"
}

# The page of FILE.json.
render() {
  "$TOOL" render "$SRCDIR/templates/html/report.html" --partials "$SRCDIR/templates" --data "$1"
}

hostile_page() {
  page hostile "$SRCDIR/tests/cli/report.json" >hostile.json
  page values hostile.json >values.json
  [ "$(jq length values.json)" -gt 60 ]
  render hostile.json >hostile.html
}

@test "hostile data: nothing runs, and every value is text" {
  only_with_chromium
  hostile_page
  page check hostile.html values.json
}

@test "hostile data are text also where no policy forbids scripts" {
  only_with_chromium
  hostile_page
  grep -v 'http-equiv="Content-Security-Policy"' hostile.html >open.html
  [ "$(diff hostile.html open.html | grep -c '^[<>]')" = 1 ]
  page check open.html values.json
}

@test "the browser would run a script and tell, were it not for the policy of the page" {
  only_with_chromium
  render "$SRCDIR/tests/cli/report.json" >plain.html
  sed "s|<main>|<main><script>document.title = 'pwned'</script><img src=x onerror=\"document.title = 'pwned'\">|" plain.html >worse.html
  [ "$(page title worse.html)" = 'Rehearsal of a service connection' ]
  grep -v 'http-equiv="Content-Security-Policy"' worse.html >open.html
  [ "$(page title open.html)" = pwned ]
  run -1 page check open.html
  [[ $output == *'an element script'*'an element img'*'the title is pwned'* ]]
}

@test "a value that does not reach the text is found" {
  only_with_chromium
  hostile_page
  jq '. + ["not on it"]' values.json >more.json
  run -1 page check hostile.html more.json
  [ "$output" = 'not in the text: not on it' ]
}

@test "verdicts are told in words: good, failed, not proven, faults" {
  render "$SRCDIR/tests/cli/report.json" >bad.html
  grep -q 'The rehearsal failed' bad.html
  grep -q 'No pipeline has proven' bad.html
  grep -q 'Not every fault was survived' bad.html
  grep -q 'failed</span> <bdi>differs</bdi>: <bdi>two role assignments</bdi>' bad.html
  run -1 grep -E 'rehearsal passed|fault was survived\.</strong> At each change.*nothing twice' bad.html
  jq '.good = true | .proven = true | .faults.good = true | .phases[].good = true | .faults.writes[].cells[].good = true' \
    "$SRCDIR/tests/cli/report.json" >good.json
  render good.json >good.html
  grep -q 'The rehearsal passed' good.html
  grep -q 'Every fault was survived' good.html
  run -1 grep -E 'class="banner bad"|rehearsal failed|No pipeline has proven|Not every fault' good.html
}

@test "colours can be read, light, dark and printed" {
  page contrast "$SRCDIR/templates/html/style.html"
  sed 's/--quiet: #[0-9a-f]*/--quiet: #999999/' "$SRCDIR/templates/html/style.html" >pale.html
  run -1 page contrast pale.html
  [[ $output == *'quiet on page, set 0: '* ]]
}

@test "the page names nothing that would be loaded" {
  render "$SRCDIR/tests/cli/report.json" >plain.html
  run -1 grep -E -i '<(script|link|img|iframe|object|embed|svg|form|base)|@import|url\(|@font-face| on[a-z]+=' plain.html
  grep -q "default-src 'none'; style-src 'unsafe-inline'" plain.html
}

# refused FILE MESSAGE: before anything is rehearsed.
refused() {
  run -5 --separate-stderr "$TOOL" rehearse x.ini --report "$1"
  [ "$output" = "" ]
  stderr_is "$1: error: cannot be written: $2 [output-write]
azdo-wif: 1 error; nothing was rehearsed"
}

@test "a page that cannot be written is refused before minutes are spent" {
  go_to_the_lab
  describe alpha >x.ini
  mkdir folder.html
  ln -s x.ini link.html
  mkfifo pipe.html
  cp x.ini before.ini
  refused none/x.html 'No such file or directory'
  refused x.ini/x.html 'Not a directory'
  refused /proc/x.html 'No such file or directory'
  refused folder.html 'it is there, and is no file'
  refused link.html 'it is there, and is no file'
  refused pipe.html 'it is there, and is no file'
  refused folder.html/ 'Is a directory'
  refused x.ini 'it is there, and is no HTML page'
  cmp x.ini before.ini
  run -2 --separate-stderr "$TOOL" rehearse x.ini --report -
  [[ $stderr == *'--report does not write to standard output'* ]]
  [ ! -e ./- ]
  [ "$(find . -name '.report*')" = "" ]
}

@test "a mistake in the description is said, and no page is written" {
  go_to_the_lab
  echo x >x.ini
  run -3 --separate-stderr "$TOOL" rehearse x.ini --report x.html
  [ ! -e x.html ]
}

@test "a template of one's own for the page is checked before, too" {
  go_to_the_lab
  describe alpha >x.ini
  mkdir -p own/html
  echo '<!doctype html><p>{{inii}}</p><script>{{ini}}</script>' >own/html/report.html
  run -3 --separate-stderr "$TOOL" rehearse x.ini --report x.html --templates own
  [[ $stderr == *'own/html/report.html:1:'*'there is no "inii" here [template-name]'* ]]
  [[ $stderr == *'own/html/report.html:1:'*'[template-context]'* ]]
  [ ! -e x.html ]
}
