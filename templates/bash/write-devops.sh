{{#makes}}

{{{id}}}_make() {
  body <<JSON
{{write_body}}
JSON
  change devops az rest --method {{{write_verb}}} --resource {{devops_resource}} \
    --url {{write_url}} \
    --headers X-TFS-FedAuthRedirect=Suppress --body "@$work/body.json"
}
{{/makes}}
