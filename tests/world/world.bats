#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The az stand-in against the real az, and each rule of its world once.
# shellcheck disable=SC2030,SC2031  # bats runs every test in a subshell of its own

load world

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
ROLES=providers/Microsoft.Authorization/roleAssignments
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

# --- like the real az -----------------------------------------------------------------------------

compare() {
    run "$WORLD_DIR/compare.py" "$1"
    [ "$status" -ne 77 ] || skip "$output"
    printf '%s\n' "$output"
    [ "$status" -eq 0 ]
}

@test "arguments expand as in the installed az" { compare expansion; }
@test "bodies are sent as by the installed az" { compare bodies; }
@test "output is printed as by knack" { compare output; }
@test "replies, errors and broken connections look as from the installed az" { compare replies; }

@test "what it does not know fails loudly" {
    run az ad app list
    [ "$status" -eq 1 ]
    [[ $output == "ERROR: Not Implemented("* ]]
    refused 'ERROR: Not Implemented(*' get "$ARM/subscriptions/$S/providers/X/y?api-version=1"
    refused 'ERROR: Not Implemented(*' get "$GRAPH/groups"
    refused 'ERROR: Not Implemented(*' get "$ORG/_apis/build/builds?api-version=7.1"
    refused '*ERROR: Not Implemented(*' get https://example.com/
    refused 'ERROR: Not Implemented(*' get "$MI?$MIV&x=y"
    refused "ERROR: Not Implemented(*" get "$GRAPH/applications?%24filter=startswith(displayName,'a')"
}

@test "wrong options are az's usage errors" {
    run az rest --url "$MI" --metod get
    [ "$status" -eq 2 ]
    [ "$output" = "ERROR: unrecognized arguments: --metod get" ]
    run az rest --url "$MI" --method fetch
    [ "$status" -eq 2 ]
    [[ $output == "ERROR: argument --method/-m: invalid choice: 'fetch'"* ]]
    run az group show
    [ "$status" -eq 2 ]
    [[ $output == *"required: --name/-n/--resource-group/-g" ]]
}

# --- accounts and tokens --------------------------------------------------------------------------

@test "version and accounts" {
    [ "$(az version --query '"azure-cli"' -o tsv)" = 2.45.0 ]
    [ "$(az account show --query '[tenantId, environmentName, user.name]' -o tsv)" = \
        "$(printf '%s\nAzureCloud\nadmin@contoso.example' "$T")" ]
    [ "$(az account show --subscription 'payments production' --query id -o tsv)" = "$S" ]
    run az account show --subscription nope
    [ "$status" -eq 1 ]
    [[ $output == "ERROR: Subscription 'nope' not found. "* ]]
    AZURE_CONFIG_DIR=/nobody run az account show
    [ "$status" -eq 1 ]
    [ "$output" = "ERROR: Please run 'az login' to setup account." ]
    AZURE_CONFIG_DIR=/nobody run az account list
    [ "$status" -eq 0 ]
    [[ $output == *"[]" ]]
}

@test "az group show and create, with exit 3 for a group that is not there" {
    run az group show --name nope
    [ "$status" -eq 3 ]
    [[ $output == "ERROR: (ResourceGroupNotFound) "*"Code: "* ]]
    az group create -n new -l westeurope --tags a=b 'c=d e' -o none
    world_is "subscriptions.\"$S\".groups.new.tags" '{"a":"b","c":"d e"}'
    refused "ERROR: Conflict(*InvalidResourceGroupLocation*" put \
        "$ARM/subscriptions/$S/resourcegroups/new?api-version=2021-04-01" '{"location":"eastus"}'
    refused "ERROR: Bad Request(*InvalidResourceGroup*" put \
        "$ARM/subscriptions/$S/resourcegroups/new.?api-version=2021-04-01" '{"location":"eastus"}'
}

@test "two profiles: each side takes only its own tenant" {
    world_new --devops-tenant 99999999-9999-4999-8999-999999999999
    ok get "$ARM/subscriptions/$S?api-version=2022-12-01"
    refused $'ERROR: Unauthorized\nInteractive authentication is needed.*' get \
        "$ORG/_apis/connectionData?api-version=7.1-preview.1" '' \
        --headers X-TFS-FedAuthRedirect=Suppress
    ok get "$ORG/_apis/connectionData?api-version=7.1-preview.1"
    [[ $output == "WARNING: Not a json response"*"Sign In"* ]]
    export AZURE_CONFIG_DIR=$BATS_TEST_TMPDIR/devops
    ok get "$ORG/_apis/connectionData?api-version=7.1-preview.1"
    [[ $output == *'"instanceId"'* ]]
    refused "ERROR: Subscription '$S' not found.*" get \
        "$ARM/subscriptions/$S?api-version=2022-12-01"
    [ "$(world log '[-1].profile')" = "$AZURE_CONFIG_DIR" ]
}

