# -- Taking back: only what this description made -----------------------------------

# keep WHY: what is there stays. Every reason is said.
keep() {
  left="$left${left:+; }$1"
}

# gather TITLE LOOK: what is there, before anything is removed.
gather() {
  title=$1 rights='Reader, for looking'
  say "$title"
  patience
  examine "$2"
  case $found in
  nothing) outcome 'not there' ;;
  conflict) ;;
  *) outcome 'there' ;;
  esac
}

# drop SIDE az rest --method delete ...: what is gone already is fine. Returns 1 to be tried again.
drop() {
  side=$1
  shift
  wrote=$(shown "$@")
  say "   \$$wrote"
  if call "$side" "$@" --output none; then
    expect_silence
    writes=$((writes + 1))
    return 0
  fi
  [ "$reason" != 'Not Found' ] || return 0
  is_passing || refuse 'the deletion was refused'
  return 1
}

# undo TITLE RIGHTS LOOK DROP: the look sets $found, and $left when what is there must stay.
undo() {
  title=$1 rights=$2
  say "$title"
  patience
  left=''
  examine "$3"
  if [ "$found" = nothing ]; then
    outcome 'gone'
  elif [ -n "$left" ]; then
    outcome "left: $left"
  elif [ "$mode" = dry-run ]; then
    outcome 'would delete'
  else
    drop_until_gone "$3" "$4"
    outcome deleted
    record deleted
  fi
}

drop_until_gone() {
  local accepted=no
  while :; do
    if [ "$accepted" = no ] && "$2"; then
      accepted=yes
    else
      wait_for 'the service to remove it'
    fi
    examine "$1"
    if [ "$found" = nothing ]; then
      return 0
    fi
  done
}

# wants PART: is it among what --part asks for?
wants() {
  [ "$part" = all ] || [ "$part" = "$1" ]
}
