# -- Role assignments -------------------------------------------------------------

seen_assignments='' known_assignments=' '

# assignment_name SEED PRINCIPAL: the name of a role assignment: SEED, made from scope and role, mixed
# with the principal by exclusive or, as a GUID of version 5. The same for the same principal at every
# run; another one when the identity was made anew (its old assignment cannot be taken over).
assignment_name() {
  local seed=${1//-/} principal=${2//-/} hex='' i
  for i in 0 8 16 24; do
    hex=$hex$(printf '%08x' $((0x${seed:i:8} ^ 0x${principal:i:8})))
  done
  printf '%s-%s-5%s-%x%s-%s' "${hex:0:8}" "${hex:8:4}" "${hex:13:3}" \
    $((0x${hex:16:1} & 3 | 8)) "${hex:17:3}" "${hex:20:12}"
}

# match_assignments SCOPE DEFINITION NAME: $reply holds name, role definition and scope of each
# assignment of the principal there, in turn. Sets $found.
match_assignments() {
  local name definition scope
  known_assignments="$known_assignments$3 "
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
