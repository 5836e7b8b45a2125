
# The managed identity: a PUT, which creates it once and may be repeated.
{{{id}}}_look() {
  local have_client_id='' have_principal_id='' tenant=''{{#creates}} location='' tags='' mark=''{{/creates}}
  look identity az rest --method get \
    --url {{look_url}} \
    --query {{#shell}}[properties.clientId, properties.principalId, properties.tenantId{{#creates}},
      location, merge(not_null(tags, `{}`), {{wanted_tags}}) == not_null(tags, `{}`), tags."azdo-wif"{{/creates}}]{{/shell}} || return 0
  take have_client_id have_principal_id tenant{{#creates}} location tags mark{{/creates}}
  expect_id 'tenant of the identity' "$tenant" "$tenant_id" || return 0
  take_identity "$have_client_id" "$have_principal_id" || return 0
{{#creates}}
  same_id "$location" {{location}} || differs "location is $location"
  [ "$tags" = true ] || differs 'tags' yes
  [ "$mark" = {{mark}} ] || note 'it was not made by this description: rollback will not delete it'
{{/creates}}
  found=same
}
{{>bash/write-identity.sh}}
{{#makes}}
{{#has_tags}}

# Tags that others set stay.
{{{id}}}_update() {
  fetch identity az rest --method get --url {{look_url}} \
    --query {{#shell}}{location: location, tags: merge(not_null(tags, `{}`), {{wanted_tags}})}{{/shell}} || return 1
  printf '%s\n' "$reply" | body
  change identity az rest --method put \
    --url {{write_url}} \
    --body "@$work/body.json"
}
{{/has_tags}}
{{/makes}}
