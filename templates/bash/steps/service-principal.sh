
# The service principal: what the application is within the tenant, and what roles are given to.
{{{id}}}_look() {
  local have_client_id='' have_principal_id=''
  [ -n "$client_id" ] || return 0
  look identity az rest --method get \
    --url {{look_url}} \
    --query '[appId, id]' || return 0
  take have_client_id have_principal_id
  take_identity "$have_client_id" "$have_principal_id" || return 0
  found=same
}
{{>bash/write-identity.sh}}
