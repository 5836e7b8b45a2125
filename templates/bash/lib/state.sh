# -- What this run knows --------------------------------------------------------

{{$naming}}
# What this script calls itself, its folder for bodies and replies, and the hand-over file.
script=${0##*/}
work_name=azdo-wif
{{#can.handover}}
{{^can.rollback}}
handover_default=./$connection_folder.handover
{{/can.rollback}}
{{/can.handover}}
{{/naming}}
# Profiles of az: AZURE_CONFIG_DIR for the identity's tenant, AZDO_WIF_DEVOPS_CONFIG_DIR for the
# organization's when that is another tenant or cloud.
identity_profile=${AZURE_CONFIG_DIR:-${HOME:-}/.azure}
devops_profile=${AZDO_WIF_DEVOPS_CONFIG_DIR:-$identity_profile}
# run; dry-run reads only; verify reads only, and what is missing is a problem
mode={{{script.mode}}}
# arguments
{{#can.write}}
assume_yes=no
{{/can.write}}
{{#can.handover}}
handover_file=''
{{/can.handover}}
update_wanted=no verbose=no record_file=''
work='' identity_user='' devops_user='' side='' title='' rights='' evidence='' wrote=''
reply='' reason='' failure='' found='' notes='' outdated=no
number=0 writes=0 problems=0 drift=0 waited=0 delay=2

# What the services decide, read back during the run.
{{#captures}}
{{{name}}}={{initial}}
{{/captures}}
{{#uses_devops_side}}
{{^can.rollback}}
shared_with=' ' shares_described=' '
{{/can.rollback}}
{{/uses_devops_side}}
{{#parts.credentials}}
described_credentials={{described_credentials}}
{{/parts.credentials}}