@test "a token of the wrong tenant, audience or cloud is refused" {
    refused "ERROR: Unauthorized(*InvalidAuthenticationTokenAudience*" get \
        "$ARM/subscriptions/$S?api-version=2022-12-01" '' --resource "$ADO"
    refused "ERROR: Unauthorized(*InvalidAuthenticationToken*" get "$GRAPH/applications/x" '' \
        --resource "$ADO"
    run az rest --url "$ORG/_apis/projects/Payments?api-version=7.1" -o json
    [ "$status" -eq 0 ]
    [[ $output == *"Can't derive appropriate Azure AD resource"*"Sign In"* ]]
    world edit "subscriptions.\"$S\"" '{"tenantId":"99999999-9999-4999-8999-999999999999"}'
    world edit 'profiles.""' "{\"subscriptions\":[{\"id\":\"$S\",\"tenantId\":\"$T\"}]}"
    refused "ERROR: Unauthorized(*InvalidAuthenticationTokenTenant*" get \
        "$ARM/subscriptions/$S?api-version=2022-12-01"
    world_new --cloud AzureUSGovernment --devops-tenant 99999999-9999-4999-8999-999999999999
    ok get "https://management.usgovcloudapi.net/subscriptions/$S?api-version=2022-12-01"
    run az rest --url "$ARM/subscriptions/$S?api-version=2022-12-01"
    [ "$status" -eq 1 ]
    [[ $output == *"Can't derive"*"AuthenticationFailed"* ]]
}

@test "rights: what a person may not do is refused by each service" {
    local arm='{"scope":"/","actions":["*"],"notActions":["Microsoft.Authorization/*/write"]}'
    identity
    world edit 'profiles.""' "{\"rights\":{\"arm\":[$arm],\"graph\":[\"Application.Read.All\"],
        \"devops\":[\"endpoint/read\"]}}"
    refused "ERROR: Forbidden(*AuthorizationFailed*roleAssignments/write*" put \
        "$ARM/subscriptions/$S/$ROLES/$ME?api-version=2022-04-01" "{\"properties\":{
        \"roleDefinitionId\":\"/$READER\",\"principalId\":\"$PRINCIPAL\"}}"
    refused "ERROR: Forbidden(*Insufficient privileges*" post "$GRAPH/applications" \
        '{"displayName":"x"}'
    refused "ERROR: Forbidden(*AccessCheckException*" post "$ORG/$ENDPOINTS?api-version=7.1" \
        "$(connection_body)"
    ok get "$ARM/subscriptions/$S/providers/Microsoft.Authorization/permissions?api-version=2022-04-01" \
        '' --query 'value[].notActions[]' -o tsv
    [ "$output" = 'Microsoft.Authorization/*/write' ]
}

@test "the creator of a connection administers it; others may read it without its data" {
    identity
    world edit 'profiles.""' '{"rights":{"arm":[],"graph":[],"devops":["endpoint/create"]}}'
    connection
    ok patch "$ORG/Payments/_apis/pipelines/pipelinepermissions/endpoint/$EP?api-version=7.1-preview.1" \
        '{"pipelines":[{"id":12,"authorized":true}]}'
    world edit "organizations.contoso.endpoints.\"$EP\"" '{"admins":[]}'
    world edit 'profiles."".rights' '{"devops":["endpoint/read"]}'
    [ "$(read_connection '[type, data, id]')" = "$(printf 'None\nNone\n%s' "$EP")" ]
    refused "ERROR: Forbidden(*" patch \
        "$ORG/Payments/_apis/pipelines/pipelinepermissions/endpoint/$EP?api-version=7.1-preview.1" \
        '{"pipelines":[]}'
}

# --- Resource Manager -----------------------------------------------------------------------------

@test "a managed identity: 404, 201, 200, its own service principal, gone again" {
    refused "ERROR: Not Found(*ResourceNotFound*" get "$MI?$MIV"
    identity
    [ "$(world log '[-3].status')" = 201 ]
    ok put "$MI?$MIV" '{"location":"westeurope","tags":{"k":"v"}}'
    [ "$(world log '[-1].status')" = 200 ]
    [[ $(send get "$MI?$MIV" '' --query id -o tsv) == */resourcegroups/* ]]
    ok get "$GRAPH/servicePrincipals?%24filter=appId%20eq%20'$CLIENT'" '' --query \
        'value[].alternativeNames[1]' -o tsv
    [[ $output == */userAssignedIdentities/id-a ]]
    refused "ERROR: Conflict(*InvalidResourceLocation*" put "$MI?$MIV" '{"location":"eastus"}'
    refused "ERROR: Bad Request(*Could not find member*" put "$MI?$MIV" '{"location":"x","sku":1}'
    refused "ERROR: Bad Request(*" put "$MI?$MIV" '{"location":"x","tags":{"k":1}}'
    refused "ERROR: Bad Request(*" put "$MI-$(printf 'a%.0s' {1..130})?$MIV" '{"location":"x"}'
    refused "ERROR: Bad Request(*MissingApiVersionParameter*" get "$MI"
    refused "ERROR: Bad Request(*NoRegisteredProviderFound*" get "$MI?api-version=2018-11-30"
    ok delete "$MI?$MIV"
    refused "ERROR: Not Found(*" get "$MI?$MIV"
    refused "ERROR: Not Found(*" get "$GRAPH/servicePrincipals/$PRINCIPAL"
}

