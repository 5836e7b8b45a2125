#!/usr/bin/env bash
{{>bash/header.sh}}
{{>bash/lib/start.sh}}
{{>bash/values.sh}}

{{>bash/lib/state.sh}}

{{>bash/arguments.sh}}

{{>bash/lib/words.sh}}

{{>bash/lib/az.sh}}

{{>bash/lib/steps.sh}}

{{>bash/lib/preflight.sh}}
{{#parts.handover}}

{{>bash/lib/handover.sh}}
{{/parts.handover}}
{{#parts.devops}}

{{>bash/lib/shapes.sh}}
{{/parts.devops}}
{{#parts.credentials}}

{{>bash/lib/credentials.sh}}
{{/parts.credentials}}
{{#parts.roles}}

{{>bash/lib/roles.sh}}
{{/parts.roles}}

# -- The steps, in the order in which they run ---------------------------------------
{{#parts.identity}}
{{>bash/steps/take-identity.sh}}
{{/parts.identity}}
{{>bash/steps.sh}}

{{>bash/main.sh}}
