#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Each rule of Resource Manager and Graph in a world once.
# shellcheck disable=SC2030,SC2031,SC2154  # bats runs every test in a subshell of its own

load world
load calls

@test "rights: what the roles of a person leave out is refused, and can be read" {
    local arm='{"scope":"/","actions":["*"],"notActions":["Microsoft.Authorization/*/write"]}'
    identity
    world edit 'profiles.""' "{\"rights\":{\"arm\":[$arm]}}"
    refused "ERROR: Forbidden(*AuthorizationFailed*roleAssignments/write*" put \
        "$ARM/subscriptions/$S/$ROLES/$ME?$RV" "{\"properties\":{
        \"roleDefinitionId\":\"/$READER\",\"principalId\":\"$PRINCIPAL\"}}"
    ok get "$ARM/subscriptions/$S/providers/Microsoft.Authorization/permissions?$RV" '' \
        --query 'value[].notActions[]' -o tsv
    [ "$output" = 'Microsoft.Authorization/*/write' ]
    ok delete "$MI?$MIV"
}

# without_rights: calls, one a line, that a person who may do nothing is refused.
without_rights() {
    local method url body
    world edit 'profiles.""' '{"rights":{"arm":[],"graph":[],"devops":[]}}'
    while read -r method url body; do
        refused "ERROR: Forbidden(*" "$method" "$url" "$body"
    done
}

@test "without rights Resource Manager refuses every operation" {
    local credential='{"properties":{"issuer":"i","subject":"s","audiences":["a"]}}'
    identity
    without_rights <<EOF
get $ARM/subscriptions/$S?api-version=2022-12-01
get $GROUP?api-version=2021-04-01
put $GROUP?api-version=2021-04-01 {"location":"westeurope"}
get $IDENTITIES?$MIV
get $MI?$MIV
put $MI?$MIV {"location":"westeurope"}
delete $MI?$MIV
get $MI/federatedIdentityCredentials?$MIV
get $MI/federatedIdentityCredentials/abc?$MIV
put $MI/federatedIdentityCredentials/abc?$MIV $credential
delete $MI/federatedIdentityCredentials/abc?$MIV
get $ARM/subscriptions/$S/$DEFINITIONS?$RV&\$filter=roleName%20eq%20'Reader'
get $ARM/subscriptions/$S/$DEFINITIONS/$READER?$RV
get $ARM/subscriptions/$S/$ROLES?$RV
get $ARM/subscriptions/$S/$ROLES/$ME?$RV
delete $ARM/subscriptions/$S/$ROLES/$ME?$RV
EOF
}

@test "without rights Graph refuses every operation, of an owner all but reading less" {
    local fics
    application
    fics=$GRAPH/applications/$OBJECT/federatedIdentityCredentials
    local credential='{"issuer":"i","subject":"s","audiences":["a"]}'
    ok patch "$fics(name='abc')" "$credential" --headers Prefer=create-if-missing
    without_rights <<EOF
get $GRAPH/applications?\$filter=displayName%20eq%20'x'
get $GRAPH/applications/$OBJECT
post $GRAPH/applications {"displayName":"x"}
patch $GRAPH/applications/$OBJECT {"displayName":"x"}
delete $GRAPH/applications/$OBJECT
post $GRAPH/servicePrincipals {"appId":"$ME"}
get $GRAPH/applications/$OBJECT/owners
post $GRAPH/applications/$OBJECT/owners/\$ref {"@odata.id":"$GRAPH/directoryObjects/$ME"}
get $fics
get $fics/abc
post $fics {"name":"xyz","issuer":"i","subject":"t","audiences":["a"]}
patch $fics(name='abc') {"subject":"t"}
delete $fics/abc
EOF
    world edit 'profiles."".rights' '{"graph":["Application.ReadWrite.OwnedBy"]}'
    ok patch "$GRAPH/applications/$OBJECT" '{"displayName":"mine"}'
    world edit "tenants.\"$T\".applications.*" '{"owners":[]}'
    refused "ERROR: Forbidden(*" patch "$GRAPH/applications/$OBJECT" '{"displayName":"x"}'
}

@test "scopes, subscriptions and versions that are not there" {
    local absent=99999999-9999-4999-8999-999999999999 scope method path
    identity
    world edit 'profiles.""' "{\"subscriptions\":[\"$S\",\"$absent\"]}"
    refused "ERROR: Not Found(*SubscriptionNotFound*" get \
        "$ARM/subscriptions/$absent?api-version=2022-12-01"
    refused "ERROR: Not Implemented(*" get "https://graph.microsoft.com/beta/applications/$ME"
    for scope in "${GROUP}x" "$ARM/subscriptions/$absent"; do
        while read -r method path; do
            refused "ERROR: Not Found(*NotFound*could not be found*" "$method" "$scope/$path"
        done <<EOF
get $ROLES?$RV
get $ROLES/$ME?$RV
delete $ROLES/$ME?$RV
get $DEFINITIONS?$RV&\$filter=roleName%20eq%20'Reader'
get $DEFINITIONS/$READER?$RV
get ${ROLES%/*}/permissions?$RV
EOF
    done
    refused "ERROR: Not Implemented(*filter*" get "$GROUP/$ROLES?$RV&\$filter=name%20eq%20'x'"
    refused "ERROR: Not Implemented(*filter*" get "$GROUP/$DEFINITIONS?$RV"
    refused "ERROR: Unauthorized(*" get "$GRAPH/applications/$ME" '' --skip-authorization-header
    refused "ERROR: Unauthorized(*" get "$MI?$MIV" '' --skip-authorization-header
}

@test "query parameters that an operation does not have fail loudly" {
    local url method
    application
    while read -r method url; do
        refused "ERROR: Not Implemented(*query parameter nonsense*" "$method" "$url" '{}'
    done <<EOF
get $GRAPH/applications/$OBJECT?nonsense=1
post $GRAPH/applications?nonsense=1
patch $GRAPH/applications/$OBJECT?nonsense=1
get $GRAPH/applications/$OBJECT/federatedIdentityCredentials?nonsense=1
get $GRAPH/applications/$OBJECT/federatedIdentityCredentials/abc?nonsense=1
get $GRAPH/applications/$OBJECT/owners?nonsense=1
get $MI?$MIV&nonsense=1
EOF
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
    refused "ERROR: Bad Request(*no key*" get "$GRAPH/applications(displayName='App')"
    refused "ERROR: Bad Request(*property named 'x'*" get "$GRAPH/applications/$OBJECT?\$select=x"
    refused "ERROR: Not Found(*Request_ResourceNotFound*" delete "$GRAPH/applications/$ME"
    refused "ERROR: Not Found(*Request_ResourceNotFound*" get "$GRAPH/applications/$ME/owners"
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
    refused "*exactly one audience*" patch "$fics(name='abc')" '{"audiences":[]}'
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
