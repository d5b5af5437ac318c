#!/bin/sh
# Versions of a file, as commands: new content makes one, and each can be had again.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

project=$(synapse create Project --name "Growth $(date +%s)-$$" | created)
trap 'synapse delete "$project" > /dev/null' EXIT

echo '== New content makes a new version, the same content does not'
printf 'mouse,grams\n1,21\n' > weights.csv
file=$(synapse store weights.csv --parent-id "$project" | created)
printf 'mouse,grams\n1,23\n' > weights.csv
synapse store weights.csv --parent-id "$project" > /dev/null
synapse store weights.csv --parent-id "$project" > /dev/null
versions() {
  synapse api entity.listEntityVersions --id "$file" --paginate |
    sed -n 's/.*"versionNumber": \([0-9]*\).*/version \1/p'
}
versions

printf '\n== Get an old one: with the version in the id, or as a flag\n'
synapse get "$file.1" -
synapse get "$file" --version 1 --download-location old > /dev/null
cat old/weights.csv

printf '\n== Go back to it: its content becomes the newest version\n'
synapse store old/weights.csv --id "$file" > /dev/null
synapse get "$file" -
versions

printf '\n== Delete one version\n'
synapse delete "$file.2"
versions

# Output:
#   == New content makes a new version, the same content does not
#   version 2
#   version 1
#
#   == Get an old one: with the version in the id, or as a flag
#   mouse,grams
#   1,21
#   mouse,grams
#   1,21
#
#   == Go back to it: its content becomes the newest version
#   mouse,grams
#   1,21
#   version 3
#   version 2
#   version 1
#
#   == Delete one version
#   Deleted entity syn1, version 2
#   version 3
#   version 1
