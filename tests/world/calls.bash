# SPDX-License-Identifier: MIT
# The calls and bodies that the tests of the world share; the .bats files read the names.
# shellcheck disable=SC2034,SC2119,SC2120,SC2154

T=11111111-1111-1111-1111-111111111111
S=22222222-2222-2222-2222-222222222222
ME=44444444-4444-4444-8444-444444444444
PAYMENTS=55555555-5555-4555-8555-555555555500
LEDGER=55555555-5555-4555-8555-555555555501
READER=acdd72a7-3385-48ef-bd42-f606fba81ae7
ADO=499b84ac-1321-427f-aa17-267ca6975798
ARM=https://management.azure.com
GRAPH=https://graph.microsoft.com/v1.0
ORG=https://dev.azure.com/contoso
GROUP=$ARM/subscriptions/$S/resourcegroups/rg-identities
IDENTITIES=$GROUP/providers/Microsoft.ManagedIdentity/userAssignedIdentities
MI=$IDENTITIES/id-a
MIV='api-version=2023-01-31'
RV='api-version=2022-04-01'
ROLES=providers/Microsoft.Authorization/roleAssignments
DEFINITIONS=providers/Microsoft.Authorization/roleDefinitions
ENDPOINTS=_apis/serviceendpoint/endpoints

setup() {
    world_new
}

# send METHOD URL [BODY [OPTION...]]: one az rest, for Azure DevOps with its resource.
send() {
    local method=$1 url=$2 body=${3-}
    shift $(($# > 3 ? 3 : $#))
    case $url in https://dev.azure.com/*) set -- --resource "$ADO" "$@" ;; esac
    [ -z "$body" ] || set -- --body "$body" "$@"
    az rest --method "$method" --url "$url" "$@"
}

# ok / refused PATTERN: send ARGUMENT...
ok() {
    run send "$@"
    [ "$status" -eq 0 ] || {
        printf '%s\n' "$output"
        return 1
    }
}

refused() {
    local pattern=$1
    shift
    run send "$@"
    # shellcheck disable=SC2053  # a pattern is meant
    [[ "$status $output" == 1\ $pattern ]] || {
        printf 'have: %s %s\nwant: 1 %s\n' "$status" "$output" "$pattern"
        return 1
    }
}

identity() {
    ok put "$MI?$MIV" '{"location":"westeurope"}'
    CLIENT=$(send get "$MI?$MIV" '' --query properties.clientId -o tsv)
    PRINCIPAL=$(send get "$MI?$MIV" '' --query properties.principalId -o tsv)
}

# connection_body [PYTHON]: the body of a connection, after PYTHON has edited it as b.
connection_body() {
    /usr/bin/python3 -c '
import json, sys
b = {"type": "AzureRM", "url": "https://management.azure.com/", "isShared": False, "isReady": True,
     "authorization": {"scheme": "WorkloadIdentityFederation", "parameters": {
         "tenantid": sys.argv[1], "serviceprincipalid": sys.argv[2]}},
     "data": {"environment": "AzureCloud", "scopeLevel": "Subscription", "creationMode": "Manual",
              "subscriptionId": sys.argv[3], "subscriptionName": "Payments Production"},
     "serviceEndpointProjectReferences": [{"projectReference": {"id": sys.argv[4],
         "name": "Payments"}, "name": "conn-a", "description": "d"}]}
exec(sys.argv[5])
print(json.dumps(b))' "$T" "${CLIENT-$ME}" "$S" "$PAYMENTS" "${1-}"
}

connection() {
    ok post "$ORG/$ENDPOINTS?api-version=7.1" "$(connection_body)"
    EP=$(world get 'organizations.contoso.endpoints.keys(@)[0]')
}

read_connection() {
    send get "$ORG/${2-Payments}/$ENDPOINTS/$EP?api-version=7.1" '' --query "$1" -o tsv
}

application() {
    ok patch "$GRAPH/applications(uniqueName='u')" '{"displayName":"App"}' \
        --headers Prefer=create-if-missing
    OBJECT=$(world get "tenants.\"$T\".applications.keys(@)[0]")
}

fic_body() {
    printf '{"properties":{"issuer":"%s","subject":"%s","audiences":["api://AzureADTokenExchange"]}}' \
        "$1" "$2"
}
