{{$header}}
# {{script.purpose}}
#
# Connection:   {{connection.name}} in project {{connection.project}} of https://dev.azure.com/{{organization}}
# Identity:     {{identity.summary}}
# Run by:       {{script.actor}}
# Arguments:    --help lists them; --dry-run reads only and says what would be done
# Exit status:  0 done and both sides match, 1 conflict or difference, 2 usage, 3 preflight, 4 remote,
#               130 interrupted
#
# Every step looks first, creates what is missing, accepts what matches and stops at what conflicts, so
# this script may be run again at any time. It never signs in or changes the az profile.
{{/header}}
#
# azdo-wif {{version}}, templates {{templates}}, ini sha256:{{ini.digest}}, body sha256:{{body_digest}}
