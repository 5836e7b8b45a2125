
# The app registration{{#creates}}, created and found by its uniqueName: a display name names nothing{{/creates}}.
{{{id}}}_look() {
  local have_application_id='' have_client_id='' audience_kind=''{{#creates}} display='' marks=''{{/creates}}
  if ! look identity az rest --method get \
    --url {{look_url}} \
    --query {{#shell}}[id, appId, signInAudience{{#creates}},
      displayName == {{#jmespath}}{{display_name}}{{/jmespath}}, contains(not_null(tags, `[]`), '{{mark}}'){{/creates}}]{{/shell}}; then
{{#creates}}
    {{{id}}}_namesake
{{/creates}}
    return 0
  fi
  take have_application_id have_client_id audience_kind{{#creates}} display marks{{/creates}}
  is_guid "$have_application_id" || die 4 "the service sent an object id that is none: $have_application_id"
  is_guid "$have_client_id" || die 4 "the service sent a client id that is none: $have_client_id"
  if [ -n "$client_id" ]; then
    expect_id 'client id' "$have_client_id" "$client_id" || return 0
  fi
{{#entra_issuer}}
  # the Entra issuer refuses multitenant applications (AADSTS70052)
  expect signInAudience "$audience_kind" AzureADMyOrg || return 0
{{/entra_issuer}}
  application_id=$have_application_id client_id=$(lower "$have_client_id")
  evidence=" application_id=$application_id client_id=$client_id"
{{#creates}}
  [ "$display" = true ] || differs 'the display name' yes
  [ "$marks" = true ] || note 'it was not made by this description: rollback will not delete it'
{{/creates}}
  found=same
}
{{#creates}}

# An application of the same display name may be the one that was meant. One that carries our mark is
# our own, which the service does not find by its uniqueName yet.
{{{id}}}_namesake() {
  local other
  look identity az rest --method get \
    --url {{namesake_url}} \
    --query "value[?!contains(not_null(tags, \`[]\`), '{{mark}}')].appId" || return 0
  take other
  [ -z "$other" ] || conflict "an app of this display name (client id $other)" \
    "a new app. To use that one set client_id = $other in [identity] of the INI; otherwise choose another name"
}
{{/creates}}
{{>bash/write-identity.sh}}
{{#makes}}

{{{id}}}_update() {
  body <<JSON
{{update_body}}
JSON
  change identity az rest --method patch \
    --url {{update_url}} \
    --body "@$work/body.json"
}
{{/makes}}
