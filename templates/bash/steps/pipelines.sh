
# The pipelines that may use the connection{{^creates}}: none is described, none is authorized here{{/creates}}.
{{{id}}}_look() {
  local all='' ids=''{{^all}} pipeline described=' {{#pipelines}}{{{pipeline}}} {{/pipelines}}'{{/all}}
{{#creates}}
  found=part
{{/creates}}
{{^creates}}
  found=same
{{/creates}}
  [ -n "$connection_id" ] || return 0
  evidence=" connection_id=$connection_id"
  look devops az rest --method get --resource {{devops_resource}} \
    --url {{look_url}} \
    --headers X-TFS-FedAuthRedirect=Suppress --query "[not_null(allPipelines.authorized, \`false\`), join(' ', not_null(pipelines, \`[]\`)[?authorized].to_string(id))]" || return 0
  take all ids
{{#all}}
  [ "$all" = true ] || return 0
{{/all}}
{{^all}}
  [ "$all" != true ] || extra 'all pipelines are authorized'
  for pipeline in $ids; do
    [[ $pipeline =~ ^[0-9]+$ ]] || die 4 "the service sent a pipeline id that is none: $pipeline"
    case $described in
    *" $pipeline "*) ;;
    *) extra "pipeline $pipeline is authorized" ;;
    esac
  done
{{#pipelines}}
  case " $ids " in
  *' {{{pipeline}}} '*) ;;
  *) return 0 ;;
  esac
{{/pipelines}}
{{/all}}
  found=same
}
{{>bash/write-devops.sh}}
