
# Names may hold typographic quotes, which shellcheck takes for mistyped ones.
# shellcheck disable=SC1111,SC1112
set -efuo pipefail
export LC_ALL=C MSYS_NO_PATHCONV=1
