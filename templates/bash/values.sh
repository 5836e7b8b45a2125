
# -- What the description says --------------------------------------------------

connection_key={{connection.key}}
ini_sha256={{ini.digest}}
cloud={{cloud}}
tenant_id={{tenant_id}}
organization={{organization}}
devops_tenant_id={{devops_tenant_id}}
expected_issuer={{expected_issuer}}
audience={{connection.audience}}
