
# One owner of the application.
{{{id}}}_look() {
  found=part
  if [ -z "$application_id" ]; then
    return 0
  fi
  look identity az rest --method get \
    --url {{look_url}} \
    --query 'value[].id' || return 0
  if printf '%s\n' "$reply" | grep -Fixq {{owner}}; then
    found=same
  fi
}
{{#makes}}

{{{id}}}_make() {
  body <<JSON
{{write_body}}
JSON
  change identity az rest --method post \
    --url {{write_url}} \
    --body "@$work/body.json"
}
{{/makes}}
