
# One owner of the application.
{{{id}}}_look() {
  found=part
  if [ -z "$application_id" ]; then
    return 0
  fi
  look identity az rest --method get \
    --url {{look_url}} \
    --query 'value[].id' || return 0
  if grep -Fix {{owner}} <<<"$reply" >/dev/null; then
    found=same
  fi
}
{{>bash/write-identity.sh}}
