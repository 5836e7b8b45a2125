
# The resource group of the identity. Created because the description asks for it; never removed.
{{{id}}}_look() {
  look identity az rest --method get \
    --url {{look_url}} \
    --query '[name]' || return 0
  found=same
}
{{#makes}}

{{{id}}}_make() {
  change identity az group create --subscription {{subscription_id}} --name {{resource_group}} \
    --location {{location}}
}
{{/makes}}
