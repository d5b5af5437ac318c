#!/bin/sh
# Links, as commands: an entity that is also shown in another place.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

project=$(synapse create Project --name "Atlas $(date +%s)-$$" | created)
trap 'synapse delete "$project" > /dev/null' EXIT

data=$(synapse create Folder --name data --parent-id "$project" | created)
paper=$(synapse create Folder --name paper --parent-id "$project" | created)
printf 'x,y\n1,2\n' > cells.csv
cells=$(synapse store cells.csv --parent-id "$data" | created)

echo '== Link to a file and to a folder'
link() {
  synapse api entity.createEntity --body "{
    \"concreteType\": \"org.sagebionetworks.repo.model.Link\",
    \"name\": \"$1\", \"parentId\": \"$2\", \"linksTo\": {\"targetId\": \"$3\"}
  }" | sed -n 's/^ *"id": "\(syn[0-9]*\)".*/\1/p'
}
to_file=$(link 'the cells' "$paper" "$cells")
link 'all data' "$paper" "$data" > /dev/null
synapse list "$paper"

printf '\n== A link is an entity of its own, unless you follow it\n'
synapse show "$to_file" | sed -n 1p
synapse get "$to_file" --follow-link - 

printf '\n== Look at what links lead to\n'
synapse tree "$paper" --follow-link | sed -n '2,$p'

printf '\n== Download what links lead to\n'
synapse get --recursive "$paper" download --follow-link --manifest suppress > /dev/null
find download -name '*.csv' | sort

# Output:
#   == Link to a file and to a folder
#   syn1  all data
#   syn2  the cells
#
#   == A link is an entity of its own, unless you follow it
#   Link: the cells (syn2)
#   x,y
#   1,2
#
#   == Look at what links lead to
#   ├── the cells (syn3, by the link syn2) [File]
#   └── all data/ (syn4, by the link syn1) [Folder]
#       └── cells.csv (syn3) [File]
#
#   1 folder, 2 files; 8 B
#
#   == Download what links lead to
#   download/all data/cells.csv
#   download/cells.csv
