#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The az stand-in against the real az: arguments, output, accounts and tokens, faults, log.
# shellcheck disable=SC2030,SC2031,SC2154  # bats runs every test in a subshell of its own

load world
load calls

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
    # shellcheck disable=SC2016  # the inner shell expands it
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

@test "a world fits a plan: it has what the description takes for granted, no more" {
    local read='{"method":"GET","url":"https://management.usgovcloudapi.net/subscriptions/'$S
    cat >"$BATS_TEST_TMPDIR/plan.json" <<EOF
{"cloud": "AzureUSGovernment", "tenant_id": "$T", "organization_tenant_id": "$ME",
 "organization": "Fabrikam", "project": "Web Shop", "expected": {"issuer": "azure-devops"},
 "identity": {"type": "managed-identity", "existing": true, "client_id": "$ADO"},
 "steps": [
  {"kind": "resource-group", "title": "", "look": $read/resourceGroups/rg-made?a=b"}},
  {"kind": "managed-identity", "title": "Managed identity id-a", "look": $read/resourceGroups/rg%28a%29/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-a?b=c"}},
  {"kind": "share", "title": "Share with project Ledger"},
  {"kind": "owner", "title": "Owner $LEDGER of the app registration"},
  {"kind": "role", "title": "Role Odd @ One @ /subscriptions/$S/resourceGroups/rg-made"},
  {"kind": "pipelines", "title": "", "write": {"method": "PATCH", "url": "",
    "body": "{\"pipelines\": [{\"id\": 7,\n \"authorized\": true}]}"}}]}
EOF
    world make --plan "$BATS_TEST_TMPDIR/plan.json" >"$AZ_WORLD"
    world_is 'keys(profiles)' '["","devops"]'
    world_is 'profiles.devops.[tenantId, environmentName]' "[\"$ME\",\"AzureCloud\"]"
    world_is "subscriptions.\"$S\".groups.keys(@)" '["rg(a)"]'
    world_is 'values(identities)[].resource.properties.clientId | [0]' "$ADO"
    world_is 'organizations.fabrikam.[issuer, values(projects)[].name, values(projects)[].pipelines[]]' \
        '["azure-devops",["Web Shop","Ledger"],[7]]'
    world_is 'keys(roles)' '["Odd @ One"]'
    world_is "contains(keys(tenants.\"$T\".users), '$LEDGER')" true
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
