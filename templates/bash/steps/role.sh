
# {{role}} @ {{scope}}
{{{id}}}_look() {
  local count definition
  found=part
  [ -n "$principal_id" ] || return 0
  look identity az rest --method get \
    --url {{definition_url}} \
    --query {{definition_query}} || {
    conflict 'nothing at the scope' 'a scope and a role that exist'
    return 0
  }
  take count definition
  if [ "$count" != 1 ]; then
    conflict "${count:-0} roles of this name" 'exactly one'
    return 0
  fi
  is_guid "${definition##*/}" || die 4 "the service sent a role definition that is none: $definition"
  {{{id}}}_definition=${definition##*/}
  {{{id}}}_name=$(assignment_name {{seed}} "$principal_id")
  look identity az rest --method get \
    --url {{look_url}} \
    --query "value[].[name, not_null(properties.roleDefinitionId, ''), not_null(properties.scope, '')][]" || return 0
  match_assignments {{scope}} "${{{id}}}_definition" "${{{id}}}_name"
}
{{>bash/write-identity.sh}}