@test "an identity's credentials: name, one audience, unique pair, twenty, parent" {
    refused "ERROR: Not Found(*ParentResourceNotFound*" put \
        "$MI/federatedIdentityCredentials/abc?$MIV" "$(fic_body i s)"
    identity
    ok put "$MI/federatedIdentityCredentials/abc?$MIV" "$(fic_body i s)"
    [ "$(world log '[-1].status')" = 201 ]
    ok put "$MI/federatedIdentityCredentials/abc?$MIV" "$(fic_body i s2)"
    [ "$(world log '[-1].status')" = 200 ]
    refused "*Issuer and subject combination already exists*" put \
        "$MI/federatedIdentityCredentials/other?$MIV" "$(fic_body i s2)"
    ok put "$MI/federatedIdentityCredentials/case?$MIV" "$(fic_body i S2)"
    refused "ERROR: Bad Request(*name 'ab'*" put "$MI/federatedIdentityCredentials/ab?$MIV" \
        "$(fic_body i s3)"
    refused "*InvalidFederatedIdentityCredentialsAudienceLength*" put \
        "$MI/federatedIdentityCredentials/two?$MIV" \
        '{"properties":{"issuer":"i","subject":"s","audiences":["a","b"]}}'
    refused "ERROR: Bad Request(*600*" put "$MI/federatedIdentityCredentials/long?$MIV" \
        "$(fic_body i "$(printf 'a%.0s' {1..601})")"
    refused "ERROR: Bad Request(*Could not find member 'description'*" put \
        "$MI/federatedIdentityCredentials/more?$MIV" \
        '{"properties":{"issuer":"i","subject":"s","audiences":["a"],"description":"d"}}'
    world edit 'identities.*.credentials[]' "$(/usr/bin/python3 -c 'import json
print(json.dumps({"f%02d" % n: {"name": "f%02d" % n, "issuer": "x", "subject": str(n),
                                "audiences": ["a"]} for n in range(18)}))')"
    refused "ERROR: Bad Request(*at most 20*" put "$MI/federatedIdentityCredentials/n21?$MIV" \
        "$(fic_body i s4)"
    ok put "$MI/federatedIdentityCredentials/abc?$MIV" "$(fic_body i s5)"
    ok delete "$MI/federatedIdentityCredentials/ABC?$MIV"
    refused "ERROR: Not Found(*" get "$MI/federatedIdentityCredentials/abc?$MIV"
    ok get "$MI/federatedIdentityCredentials?$MIV" '' --query 'length(value)'
    [ "$output" = 19 ]
}

@test "role assignments: principal, type, one per principal, name fixed, lists by principal" {
    identity
    local scope="$ARM/subscriptions/$S/resourceGroups/rg-payments" name=12345678-1234-5234-9234-12345678
    local definition="/subscriptions/$S/providers/Microsoft.Authorization/roleDefinitions/$READER"
    local body="{\"properties\":{\"roleDefinitionId\":\"$definition\",\"principalId\":\"$PRINCIPAL\",
        \"principalType\":\"ServicePrincipal\"}}" v='api-version=2022-04-01'
    refused "ERROR: Bad Request(*UnmatchedPrincipalType*" put "$scope/$ROLES/${name}0001?$v" \
        "${body/ServicePrincipal/User}"
    refused "ERROR: Bad Request(*PrincipalNotFound*" put "$scope/$ROLES/${name}0001?$v" \
        "${body/$PRINCIPAL/$CLIENT}"
    refused "ERROR: Not Found(*RoleDefinitionDoesNotExist*" put "$scope/$ROLES/${name}0001?$v" \
        "${body/$READER/$ME}"
    refused "ERROR: Bad Request(*InvalidRoleAssignmentId*" put "$scope/$ROLES/reader?$v" "$body"
    refused "ERROR: Not Found(*ResourceGroupNotFound*" put "${scope}x/$ROLES/${name}0001?$v" "$body"
    ok put "$scope/$ROLES/${name}0001?$v" "$body"
    ok put "$scope/$ROLES/${name}0001?$v" "$body"
    refused "ERROR: Conflict(*RoleAssignmentExists*" put "$scope/$ROLES/${name}0002?$v" "$body"
    refused "ERROR: Bad Request(*RoleAssignmentUpdateNotPermitted*" put \
        "$scope/$ROLES/${name}0001?$v" "${body/$READER/b24988ac-6180-42a0-ab88-20f7382dd24c}"
    local query='--query length(value)' found
    for found in "$scope:1" "$ARM/subscriptions/$S:1" "${scope/payments/secrets}:0"; do
        # shellcheck disable=SC2086
        ok get "${found%:*}/$ROLES?\$filter=principalId%20eq%20'$PRINCIPAL'&$v" '' $query
        [ "$output" = "${found##*:}" ]
    done
    # shellcheck disable=SC2086
    ok get "$ARM/subscriptions/$S/$ROLES?\$filter=atScope()%20and%20assignedTo('$PRINCIPAL')&$v" '' \
        $query
    [ "$output" = 0 ]
    ok delete "$scope/$ROLES/${name}0001?$v"
    refused "ERROR: Not Found(*RoleAssignmentNotFound*" get "$scope/$ROLES/${name}0001?$v"
}

