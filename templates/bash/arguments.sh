# -- Arguments --------------------------------------------------------------------

usage() {
  say "usage: $script [OPTION...]"
  say {{script.purpose}}
  say ''
{{#options}}
  say {{line}}
{{/options}}
  say '  --verbose          show each read, too'
  say '  --help             this text'
  say ''
  say 'Sign in first:'
{{#uses_identity_side}}
  say {{#shell}}  identity side:  {{login_identity}}{{/shell}}
{{/uses_identity_side}}
{{#uses_devops_side}}
  say {{#shell}}  Azure DevOps:   {{login_devops}}{{/shell}}
{{/uses_devops_side}}
}

# value OPTION VALUE
needs_value() {
  [ -n "$2" ] || die 2 "$1 needs a value; see --help"
}

parse_arguments() {
  while [ $# -gt 0 ]; do
    case $1 in
{{#can.dry_run}}
    --dry-run) mode=dry-run ;;
{{/can.dry_run}}
{{#can.write}}
    --yes) assume_yes=yes ;;
{{/can.write}}
{{#can.update}}
    --update) update_wanted=yes ;;
{{/can.update}}
{{#can.record}}
    --record)
      needs_value "$1" "${2:-}"
      record_file=$2
      shift
      ;;
{{/can.record}}
{{#can.handover}}
    --handover)
      needs_value "$1" "${2:-}"
      handover_file=$2
      shift
      ;;
{{/can.handover}}
{{#can.rollback}}
    --part)
      case ${2:-} in
      federation | connection | roles | identity) part=$2 ;;
      *) die 2 '--part is federation, connection, roles or identity' ;;
      esac
      shift
      ;;
    --delete-identity) delete_identity=yes ;;
    --confirm)
      needs_value "$1" "${2:-}"
      confirmed=$2
      shift
      ;;
{{/can.rollback}}
    --verbose) verbose=yes ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) die 2 "unknown argument: $1; see --help" ;;
    esac
    shift
  done
}
