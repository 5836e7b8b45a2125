
# The federated credential: from now on the identity trusts tokens of exactly this issuer, subject and
# audience. Issuer and subject are what Azure DevOps named, byte for byte.
{{{id}}}_look() {
  if [ -z "$client_id" ] || [ -z "${{{subject_variable}}}" ]; then
    return 0
  fi
{{#managed}}
  look identity az rest --method get \
    --url {{look_url}} \
    --query "value[].[name, not_null(properties.issuer, ''), not_null(properties.subject, ''), not_null(properties.audiences[0], '')][]" || return 0
{{/managed}}
{{^managed}}
  [ -n "$application_id" ] || return 0
  look identity az rest --method get \
    --url {{look_url}} \
    --query "value[].[name, not_null(issuer, ''), not_null(subject, ''), not_null(audiences[0], '')][]" || return 0
{{/managed}}
  match_credentials {{credential_name}} "${{{subject_variable}}}"
}
{{>bash/write-identity.sh}}
