#!/bin/sh
# The download list, as commands: collect files, look at the list, and download everything with a manifest.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

project=$(synapse create Project --name "Study $(date +%s)-$$" | created)
trap 'synapse delete "$project" > /dev/null' EXIT

mkdir -p source/batch_1
echo 'What this is.' > source/readme.txt
echo 'Counts of the brain.' > source/batch_1/counts.txt
echo 'Counts of the liver.' > source/counts.txt
synapse store source --recursive --parent-id "$project" > /dev/null
synapse download-list clear --yes > /dev/null

echo '== Add a whole project'
synapse download-list add "$project" --quiet

printf '\n== Look at the list\n'
# The ids and the project differ each time.
synapse download-list list --json --quiet | grep '"fileName"' | sort

printf '\n== Download everything\n'
synapse get-download-list --download-location collected --quiet | sed 's/_[0-9]*\.csv/_<time>.csv/'
ls collected | sed 's/_[0-9]*\.csv/_<time>.csv/'

printf '\n== The list is empty\n'
synapse get-download-list --download-location collected

# Output:
#   == Add a whole project
#   Added: 3
#
#   == Look at the list
#         "fileName": "counts.txt",
#         "fileName": "counts.txt",
#         "fileName": "readme.txt",
#
#   == Download everything
#   Manifest file: collected/manifest_<time>.csv
#   counts(1).txt
#   counts.txt
#   manifest_<time>.csv
#   readme.txt
#
#   == The list is empty
