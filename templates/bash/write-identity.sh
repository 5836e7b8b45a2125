{{#makes}}

{{{id}}}_make() {
  body <<JSON
{{write_body}}
JSON
  change identity az rest --method {{{write_verb}}} \
    --url {{write_url}} \
    {{#write_header}}--headers {{write_header}} {{/write_header}}--body "@$work/body.json"
}
{{/makes}}
