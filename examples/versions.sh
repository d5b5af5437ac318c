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
# Only number and label: times differ.
versions() { synapse version list "$file" | cut -c 1-14; }
versions

printf '\n== Get an old one: with the version in the id, or as a flag\n'
synapse get "$file.1" -
synapse get "$file" --version 1 --download-location old > /dev/null
cat old/weights.csv

printf '\n== Go back to it: its content becomes the newest version\n'
synapse version restore "$file" --version 1 --comment 'version 2 was of another mouse'
synapse get "$file" -
synapse version restore "$file" --version 1

printf '\n== Change label and comment of the current version\n'
synapse version label "$file" --label v1.0
versions

printf '\n== Delete one version\n'
synapse delete "$file.2"
versions

# Output:
#   == New content makes a new version, the same content does not
#   VERSION  LABEL
#   2 *      2
#   1        1
#
#   == Get an old one: with the version in the id, or as a flag
#   mouse,grams
#   1,21
#   mouse,grams
#   1,21
#
#   == Go back to it: its content becomes the newest version
#   Restored version 1 of syn1 as version 3: content
#   mouse,grams
#   1,21
#   Nothing to restore: version 3 of syn1 is the same as version 1
#
#   == Change label and comment of the current version
#   Version 3 of syn1: v1.0	version 2 was of another mouse
#   VERSION  LABEL
#   3 *      v1.0
#   2        2
#   1        1
#
#   == Delete one version
#   Deleted entity syn1, version 2
#   VERSION  LABEL
#   3 *      v1.0
#   1        1