@test "role definitions by name, with the quotes of OData; management groups as scopes" {
    local mg=$ARM/providers/Microsoft.Management/managementGroups v='api-version=2022-04-01'
    world set '{"roles":{"Bob'"'"'s Role":"aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"}}'
    ok get "$mg/mg-platform/${ROLES%/*}/roleDefinitions?\$filter=roleName%20eq%20'bob''s%20role'&$v" \
        '' --query 'value[].id' -o tsv
    [ "$output" = /providers/Microsoft.Authorization/roleDefinitions/aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa ]
    refused "ERROR: Not Found(*" get "$mg/nope/$ROLES?$v"
}

# --- Graph ----------------------------------------------------------------------------------------

@test "applications: create if missing, then found by its keys; names are not unique" {
    refused "ERROR: Not Found(*Request_ResourceNotFound*" patch \
        "$GRAPH/applications(uniqueName='u')" '{"displayName":"App"}'
    application
    [ "$(world log '[-1].status')" = 201 ]
    ok patch "$GRAPH/applications(uniqueName='u')" '{"displayName":"App 2"}' \
        --headers Prefer=create-if-missing
    [ "$(world log '[-1].status')" = 204 ]
    [ -z "$output" ]
    ok post "$GRAPH/applications" '{"displayName":"App 2","signInAudience":"AzureADMyOrg"}'
    ok get "$GRAPH/applications?\$filter=displayName%20eq%20'app%202'" '' --query 'length(value)'
    [ "$output" = 2 ]
    ok get "$GRAPH/applications(uniqueName='U')?\$select=id,appId" '' --query 'sort(keys(@))' -o tsv
    [ "$output" = "$(printf 'appId\nid')" ]
    refused "ERROR: Bad Request(*read-only*" patch "$GRAPH/applications/$OBJECT" '{"uniqueName":"v"}'
    refused "ERROR: Bad Request(*Could not find member*" post "$GRAPH/applications" \
        '{"displayName":"x","passwordCredentials":[]}'
    refused "ERROR: Conflict(*" post "$GRAPH/applications" '{"displayName":"x","uniqueName":"u"}'
    refused "ERROR: Bad Request(*displayName*" post "$GRAPH/applications" '{}'
}

@test "service principals need their application, once; deleting it deletes both" {
    refused "*does not reference a valid application object*" post "$GRAPH/servicePrincipals" \
        "{\"appId\":\"$ME\"}"
    application
    local app
    app=$(send get "$GRAPH/applications/$OBJECT" '' --query appId -o tsv)
    ok patch "$GRAPH/servicePrincipals(appId='$app')" '{}' --headers Prefer=create-if-missing
    [ "$(world log '[-1].status')" = 201 ]
    refused "ERROR: Conflict(*" post "$GRAPH/servicePrincipals" "{\"appId\":\"$app\"}"
    ok delete "$GRAPH/applications(appId='$app')"
    refused "ERROR: Not Found(*" get "$GRAPH/servicePrincipals(appId='$app')"
}

@test "owners: added by reference, once, and they exist" {
    application
    refused "*already exist for the following modified properties*" post \
        "$GRAPH/applications/$OBJECT/owners/\$ref" "{\"@odata.id\":\"$GRAPH/directoryObjects/$ME\"}"
    refused "ERROR: Not Found(*" post "$GRAPH/applications/$OBJECT/owners/\$ref" \
        "{\"@odata.id\":\"$GRAPH/directoryObjects/$S\"}"
    refused "ERROR: Bad Request(*@odata.id*" post "$GRAPH/applications/$OBJECT/owners/\$ref" \
        "{\"@odata.id\":\"$ME\"}"
    world edit "tenants.\"$T\".users" "{\"$LEDGER\":{\"displayName\":\"Other\"}}"
    ok post "$GRAPH/applications/$OBJECT/owners/\$ref" \
        "{\"@odata.id\":\"$GRAPH/directoryObjects/$LEDGER\"}"
    ok get "$GRAPH/applications/$OBJECT/owners" '' --query 'value[].id' -o tsv
    [ "$output" = "$(printf '%s\n%s' "$ME" "$LEDGER")" ]
}

