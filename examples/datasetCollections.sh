#!/bin/sh
# Dataset collections, as commands: datasets that belong together, with columns that describe them.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

project=$(synapse create Project --name "Atlas $(date +%s)-$$" | created)
trap 'synapse delete "$project" > /dev/null' EXIT

dataset() {
  file=$(echo "cells of $1" | synapse store - --name "$1.h5ad" --parent-id "$project" | created)
  synapse dataset create "$1" --parent-id "$project" --item "$file" | created
}
liver=$(dataset liver)
skin=$(dataset skin)
blood=$(dataset blood)

echo '== A collection'
atlas=$(
  synapse dataset create 'cell atlas' --collection --parent-id "$project" \
    --item "$liver" --item "$skin" --item "$blood" | created
)
synapse table describe "$atlas"

printf '\n== Add columns, and fill them in\n'
synapse table schema "$atlas" --add organ:STRING,cells:INTEGER
synapse table upsert "$atlas" - --key id << END
id,organ,cells
$liver,liver,1000
$skin,skin,2000
$blood,blood,3000
END

printf '\n== Query it\n'
synapse query "select name, organ, cells from $atlas where cells >= 2000 order by name" --no-row-ids

printf '\n== Make a snapshot\n'
synapse table snapshot "$atlas" --comment 'for the paper'

# Output:
#   == A collection
#   DatasetCollection: cell atlas (syn1)
#   Items:   3
#   Rows:    3
#   Columns: 12
#
#   NAME                TYPE          PROPERTIES
#   id                  ENTITYID
#   name                STRING(256)
#   description         STRING(1000)
#   createdOn           DATE          facet range
#   createdBy           USERID        facet enumeration
#   etag                STRING(36)
#   modifiedOn          DATE          facet range
#   modifiedBy          USERID        facet enumeration
#   path                STRING(1000)
#   datasetSizeInBytes  INTEGER
#   datasetMD5Hex       STRING(100)
#   datasetItemCount    INTEGER
#
#   == Add columns, and fill them in
#   add        organ STRING(50)
#   add        cells INTEGER
#   unchanged  12
#   Inserted: 0, updated: 3, unchanged: 0
#
#   == Query it
#   name	organ	cells
#   blood	blood	3000
#   skin	skin	2000
#
#   == Make a snapshot
#   Created snapshot: syn1.1
