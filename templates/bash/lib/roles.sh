# -- Role assignments -------------------------------------------------------------

seen_assignments='' known_assignments=' '

{{>bash/lib/assignment-name.sh}}

# match_assignments SCOPE DEFINITION NAME: $reply holds name, role definition and scope of each
# assignment of the principal there, in turn. Sets $found.
match_assignments() {
  local name definition scope
  known_assignments="$known_assignments$3 "
  evidence=" principal_id=$principal_id assignment=$3"
  while IFS= read -r name && [ -n "$name" ]; do
    IFS= read -r definition || true
    IFS= read -r scope || true
    definition=${definition##*/}
    if same_id "$definition" "$2" && same_id "$scope" "$1"; then
      found=same
      known_assignments="$known_assignments$(lower "$name") "
    else
      seen_assignments="$seen_assignments$(lower "$name") role $definition at $scope
"
    fi
  done <<<"$reply"
}

# roles_beyond: assignments that no description accounts for, each once.
roles_beyond() {
  local name rest reported=' '
  found=same
  while IFS=' ' read -r name rest && [ -n "$name" ]; do
    case "$known_assignments$reported" in
    *" $name "*) continue ;;
    esac
    reported="$reported$name "
    is_other_assignment "$name" || beyond "$rest"
  done <<<"$seen_assignments"
}

# is_other_assignment NAME: is it of another connection of this identity in the same description?
is_other_assignment() {
{{#other_roles}}
  [ "$1" != "$(assignment_name {{seed}} "$principal_id")" ] || return 0
{{/other_roles}}
  return 1
}
