#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The procedure that Microsoft documents for doing it by hand, typed at the real az against simulate --env:
# identity, service connection with the azure-devops extension, federated credential; and a pipeline's
# sign-in with curl, right and wrong.
load simulation

setup() {
  only_with_az
  go_to_the_lab
  text=$("$TOOL" simulate -q --env 2>err)
  eval "$text"
}

teardown() {
  if [ -n "${AZDO_WIF_SIMULATE_PID-}" ]; then kill "$AZDO_WIF_SIMULATE_PID" 2>/dev/null || true; fi
  nothing_is_left
}

subscription=22222222-2222-2222-2222-222222222222
tenant=11111111-1111-1111-1111-111111111111
group=/subscriptions/$subscription/resourceGroups/rg-payments

# The ID token that a pipeline job gets for the connection.
id_token() {
  curl -sS -X POST -d '' -H "Authorization: Bearer $AZDO_WIF_SIMULATE_JOB_TOKEN" \
    "$AZDO_WIF_SIMULATE_JOB_URI?api-version=7.1&serviceConnectionId=$1" | jq -r .oidcToken
}

# exchange CLIENT-ID ID-TOKEN: the reply of Entra's token endpoint.
exchange() {
  curl -sS "https://login.microsoftonline.com/$tenant/oauth2/v2.0/token" \
    --data-urlencode grant_type=client_credentials --data-urlencode "client_id=$1" \
    --data-urlencode scope=https://management.azure.com/.default \
    --data-urlencode client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer \
    --data-urlencode "client_assertion=$2"
}

# refused CODE CLIENT-ID ID-TOKEN
refused() {
  exchange "$2" "$3" >reply.json
  jq -e --argjson code "$1" '.error_codes == [$code]' reply.json
  jq -e --arg code "AADSTS$1: " '.error_description | startswith($code)' reply.json
}

@test "the documented procedure by hand, and a pipeline signs in" {
  az identity create --name id-hand --resource-group rg-identities --location westeurope >identity.json
  client=$(jq -r .clientId identity.json)

  cat >connection.json <<END
{"name": "by-hand", "type": "AzureRM", "url": "https://management.azure.com/",
 "authorization": {"scheme": "WorkloadIdentityFederation",
   "parameters": {"tenantid": "$tenant", "serviceprincipalid": "$client"}},
 "data": {"environment": "AzureCloud", "scopeLevel": "Subscription", "creationMode": "Manual",
   "subscriptionId": "$subscription", "subscriptionName": "Payments Production"}}
END
  az devops service-endpoint create --service-endpoint-configuration connection.json \
    --organization "https://dev.azure.com/$AZDO_WIF_SIMULATE_ORGANIZATION" \
    --project "$AZDO_WIF_SIMULATE_PROJECT" >endpoint.json
  id=$(jq -r .id endpoint.json)
  issuer=$(jq -r .authorization.parameters.workloadIdentityFederationIssuer endpoint.json)
  subject=$(jq -r .authorization.parameters.workloadIdentityFederationSubject endpoint.json)
  az devops service-endpoint update --id "$id" --enable-for-all true \
    --organization "https://dev.azure.com/$AZDO_WIF_SIMULATE_ORGANIZATION" \
    --project "$AZDO_WIF_SIMULATE_PROJECT" >/dev/null

  token=$(id_token "$id")
  refused 70025 "$client" "$token"

  az identity federated-credential create --name by-hand --identity-name id-hand \
    --resource-group rg-identities --issuer "$issuer" --subject "${subject^^}" \
    --audiences api://AzureADTokenExchange >/dev/null
  refused 7002138 "$client" "$token"
  az identity federated-credential update --name by-hand --identity-name id-hand \
    --resource-group rg-identities --issuer "$issuer" --subject "$subject" \
    --audiences api://AzureADTokenExchange >/dev/null

  exchange "$client" "$token" >reply.json
  access=$(jq -r .access_token reply.json)
  [ "$(curl -sS -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $access" \
    "https://management.azure.com$group?api-version=2021-04-01")" = 403 ]

  # what the documentation's `az role assignment create` sends: Debian's crashes before it sends anything
  cat >role.json <<END
{"properties": {"principalType": "ServicePrincipal", "principalId": "$(jq -r .principalId identity.json)",
 "roleDefinitionId": "/subscriptions/$subscription/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"}}
END
  az rest --method put --body @role.json \
    --url "https://management.azure.com$group/providers/Microsoft.Authorization/roleAssignments/77777777-7777-4777-8777-777777777777?api-version=2022-04-01" >/dev/null
  sleep 1.2 # a role counts after a moment, as in Azure
  curl -sS -H "Authorization: Bearer $access" "https://management.azure.com$group?api-version=2021-04-01" |
    jq -e '.name == "rg-payments"'

  # the service refuses to delete what is still trusted
  run -1 --separate-stderr az devops service-endpoint delete --yes --id "$id" \
    --organization "https://dev.azure.com/$AZDO_WIF_SIMULATE_ORGANIZATION" --project "$AZDO_WIF_SIMULATE_PROJECT"
  [[ $stderr == *'federated credentials'* ]]

  az identity federated-credential delete --yes --name by-hand --identity-name id-hand --resource-group rg-identities
  refused 70025 "$client" "$token"
  az identity delete --name id-hand --resource-group rg-identities
  refused 700016 "$client" "$token"
}

@test "an app registration by hand: a duplicate name, and a federated credential" {
  az ad app create --display-name hand >app.json
  app=$(jq -r .appId app.json)
  sleep 1.2 # a new application is known everywhere after a moment, as in Entra
  az ad sp create --id "$app" >sp.json
  cat >credential.json <<'END'
{"name": "hand", "issuer": "https://login.microsoftonline.com/x/v2.0", "subject": "s", "audiences": ["api://AzureADTokenExchange"]}
END
  az ad app federated-credential create --id "$app" --parameters credential.json >/dev/null
  az ad app federated-credential list --id "$app" | jq -e '.[0].subject == "s"'
  sed -i 's/"name": "hand"/"name": "other"/' credential.json
  run -1 --separate-stderr az ad app federated-credential create --id "$app" --parameters credential.json
  [[ $stderr == *'combination of issuer and subject must be unique'* ]]
  az ad app delete --id "$app"
  refused 700016 "$app" no-token-is-looked-at
  run -3 --separate-stderr az ad app show --id "$app"
}
