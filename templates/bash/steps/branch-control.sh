
# Branch control: only runs of these branches use the connection.
{{{id}}}_look() {
  local count branches same
  found=part
  [ -n "$connection_id" ] || return 0
  evidence=" connection_id=$connection_id"
  look devops az rest --method get --resource {{devops_resource}} \
    --url {{look_url}} \
    --headers X-TFS-FedAuthRedirect=Suppress --query {{#shell}}[length(value[?settings.definitionRef.id == '86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b']), value[?settings.definitionRef.id == '86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b'] | [0].settings.inputs.allowedBranches, (value[?settings.definitionRef.id == '86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b'] | [0].settings.inputs.allowedBranches) == {{#jmespath}}{{branches}}{{/jmespath}}]{{/shell}} || return 0
  take count branches same
  [ "$count" != 0 ] || return 0
  if [ "$same" != true ]; then
    expect 'allowed branches' "$branches" {{branches}} || return 0
  fi
  found=same
}
{{>bash/write-devops.sh}}
