
# -- What the description says --------------------------------------------------

{{#parts.handover}}
connection_key={{connection.key}}
{{^can.rollback}}
connection_folder={{connection.folder}}
{{/can.rollback}}
ini_sha256={{ini.digest}}
{{/parts.handover}}
{{#uses_identity_side}}
cloud={{cloud}}
{{/uses_identity_side}}
tenant_id={{tenant_id}}
{{#parts.devops}}
organization={{organization}}
expected_issuer={{expected_issuer}}
{{/parts.devops}}
{{^parts.devops}}
{{#parts.handover}}
organization={{organization}}
{{/parts.handover}}
{{/parts.devops}}
{{#uses_devops_side}}
devops_tenant_id={{devops_tenant_id}}
{{/uses_devops_side}}
{{#parts.credentials}}
audience={{connection.audience}}
{{/parts.credentials}}
