#!/usr/bin/env bash
{{>bash/header.sh}}
{{>bash/lib/start.sh}}
{{>bash/values.sh}}

{{>bash/lib/state.sh}}
part=all delete_identity=no confirmed=''
credential_id='' project_ids='' left=''

{{>bash/arguments.sh}}

{{>bash/lib/words.sh}}

{{>bash/lib/az.sh}}

{{>bash/lib/steps.sh}}

{{>bash/lib/preflight.sh}}

{{>bash/lib/handover.sh}}

{{>bash/lib/shapes.sh}}

{{>bash/lib/rollback.sh}}
{{#parts.roles}}

{{>bash/lib/assignment-name.sh}}
{{/parts.roles}}

# -- What is looked at before anything is removed -----------------------------------
{{>bash/steps/take-identity.sh}}
{{>bash/rollback-steps.sh}}
