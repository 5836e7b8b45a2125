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
