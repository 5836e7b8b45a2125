
# Projects that the connection is shared with beyond the description.
{{{id}}}_look() {
  local project
  found=same
  for project in $shared_with; do
    is_guid "$project" || die 4 "the service sent a project id that is none: $project"
    case $shares_described$project_id in
    *"$project"*) ;;
    *) extra "shared with project $project" ;;
    esac
  done
}
