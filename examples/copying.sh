#!/bin/sh
# Copy a project, a folder, a file, as commands. Nothing is downloaded, and a plan shows first what will be done.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

study=$(synapse create Project --name "Study $(date +%s)-$$" | created)
release=$(synapse create Project --name "Release $(date +%s)-$$" | created)
trap 'synapse delete "$study" "$release" > /dev/null' EXIT

raw=$(synapse create Folder --name raw --parent-id "$study" | created)
store() { echo "$1" | synapse store - --name "$2" --parent-id "$raw" | created; }
scan=$(store 'as measured' scan1.txt)
store 'as measured as well' scan2.txt > /dev/null
synapse set-annotations "$scan" --annotations '{"tissue": "liver"}' > /dev/null

echo '== Look before you copy'
synapse cp "$raw" --destination-id "$release" --dry-run

printf '\n== Copy a folder: a line for each copy\n'
synapse cp "$raw" --destination-id "$release"

printf '\n== A name that is taken is an error before anything is copied\n'
synapse cp "$raw" --destination-id "$release" 2> errors.txt || sed 's/^synapse cp: //' errors.txt
rm errors.txt

printf '\n== Bring the copy up to date. Only what has changed is written\n'
store 'measured again' scan2.txt > /dev/null
synapse cp "$raw" --destination-id "$release" --update-existing --dry-run
synapse cp "$raw" --destination-id "$release" --update-existing > /dev/null

printf '\n== One version of a file, without provenance and annotations\n'
first=$(synapse create Folder --name 'first versions' --parent-id "$release" | created)
synapse cp "$scan" --version 1 --destination-id "$first" --set-provenance none --skip-copy-annotations
synapse list "$first"

# Output:
#   == Look before you copy
#   create    raw (syn1)
#   create    raw/scan1.txt (syn2) 12 B - your own file handle is used again
#   create    raw/scan2.txt (syn3) 20 B - your own file handle is used again
#   3 create: 32 B, 5 requests
#
#   == Copy a folder: a line for each copy
#   Copied syn1 to syn4
#   Copied syn2 to syn5
#   Copied syn3 to syn6
#   {'syn1': 'syn4', 'syn2': 'syn5', 'syn3': 'syn6'}
#
#   == A name that is taken is an error before anything is copied
#   Nothing was copied:
#     raw: An entity named "raw" already exists in this location (syn4)
#   Rename or delete them, or copy with updateExisting (--update-existing) to bring them up to date.
#
#   == Bring the copy up to date. Only what has changed is written
#   update    raw/scan2.txt (syn3) 15 B - content of syn6
#   1 update, 2 unchanged: 15 B, 2 requests
#
#   == One version of a file, without provenance and annotations
#   Copied syn2 to syn7
#   {'syn2': 'syn7'}
#   syn7  scan1.txt
