# -- One step: look, then make what is missing ----------------------------------

# A look function sets $found to nothing, part or same, and calls expect, differs and extra.

# expect WHAT HAVE WANT: anything else is a conflict, which ends a run before its next write.
expect() {
  [ "$2" != "$3" ] || return 0
  conflict "$1 $2" "$3"
  return 1
}

expect_id() {
  expect "$1" "$(lower "$2")" "$(lower "$3")"
}

conflict() {
  say "   conflict: have $1, want $2"
  found=conflict
  problems=$((problems + 1))
  [ "$mode" != run ] || die 1 'stopped at the conflict; nothing further was written'
}

note() {
  notes="$notes   $1
"
}

# differs TEXT [yes]: harmless; "yes" when --update can mend it.
differs() {
  note "differs (harmless): $1"
  [ "${2:-}" != yes ] || outdated=yes
}

extra() {
  note "extra: $1"
}

examine() {
  found=nothing notes='' outdated=no evidence=''
  "$1"
}

# outcome TEXT: what this step has to say, then what it noticed.
outcome() {
  say "   $1"
  [ -z "$notes" ] || say "${notes%?}"
  case $notes in
  *differs* | *extra*) drift=$((drift + 1)) ;;
  esac
}

# step NUMBER TITLE RIGHTS LOOK MAKE UPDATE: "-" for what there is none of. Numbers are the runbook's.
step() {
  local look=$4 make=$5 update=$6 word='create' done='created'
  number=$1 title=$2 rights=$3
  say "$number. $title"
  patience
  examine "$look"
  if [ "$found" = part ]; then
    word='add' done='added'
  fi
  case $found in
  conflict) return 0 ;;
  same) settle_same "$look" "$update" ;;
  *) settle_missing "$look" "$make" "$word" "$done" ;;
  esac
}

settle_same() {
  if [ "$outdated" = yes ] && [ "$update_wanted" = yes ] && [ "$mode" = run ]; then
    make_until_same "$1" "$2"
    outcome updated
    record updated
  else
    outcome exists
  fi
}

settle_missing() {
  if [ "$2" = - ]; then
    outcome missing
    problems=$((problems + 1))
    [ "$mode" != run ] || die 1 'what should exist already does not; nothing further was written'
  elif [ "$mode" = verify ]; then
    outcome missing
    problems=$((problems + 1))
  elif [ "$mode" = dry-run ]; then
    outcome "would $3"
  else
    make_until_same "$1" "$2"
    outcome "$4"
    record "$4"
  fi
}

# make_until_same LOOK MAKE: what a write did is known only from a look, so a reply that was lost is
# no matter, and nothing is written twice.
make_until_same() {
  local accepted=no
  while :; do
    if [ "$accepted" = no ] && "$2"; then
      accepted=yes
    else
      wait_for 'the service to show it'
    fi
    examine "$1"
    if [ "$found" = same ] && [ "$outdated" = no ]; then
      return 0
    fi
  done
}

# record WHAT: a line of change evidence, when --record FILE was given.
record() {
  local who=$identity_user
  [ -n "$record_file" ] || return 0
  [ "$side" != devops ] || who=$devops_user
  printf '%s %s %s %s: %s;%s;%s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$who" "$script" "$1" "$title" \
    "$evidence" "$wrote" | clean >>"$record_file" || die 4 "could not write $record_file"
}