@test "an application's credentials: upsert by name, unique pair, immutable name, twenty" {
    application
    local fics="$GRAPH/applications/$OBJECT/federatedIdentityCredentials"
    local body='{"issuer":"i","subject":"s","audiences":["a"]}'
    refused "ERROR: Not Found(*" patch "$fics(name='abc')" "$body"
    ok patch "$fics(name='abc')" "$body" --headers Prefer=create-if-missing
    [ "$(world log '[-1].status')" = 201 ]
    ok patch "$fics(name='abc')" "$body" --headers Prefer=create-if-missing
    [ "$(world log '[-1].status')" = 204 ]
    refused "*The combination of issuer and subject must be unique for the application*" post \
        "$fics" '{"name":"other","issuer":"i","subject":"s","audiences":["a"]}'
    refused "ERROR: Bad Request(*'name'*" patch "$fics(name='abc')" '{"name":"xyz"}'
    refused "ERROR: Bad Request(*'name'*" patch "$fics(name='new')" '{"name":"xyz"}' \
        --headers Prefer=create-if-missing
    refused "ERROR: Conflict(*" post "$fics" \
        '{"name":"ABC","issuer":"i","subject":"t","audiences":["a"]}'
    refused "*exactly one audience*" post "$fics" \
        '{"name":"two","issuer":"i","subject":"t","audiences":["a","b"]}'
    refused "ERROR: Bad Request(*'audiences'*" post "$fics" '{"name":"no","issuer":"i","subject":"t"}'
    world edit "tenants.\"$T\".applications.*.credentials[]" "$(/usr/bin/python3 -c 'import json
print(json.dumps({"f%02d" % n: {"id": "f%02d" % n, "name": "f%02d" % n, "issuer": "x",
                                "subject": str(n), "audiences": ["a"]} for n in range(19)}))')"
    refused "*at most 20*" post "$fics" '{"name":"n21","issuer":"i","subject":"t","audiences":["a"]}'
    ok get "$fics/abc" '' --query subject -o tsv
    [ "$output" = s ]
    ok delete "$fics/abc"
    refused "ERROR: Not Found(*" get "$fics/abc"
}

# --- Azure DevOps ---------------------------------------------------------------------------------

@test "projects, by name or id, in any case; the organization's id" {
    local query
    for query in payments "$PAYMENTS"; do
        ok get "$ORG/_apis/projects/$query?api-version=7.1" '' --query \
            '[id, state, _links.collection.href]' -o tsv
        [ "$output" = "$(printf '%s\nwellFormed\n%s' "$PAYMENTS" \
            "$ORG/_apis/projectCollections/33333333-3333-4333-8333-333333333333")" ]
    done
    refused "ERROR: Not Found(*TF200016*" get "$ORG/_apis/projects/nope?api-version=7.1"
    refused "ERROR: Not Found(<!DOCTYPE html>*" get \
        "https://dev.azure.com/nope/_apis/projects/Payments?api-version=7.1"
    refused "ERROR: Bad Request(*VssInvalidPreviewVersionException*" get \
        "$ORG/_apis/connectionData?api-version=7.1"
}

@test "a connection gives out issuer and subject, and is echoed as the service does" {
    identity
    connection
    [ "$(read_connection '[type, owner, operationStatus.state, createdBy.id,
        authorization.parameters.workloadIdentityFederationIssuer,
        authorization.parameters.workloadIdentityFederationSubject]')" = \
        "$(printf '%s\n' azurerm Library Ready "$ME" "https://login.microsoftonline.com/$T/v2.0" \
            "/eid1/c/pub/t/EREREREREREREREREREREQ/a/rISbSSETf0KqFyZ8ppdXmA/sc/33333333-3333-4333-8333-333333333333/$EP")" ]
    ok get "$ORG/Ledger/$ENDPOINTS?endpointNames=conn-a&api-version=7.1" '' --query count
    [ "$output" = 0 ]
    ok get "$ORG/Payments/$ENDPOINTS/$LEDGER?api-version=7.1"
    [ -z "$output" ] # the service says `null`
}

@test "public samples of the encoded tenant" {
    run /usr/bin/python3 -B -c '
import sys
sys.path.insert(0, sys.argv[1])
from devops import short_guid
for text in ("7f4f3591-5f6c-4f7b-a1bd-0a2dd8831218", "d6676032-7674-4de8-bf51-42424d9e74bd",
             "ff882432-09b0-437b-bd22-ca13c0037ded", "16b3c013-d300-468d-ac64-7eda0820b6d3"):
    print(short_guid(text))' "$WORLD_DIR"
    [ "$output" = "$(printf '%s\n' kTVPf2xfe0-hvQot2IMSGA MmBn1nR26E2_UUJCTZ50vQ \
        MiSI_7AJe0O9IsoTwAN97Q E8CzFgDTjUasZH7aCCC20w)" ]
}

