
# Exclusive lock: one run at a time uses the connection.
{{{id}}}_look() {
  local count
  found=part
  [ -n "$connection_id" ] || return 0
  evidence=" connection_id=$connection_id"
  look devops az rest --method get --resource {{devops_resource}} \
    --url {{look_url}} \
    --headers X-TFS-FedAuthRedirect=Suppress --query "[length(value[?type.id == '2ef31ad6-baa0-403a-8b45-2cbc9b4e5563'])]" || return 0
  take count
  [ "$count" != 0 ] || return 0
  found=same
}
{{>bash/write-devops.sh}}
