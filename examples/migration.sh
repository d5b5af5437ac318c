#!/bin/sh
# Migration, as commands: move the files of a project to another storage location.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

project=$(synapse create Project --name "Migration $(date +%s)-$$" | created)
trap 'synapse delete "$project" > /dev/null' EXIT

folder=$(synapse create Folder --name reads --parent-id "$project" | created)
store() { printf '%s' "$2" | synapse store - --name "$1" --parent-id "$folder" > /dev/null; }
store sample1.txt ACGT
store sample1.txt ACGTACGT

# A storage location that you have created. For your own bucket, use ExternalS3StorageLocationSetting.
location=$(
  synapse api projectSettings.createStorageLocation --body '{
    "concreteType": "org.sagebionetworks.repo.model.project.S3StorageLocationSetting"
  }' | sed -n 's/.*"storageLocationId": *\([0-9]*\).*/\1/p'
)
show() { sed "s/($location)/(the new one)/"; }

echo '== Index: what would be moved'
synapse migrate "$project" "$location" migration.db --file-version-strategy all --dry-run | show

printf '\n== Migrate\n'
synapse migrate "$project" "$location" migration.db --file-version-strategy all --force \
  --csv-log-path log.csv | show

printf '\n== The log\n'
cut -d , -f 1,2,3,9,10 log.csv | tr -d '\r' | sort -r

printf '\n== A second run has nothing to do\n'
synapse migrate "$project" "$location" migration.db --file-version-strategy all --force | show

# Output:
#   == Index: what would be moved
#   Indexed 2 items, 2 needing migration, 0 already stored in destination storage location (the new one). Encountered 0 errors.
#   2 files to migrate, 12 bytes to copy.
#     syn1.1: 4 bytes in storage location 1
#     syn1.2: 8 bytes in storage location 1
#   Dry run, index created at migration.db but skipping migration. Can proceed with migration by running the same command without the dry run option.
#
#   == Migrate
#   Indexed 2 items, 2 needing migration, 0 already stored in destination storage location (the new one). Encountered 0 errors.
#   Completed migration of syn2. 2 files migrated. 0 errors encountered
#
#   == The log
#   syn1,file,2,8,MIGRATED
#   syn1,file,1,4,MIGRATED
#   id,type,version,file_size,status
#
#   == A second run has nothing to do
#   Indexed 2 items, 0 needing migration, 2 migrated before, 0 already stored in destination storage location (the new one). Encountered 0 errors.
#   No files found needing migration.
