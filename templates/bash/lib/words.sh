# -- What is shown, and how this script ends ------------------------------------

# Server text may hold control characters, characters that reorder a line, or commands for a
# pipeline's log (##vso[...], ##[...]): none of them reaches the terminal or the log.
clean() {
  tr -d '\000-\010\013-\037\177' |
    sed -e $'s/\302[\200-\237]//g' -e $'s/\330\234//g' -e $'s/\342\200[\213-\217\250-\256]//g' \
      -e $'s/\342\201[\240-\257]//g' -e $'s/\357\273\277//g' -e $'s/\363\240[\200-\277][\200-\277]//g' \
      -e 's/##\([vV][sS][oO]\)\{0,1\}\[/## \1[/g'
}

say() {
  case $* in
  *[!\ -~]* | *'##'*) printf '%s\n' "$*" | clean ;;
  *) printf '%s\n' "$*" ;;
  esac
}

warn() {
  say "$@" >&2
}

# die STATUS TEXT...: 1 conflict, 2 usage, 3 preflight, 4 remote.
die() {
  local status=$1
  shift
  warn "$script: $*"
  exit "$status"
}

finish() {
  local status=$?
  trap - EXIT
  [ -z "$work" ] || rm -rf "$work"
  exit "$status"
}

# Bodies and replies live here, readable by nobody else, and go when the script ends.
open_work() {
  umask 077
  trap finish EXIT
  trap 'warn "$script: interrupted; run it again to continue"; exit 130' INT TERM HUP
  work=$(mktemp -d "${TMPDIR:-/tmp}/$work_name.XXXXXX") || die 3 'no temporary folder could be made'
}

lower() {
  printf '%s' "$1" | tr '[:upper:]' '[:lower:]'
}

# same_id ONE OTHER: equal but for letter case, which the services change freely in ids.
same_id() {
  [ "$(lower "$1")" = "$(lower "$2")" ]
}

is_guid() {
  [[ $1 =~ ^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$ ]]
}

# confirm QUESTION WORD: goes on only when a person at the terminal types WORD.
confirm() {
  local answer=''
  [ -t 0 ] || die 2 "$1 There is no terminal to ask at: see --help."
  printf '%s' "$(say "$1") Type $(say "$2") to go on: "
  IFS= read -r answer || true
  [ "$answer" = "$2" ] || die 2 'not confirmed; nothing was written'
}
