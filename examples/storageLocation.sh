#!/bin/sh
# Storage locations, as commands: folders that keep their files in buckets and on servers.
set -eu

# For Synapse itself, replace this by your own bucket. It needs a file owner.txt with your user name.
bucket=my-synapse-bucket

new_id() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }
location() { synapse storage create "$@" | sed -n 's/^Created storage location: \([0-9]*\).*/\1/p'; }
# Where uploads go: the type and the description. The ids differ each time.
show() { synapse storage show "$1" --quiet --json | sed -n 's/.*"description": \(".*"\).*/\1/p'; }

project=$(synapse create Project --name "Study $(date +%s)-$$" | new_id)
trap 'synapse delete "$project" > /dev/null' EXIT
raw=$(synapse create Folder --name raw --parent-id "$project" | new_id)

echo '== An S3 bucket of your own, for a folder'
s3=$(location externalS3 --bucket "$bucket" --base-key synapse-data --description 'our bucket')
synapse storage set "$raw" "$s3" > /dev/null
show "$raw"

printf '\n== Uploads go there\n'
printf 'gene,count\na,1\n' > counts.csv
synapse store counts.csv --parent-id "$raw" --quiet > /dev/null
synapse storage usage "$project" | sed "s/^$s3 /s3/"

printf '\n== Other kinds\n'
kind() { synapse storage create "$@" | cut -f 2; }
kind externalGoogleCloud --bucket my-gcs-bucket
kind externalHttps --url https://files.example.org/data
kind externalObjectStore --endpoint-url https://objects.example.org --bucket lab
sftp=$(location externalSftp --url sftp://files.example.org/upload --description 'our server')

printf '\n== The same settings are the same location\n'
same=$(location externalS3 --bucket "$bucket" --base-key synapse-data --description 'our bucket')
test "$same" = "$s3" && echo 'the same'

printf '\n== Several locations\n'
synapse storage set "$raw" "$sftp" --add --quiet > /dev/null
show "$raw"

printf '\n== For the whole project; the folder inherits it\n'
synapse storage set "$project" "$s3" > /dev/null
synapse storage reset "$raw" --yes > /dev/null
show "$raw"

printf '\n== Back to the storage of Synapse\n'
synapse storage set "$project" default | sed "s/$project/the project/"

# Output:
#   == An S3 bucket of your own, for a folder
#   "our bucket"
#
#   == Uploads go there
#   LOCATION  BYTES  LIMIT
#   1         0
#   s3        15
#
#   == Other kinds
#   externalGoogleCloud
#   externalHttps
#   externalObjectStore
#
#   == The same settings are the same location
#   the same
#
#   == Several locations
#   "our bucket"
#   "our server"
#
#   == For the whole project; the folder inherits it
#   "our bucket"
#
#   == Back to the storage of Synapse
#   Uploads to the project go to storage location 1
