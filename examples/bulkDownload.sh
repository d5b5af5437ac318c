#!/bin/sh
# A whole project at once, as commands: its folders become directories, and a manifest says what the files are. A second download has
# nothing to do.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

project=$(synapse create Project --name "Bulk download $(date +%s)-$$" | created)
trap 'synapse delete "$project" > /dev/null' EXIT

mkdir -p source/biospecimens source/single_cell/batch_1
echo 'a1 a2 a3' > source/biospecimens/fileA.txt
printf 'gene,count\nBRCA1,7\n' > source/single_cell/batch_1/counts.csv
echo 'What this is.' > source/readme.txt
synapse store source --recursive --parent-id "$project" > /dev/null

echo '== Everything'
synapse get --recursive "$project" --download-location copy > /dev/null
find copy -name '*.txt' -o -name 'counts.csv' | sort

printf '\n== Again\n'
synapse get --recursive "$project" --download-location copy > /dev/null
find copy -name '*.txt' -o -name 'counts.csv' | sort

# Output:
#   == Everything
#   copy/biospecimens/fileA.txt
#   copy/readme.txt
#   copy/single_cell/batch_1/counts.csv
#
#   == Again
#   copy/biospecimens/fileA.txt
#   copy/readme.txt
#   copy/single_cell/batch_1/counts.csv