@test "wrong bodies of a connection are refused" {
    identity
    local edit
    while IFS= read -r edit; do
        refused "ERROR: Bad Request(*" post "$ORG/$ENDPOINTS?api-version=7.1" \
            "$(connection_body "$edit")"
    done <<'EOF'
b["authorization"]["parameters"]["serviceprincipalkey"] = "x"
b["authorization"]["parameters"]["authenticationType"] = "spnKey"
b["authorization"]["parameters"]["tenantId"] = b["authorization"]["parameters"].pop("tenantid")
b["authorization"]["parameters"]["serviceprincipalid"] = "not-a-guid"
b["data"]["subscriptionName"] = ""
b["data"]["subscriptionName"] = "x" * 256
b["data"]["scopeLevel"] = "ResourceGroup"
b["data"]["scopeLevel"] = "ManagementGroup"
b["data"]["resourceGroupName"] = "rg"
b["data"]["environment"] = "AzureUSGovernment"
b["data"]["subscriptionId"] = 1
b["url"] = b["url"].rstrip("/")
b["isShared"] = True
b["isReady"] = "true"
b["extra"] = 1
del b["serviceEndpointProjectReferences"]
b["serviceEndpointProjectReferences"] = []
del b["serviceEndpointProjectReferences"][0]["name"]
b["serviceEndpointProjectReferences"][0]["projectReference"]["name"] = "Ledger"
b["serviceEndpointProjectReferences"][0]["description"] = "x" * 1025
EOF
    world_is 'organizations.contoso.endpoints' null
    run az rest --method post --url "$ORG/$ENDPOINTS?api-version=7.1" --resource "$ADO" \
        --body 'not JSON' --headers Content-Type=application/json
    [ "$status" -eq 1 ]
    [[ $output == "ERROR: Bad Request("*"not JSON"* ]]
    run az rest --method post --url "$ORG/$ENDPOINTS?api-version=7.1" --resource "$ADO"
    [ "$status" -eq 1 ]
    [[ $output == "ERROR: Bad Request("*"no body"* ]]
}

@test "a duplicate name is answered with 500, also when the caller cannot see the other" {
    identity
    connection
    refused "ERROR: Internal Server Error(*DuplicateServiceConnectionException*" post \
        "$ORG/$ENDPOINTS?api-version=7.1" \
        "$(connection_body 'b["serviceEndpointProjectReferences"][0]["name"] = "CONN-A"')"
    world edit "organizations.contoso.endpoints.\"$EP\"" '{"hidden":true}'
    ok get "$ORG/Payments/$ENDPOINTS?endpointNames=conn-a&includeFailed=true&api-version=7.1" '' \
        --query count
    [ "$output" = 0 ]
    refused "ERROR: Internal Server Error(*already exists*" post \
        "$ORG/$ENDPOINTS?api-version=7.1" "$(connection_body)"
}

@test "failed connections are listed only with includeFailed" {
    identity
    connection
    world edit "organizations.contoso.endpoints.\"$EP\"" '{"state":"Failed"}'
    ok get "$ORG/Payments/$ENDPOINTS?endpointNames=conn-a&api-version=7.1" '' --query count
    [ "$output" = 0 ]
    ok get "$ORG/Payments/$ENDPOINTS?endpointNames=x,conn-a&includeFailed=true&api-version=7.1" '' \
        --query 'value[].operationStatus.state' -o tsv
    [ "$output" = Failed ]
}

