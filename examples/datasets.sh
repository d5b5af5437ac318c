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

printf '\n== Make a snapshot\n'
synapse table snapshot "$dataset" --label 'first release' --comment 'as submitted'

printf '\n== Later changes do not reach it\n'
synapse dataset create 'brain scans' --quiet --parent-id "$project" --item "$readme" > /dev/null
synapse query "select name from $dataset order by name" --no-row-ids
synapse query "select name from $dataset.1 order by name" --no-row-ids

# Output:
#   == A dataset of a version of a file, a file, and all files of a folder
#   Dataset: brain scans (syn1)
#   Items:   4
#   Rows:    4
#   Files:   85 B
#   Columns: 21
#
#   NAME                  TYPE          PROPERTIES
#   id                    ENTITYID
#   name                  STRING(256)
#   description           STRING(1000)
#   createdOn             DATE          facet range
#   createdBy             USERID        facet enumeration
#   etag                  STRING(36)
#   modifiedOn            DATE          facet range
#   modifiedBy            USERID        facet enumeration
#   path                  STRING(1000)
#   type                  STRING(20)    facet enumeration
#   currentVersion        INTEGER
#   parentId              ENTITYID      facet enumeration
#   benefactorId          ENTITYID
#   projectId             ENTITYID      facet enumeration
#   dataFileHandleId      FILEHANDLEID
#   dataFileName          STRING(256)
#   dataFileSizeBytes     INTEGER
#   dataFileMD5Hex        STRING(100)
#   dataFileConcreteType  STRING(65)    facet enumeration
#   dataFileBucket        STRING(100)   facet enumeration
#   dataFileKey           STRING(700)
#
#   == Query it
#   name	currentVersion
#   scan1.nii	1
#   scan2.nii	1
#
#   == Add a column, and fill it in
#   add        quality STRING(50)
#   unchanged  21
#   Inserted: 0, updated: 1, unchanged: 0
#   name	quality
#   atlas.nii	excellent
#
#   == Make a snapshot
#   Created snapshot: syn1.1
#
#   == Later changes do not reach it
#   name
#   readme.txt
#   name
#   atlas.nii
#   readme.txt
#   scan1.nii
#   scan2.nii
