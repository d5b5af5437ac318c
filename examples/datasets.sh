#!/bin/sh
# Datasets, as commands: versions of files that belong together, with columns that describe them.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

project=$(synapse create Project --name "Scans $(date +%s)-$$" | created)
trap 'synapse delete "$project" > /dev/null' EXIT

folder=$(synapse create Folder --name scans --parent-id "$project" | created)
inner=$(synapse create Folder --name 'day 2' --parent-id "$folder" | created)
store() { echo "content of $1" | synapse store - --name "$1" --parent-id "$2" | created; }
readme=$(store readme.txt "$project")
atlas=$(store atlas.nii "$project")
store scan1.nii "$folder" > /dev/null
store scan2.nii "$inner" > /dev/null

echo '== A dataset of a version of a file, a file, and all files of a folder'
dataset=$(
  synapse dataset create 'brain scans' --parent-id "$project" \
    --item "$readme.1" --item "$atlas" --item "$folder" | created
)
synapse table describe "$dataset"

printf '\n== Query it\n'
synapse query "select name, currentVersion from $dataset where name like 'scan%' order by name" --no-row-ids

printf '\n== Add a column, and fill it in\n'
synapse table schema "$dataset" --add quality:STRING
printf 'id,quality\n%s,excellent\n' "$atlas" | synapse table upsert "$dataset" - --key id
synapse query "select name, quality from $dataset where quality is not null" --no-row-ids

printf '\n== Keep the state as it is now\n'
synapse table snapshot "$dataset" --label 'first release' --comment 'as submitted'

printf '\n== Later changes do not reach it\n'
synapse dataset create 'brain scans' --quiet --parent-id "$project" --item "$readme" > /dev/null
synapse query "select name from $dataset order by name" --no-row-ids
synapse query "select name from $dataset.1 order by name" --no-row-ids
