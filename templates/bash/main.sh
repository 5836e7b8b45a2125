# -- The job ----------------------------------------------------------------------

steps() {
{{#steps}}
{{^kind.roles_beyond}}
  step {{{number}}} {{title}} {{rights}} {{{id}}}_look {{{make}}} {{{update}}}
{{/kind.roles_beyond}}
{{#kind.roles_beyond}}
  step {{{number}}} {{title}} {{rights}} roles_beyond - -
{{/kind.roles_beyond}}
{{/steps}}
}

summary() {
  say ''
{{#summary}}
  say {{#shell}}{{label}}{{/shell}}"${{{name}}}"
{{/summary}}
{{#links}}
  say {{url}}
{{/links}}
}

main() {
  parse_arguments "$@"
  open_work
{{#can.handover}}
  : "${handover_file:=$handover_default}"
{{/can.handover}}
  preflight
{{#can.handover}}
{{#reads_handover}}
  use_handover
{{/reads_handover}}
{{/can.handover}}
{{#can.write}}
  if [ "$mode" = run ] && [ "$assume_yes" = no ]; then
    confirm {{script.question}} yes
  fi
{{/can.write}}
  steps
  if [ "$mode" = run ]; then
    say ''
    say "$writes write(s). Reading everything back"
    mode=verify drift=0
    steps
    [ "$problems" -eq 0 ] || die 1 "$problems difference(s) after the run: see above"
{{#writes_handover}}
    write_handover
{{/writes_handover}}
    summary
{{$closing}}
    say 'done: everything is as described'
{{/closing}}
    exit 0
  fi
{{#can.drift}}
  problems=$((problems + drift))
{{/can.drift}}
  if [ "$problems" -gt 0 ]; then
    die 1 "$problems difference(s) or conflict(s): see above"
  fi
{{#can.dry_run}}
  say 'dry run: nothing was written; the run could proceed'
{{/can.dry_run}}
{{#can.drift}}
  summary
  say 'everything is as described, and both sides match'
{{/can.drift}}
}

main "$@"
