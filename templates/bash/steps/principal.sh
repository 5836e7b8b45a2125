
# The principal that the roles are for, resolved anew: the hand-over is only a claim.
{{{id}}}_look() {
  local have_client_id='' have_principal_id='' names=''
  [ -n "$client_id" ] || return 0
  look identity az rest --method get \
    --url {{look_url}} \
    --query {{#shell}}[appId, id, join(' ', not_null(alternativeNames, `[]`))]{{/shell}} || return 0
  take have_client_id have_principal_id names
  case " $(lower "$names") " in
  *" $(lower {{resource_id}}) "*) ;;
  *)
    conflict "client id $client_id of another identity ($names)" {{#shell}}that of {{resource_id}}{{/shell}}
    return 0
    ;;
  esac
  take_identity "$have_client_id" "$have_principal_id" || return 0
  found=same
}
