#!/bin/sh
# Files behind a proxy, as commands: Synapse knows them and signs their addresses; a server of your own gives them out.
set -eu

# Replace the address by your own. The proxy knows the key, too.
proxy=https://my-proxy-server.example.com
printf '%s' "${MY_PROXY_SECRET_KEY:-$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')}" > key.txt

new_id() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }
project=$(synapse create Project --name "Study $(date +%s)-$$" | new_id)
trap 'synapse delete "$project" > /dev/null' EXIT
folder=$(synapse create Folder --name 'behind the proxy' --parent-id "$project" | new_id)

echo '== A proxy, for a folder; the key is read from a file'
location=$(
  synapse storage create proxy --proxy-url "$proxy" --secret-key-file key.txt --benefactor-id "$project" \
    --description 'our proxy' | sed -n 's/^Created storage location: \([0-9]*\).*/\1/p'
)
synapse storage set "$folder" "$location" > /dev/null
synapse storage show "$folder" --quiet | sed "s/^$location  */1  /"

printf '\n== Register a file that the proxy has. It is not uploaded\n'
printf 'mouse,hours\nA,12\n' > sleep.csv
md5=$(md5sum sleep.csv | cut -d ' ' -f 1)
handle=$(
  synapse api file.createExternalFileHandle --body "{
    \"concreteType\": \"org.sagebionetworks.repo.model.file.ProxyFileHandle\",
    \"storageLocationId\": $location, \"filePath\": \"mice/sleep.csv\", \"fileName\": \"sleep.csv\",
    \"contentType\": \"text/csv\", \"contentMd5\": \"$md5\", \"contentSize\": 17
  }" | sed -n 's/^ *"id": "\([0-9]*\)".*/\1/p'
)

printf '\n== A file entity for it\n'
synapse api entity.createEntity --body "{
  \"concreteType\": \"org.sagebionetworks.repo.model.FileEntity\",
  \"name\": \"sleep.csv\", \"parentId\": \"$folder\", \"dataFileHandleId\": \"$handle\"
}" > /dev/null
synapse list "$folder" | sed 's/syn[0-9]*/synapse id/'

# Output:
#   == A proxy, for a folder; the key is read from a file
#   LOCATION  TYPE        DESTINATION                            STORED  LIMIT  DESCRIPTION
#   1  PROXYLOCAL  a proxy, to which nothing is uploaded                 our proxy
#
#   == Register a file that the proxy has. It is not uploaded
#
#   == A file entity for it
#   synapse id  sleep.csv
