
# Projects that the connection is shared with beyond the description.
{{{id}}}_look() {
  local project
  found=same
  for project in $shared_with; do
    case $shares_described$project_id in
    *"$project"*) ;;
    *) extra "shared with project $project" ;;
    esac
  done
}