@test "sharing adds, keeps names, and takes a list; the old issuer has a subject per project" {
    world_new --issuer azure-devops
    identity
    connection
    local other="{\"projectReference\":{\"id\":\"$LEDGER\",\"name\":\"Ledger\"},\"name\":\"conn-b\",\"description\":\"\"}"
    refused "ERROR: Bad Request(*list*" patch "$ORG/$ENDPOINTS/$EP?api-version=7.1" "$other"
    ok patch "$ORG/$ENDPOINTS/$EP?api-version=7.1" "[$other]"
    [ "$(read_connection 'length(serviceEndpointProjectReferences)')" = 2 ]
    [ "$(read_connection isShared)" = true ]
    refused "*TF400898*" patch "$ORG/$ENDPOINTS/$EP?api-version=7.1" "[${other/conn-b/conn-c}]"
    local subject=authorization.parameters.workloadIdentityFederationSubject
    [ "$(read_connection "$subject")" = sc://contoso/Payments/conn-a ]
    [ "$(read_connection "$subject" Ledger)" = sc://contoso/Ledger/conn-b ]
    [ "$(read_connection authorization.parameters.workloadIdentityFederationIssuer)" = \
        https://vstoken.dev.azure.com/33333333-3333-4333-8333-333333333333 ]
}

@test "an update leaves environment, scope, subscription and sharing alone" {
    identity
    connection
    local body edited field
    body=$(send get "$ORG/Payments/$ENDPOINTS/$EP?api-version=7.1")
    ok put "$ORG/$ENDPOINTS/$EP?api-version=7.1" "${body//\"d\"/\"new\"}"
    [ "$(read_connection description)" = new ]
    for field in 'Payments Production' "$S"; do
        refused "*is not allowed*" put "$ORG/$ENDPOINTS/$EP?api-version=7.1" \
            "${body/"$field"/$ME}"
    done
    edited=${body//Payments\"/Ledger\"}
    refused "ERROR: Bad Request(*neither shares*" put "$ORG/$ENDPOINTS/$EP?api-version=7.1" \
        "${edited//"$PAYMENTS"/"$LEDGER"}"
    refused "ERROR: Bad Request(*of the path*" put "$ORG/$ENDPOINTS/$EP?api-version=7.1" \
        "${body/\"id\": \"$EP\"/\"id\": \"$ME\"}"
}

@test "deleting a connection needs projectIds, no credential, and time" {
    identity
    connection
    local subject issuer url="$ORG/$ENDPOINTS/$EP?deep=false&api-version=7.1" reads=0
    subject=$(read_connection authorization.parameters.workloadIdentityFederationSubject)
    issuer=$(read_connection authorization.parameters.workloadIdentityFederationIssuer)
    refused "ERROR: Bad Request(*projectIds*" delete "$url"
    refused "ERROR: Bad Request(*not in the project*" delete "$url&projectIds=$LEDGER"
    ok put "$MI/federatedIdentityCredentials/abc?$MIV" "$(fic_body "$issuer" "$subject")"
    refused "*Cannot delete this service connection while federated credentials*" delete \
        "$url&projectIds=$PAYMENTS"
    ok delete "$MI/federatedIdentityCredentials/abc?$MIV"
    ok delete "$url&projectIds=$PAYMENTS"
    while [ -n "$(read_connection id)" ]; do
        [ "$(read_connection operationStatus.state)" = InProgress ]
        reads=$((reads + 1))
    done
    [ "$reads" -eq 1 ] # two reads each time round, and deletePolls is 2
    world_is 'organizations.contoso.endpoints' '{}'
}

@test "pipeline permissions merge, and know their project's pipelines" {
    identity
    connection
    local url="$ORG/Payments/_apis/pipelines/pipelinepermissions/endpoint/$EP?api-version=7.1-preview.1"
    ok get "$url" '' --query '[allPipelines, length(pipelines)]' -o tsv
    [ "$output" = "$(printf 'None\n0')" ]
    ok patch "$url" '{"pipelines":[{"id":12,"authorized":true}]}'
    ok patch "$url" '{"pipelines":[{"id":47,"authorized":true}]}'
    ok patch "$url" '{"allPipelines":{"authorized":true}}'
    ok get "$url" '' --query '[allPipelines.authorized, pipelines[].id]' -o json
    [ "$(tr -d ' \n' <<<"$output")" = '[true,[12,47]]' ]
    refused "ERROR: Not Implemented(*pipeline 99*" patch "$url" \
        '{"pipelines":[{"id":99,"authorized":true}]}'
    refused "ERROR: Bad Request(*" patch "$url" '{"pipelines":[{"id":"12","authorized":true}]}'
    refused "ERROR: Bad Request(*" patch "$url" '{"allpipelines":{"authorized":true}}'
}

@test "checks: the three kinds, each POST makes one more, settings only on request" {
    identity
    connection
    local url="$ORG/Payments/_apis/pipelines/checks/configurations?api-version=7.1-preview.1"
    local on="\"resource\":{\"type\":\"endpoint\",\"id\":\"$EP\"},\"timeout\":43200"
    local approval="{\"type\":{\"id\":\"8c6f20a7-a545-4486-9777-f762fafe0d4d\",\"name\":\"Approval\"},
        \"settings\":{\"approvers\":[{\"id\":\"$ME\"}],\"minRequiredApprovers\":1},$on}"
    local lock="{\"type\":{\"id\":\"2ef31ad6-baa0-403a-8b45-2cbc9b4e5563\",\"name\":\"ExclusiveLock\"},
        \"settings\":{},$on}"
    local branches="{\"type\":{\"id\":\"fe1de3ee-a436-41b4-bb20-f6eb4cb879a7\",\"name\":\"Task Check\"},
        \"settings\":{\"definitionRef\":{\"id\":\"86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b\",
        \"name\":\"evaluatebranchProtection\",\"version\":\"0.0.1\"},\"displayName\":\"Branch control\",
        \"inputs\":{\"allowedBranches\":\"refs/heads/main\",\"ensureProtectionOfBranch\":\"true\"}},$on}"
    local body
    for body in "$approval" "$lock" "$branches" "$lock"; do
        ok post "$url" "$body"
    done
    refused "ERROR: Bad Request(*" post "$url" "${approval/\"minRequiredApprovers\":1/\"minRequiredApprovers\":2}"
    refused "ERROR: Bad Request(*" post "$url" "${approval/\"id\":\"$ME\"/}"
    refused "ERROR: Bad Request(*" post "$url" "${lock/43200/43201}"
    refused "ERROR: Bad Request(*" post "$url" "${branches/\"true\"/true}"
    refused "ERROR: Not Implemented(*" post "$url" "${branches/0.0.1/0.0.2}"
    ok get "$url&resourceType=endpoint&resourceId=$EP" '' --query '[count, value[0].settings]' -o tsv
    [ "$output" = "$(printf '4\nNone')" ]
    ok get "$url&resourceType=endpoint&resourceId=$EP&\$expand=settings" '' --query \
        'value[0].settings.approvers[0].id' -o tsv
    [ "$output" = "$ME" ]
}

# --- faults, log, tools ---------------------------------------------------------------------------

@test "faults hit the calls they name, as often as they say" {
    world fault '{"match":{"method":"GET","url":"id-a"},"nth":2,"times":2,"kind":"throttle"}'
    refused "ERROR: Not Found(*" get "$MI?$MIV"
    ok get "$ARM/subscriptions/$S?api-version=2022-12-01"
    refused "ERROR: Too Many Requests(*" get "$MI?$MIV"
    refused "ERROR: Too Many Requests(*" get "$MI?$MIV"
    refused "ERROR: Not Found(*" get "$MI?$MIV"
    [ "$(world log '[-2].fault')" = throttle ]
}

@test "each kind of fault says what the service says; only lost replies take effect" {
    local kind
    for kind in reset 500 503 replication-404 principal-not-found parent-not-found \
        concurrent-credential region forbidden; do
        world fault "{\"match\":{\"method\":\"PUT\"},\"kind\":\"$kind\"}"
        refused "ERROR: *" put "$MI?$MIV" '{"location":"westeurope"}'
        world_is identities null
        world set '{"faults":[]}'
    done
    [[ $(az rest --url "$MI?$MIV" 2>&1) == *ResourceNotFound* ]]
    world fault '{"kind":"html"}'
    ok get "$MI?$MIV"
    [[ $output == *"Sign In"* ]]
    world fault '{"match":{"method":"PUT"},"kind":"lost-reply"}'
    refused "*RemoteDisconnected('Remote end closed connection without response')*" put "$MI?$MIV" \
        '{"location":"westeurope"}'
    world_is 'length(identities)' 1
    world fault '{"kind":"nonsense"}'
    refused "ERROR: Not Implemented(fault nonsense)" get "$MI?$MIV"
}

@test "a fault can interrupt the process group of a script, and nothing else" {
    world fault '{"match":{"method":"PUT"},"kind":"interrupt-after"}'
    run in_group bash -c 'trap "echo stopped; exit 130" INT
        az rest --method put --url "$1" --body "{\"location\":\"westeurope\"}" -o none; echo after' \
        bash "$MI?$MIV"
    [ "$status" -eq 130 ]
    [ "$output" = stopped ]
    world_is 'length(identities)' 1
    world set '{"faults":[{"kind":"interrupt"}]}'
    run az rest --url "$MI?$MIV"
    [ "$status" -eq 1 ]
    [[ $output == "ERROR: Not Implemented(interrupt"* ]]
}

@test "the log holds what was given and what was sent" {
    printf '{"location": "westeurope", "tags": {"name": "Zürich"}}\n' >"$BATS_TEST_TMPDIR/body"
    az rest --method put --url "$MI?$MIV" --body "@$BATS_TEST_TMPDIR/body" --headers 'X-A=b=c' -o none
    [ "$(world log '[-1].argv[6]')" = "@$BATS_TEST_TMPDIR/body" ]
    [ "$(world log '[-1].body')" = '{"location": "westeurope", "tags": {"name": "Z\u00fcrich"}}' ]
    [ "$(world log '[-1].headers."x-a"')" = b=c ]
    [ "$(world writes)" = "PUT $MI?$MIV 201 {\"location\":\"westeurope\",\"tags\":{\"name\":\"Zürich\"}}" ]
    az rest --url "$MI?$MIV" -o none
    [ "$(world writes | wc -l)" -eq 1 ]
    world forget
    [ -z "$(world writes)" ]
}

@test "worlds are compared without their clocks, and edited" {
    world_keep before
    az account show -o none
    world_unchanged before
    world edit "subscriptions.\"$S\"" '{"displayName":"Other"}'
    run world_unchanged before
    [ "$status" -eq 1 ]
    [[ $output == *'"displayName": "Other"'* ]]
    run world edit 'subscriptions.nope' '{}'
    [ "$status" -eq 1 ]
    world_new --identity rg-identities/id-a --application App=u
    ok get "$MI?$MIV"
    ok get "$GRAPH/applications(uniqueName='u')"
}

@test "calls at the same time wait for each other" {
    local at
    for at in 1 2 3 4 5 6 7 8; do
        az rest --method put --url "$MI-$at?$MIV" --body '{"location":"westeurope"}' -o none &
    done
    wait
    world_is 'length(identities)' 8
    [ "$(world writes | wc -l)" -eq 8 ]
}
