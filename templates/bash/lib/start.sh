set -euo pipefail
export LC_ALL=C MSYS_NO_PATHCONV=1
