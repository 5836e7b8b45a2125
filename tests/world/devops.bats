#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Each rule of Azure DevOps in a world once.
# shellcheck disable=SC2030,SC2031,SC2154  # bats runs every test in a subshell of its own

load world
load calls

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
    local body nobody="${approval/"{\"id\":\"$ME\"}"/}"
    for body in "$approval" "$lock" "$branches" "$lock"; do
        ok post "$url" "$body"
    done
    for body in "${approval/Approvers\":1/Approvers\":2}" "${approval/\"id\":\"$ME\"/}" \
        "${nobody/Approvers\":1/Approvers\":0}" "${approval/minRequired/required}" \
        "${approval/\"Approval\"/\"Lock\"}" "${lock/43200/43201}" "${lock/{\}/{\"a\":1\}}" \
        "${branches/\"true\"/true}" "${branches/ensureProtection/protect}" \
        "${branches/displayName/name}"; do
        refused "ERROR: Bad Request(*" post "$url" "$body"
    done
    refused "ERROR: Not Implemented(*" post "$url" "${lock/2ef31ad6/3ef31ad6}"
    refused "ERROR: Not Implemented(*" post "$url" "${lock/endpoint/queue}"
    refused "ERROR: Not Implemented(*" get "$url&resourceType=queue&resourceId=$EP"
    refused "ERROR: Not Implemented(*" post "$url" "${branches/0.0.1/0.0.2}"
    ok get "$url&resourceType=endpoint&resourceId=$EP" '' --query '[count, value[0].settings]' -o tsv
    [ "$output" = "$(printf '4\nNone')" ]
    ok get "$url&resourceType=endpoint&resourceId=$EP&\$expand=settings" '' --query \
        'value[0].settings.approvers[0].id' -o tsv
    [ "$output" = "$ME" ]
    world edit organizations.contoso '{"identities":[]}'
    refused "ERROR: Bad Request(*identity*does not exist*" post "$url" "$approval"
    world edit "organizations.contoso.endpoints.\"$EP\"" '{"admins":[]}'
    world edit 'profiles.""' '{"rights":{"devops":["endpoint/read"]}}'
    refused "ERROR: Forbidden(*" post "$url" "$lock"
}

@test "query parameters that an operation does not have fail loudly" {
    local method path
    identity
    connection
    while read -r method path; do
        refused "ERROR: Not Implemented(*query parameter nonsense*" "$method" \
            "$ORG/$path&nonsense=1" '{}'
    done <<EOF
get _apis/connectionData?api-version=7.1-preview.1
get _apis/projects/Payments?api-version=7.1
get Payments/$ENDPOINTS?api-version=7.1
get Payments/$ENDPOINTS/$EP?api-version=7.1
post $ENDPOINTS?api-version=7.1
put $ENDPOINTS/$EP?api-version=7.1
patch $ENDPOINTS/$EP?api-version=7.1
delete $ENDPOINTS/$EP?projectIds=$PAYMENTS&deep=false&api-version=7.1
get Payments/_apis/pipelines/pipelinepermissions/endpoint/$EP?api-version=7.1-preview.1
patch Payments/_apis/pipelines/pipelinepermissions/endpoint/$EP?api-version=7.1-preview.1
get Payments/_apis/pipelines/checks/configurations?api-version=7.1-preview.1
post Payments/_apis/pipelines/checks/configurations?api-version=7.1-preview.1
EOF
}
