#!/bin/sh
# Entity views, as commands: the files of a project as a table, whose custom columns are the annotations of the files.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

project=$(synapse create Project --name "Sequencing $(date +%s)-$$" | created)
trap 'synapse delete "$project" > /dev/null' EXIT

batch1=$(synapse create Folder --name 'batch 1' --parent-id "$project" | created)
batch2=$(synapse create Folder --name 'batch 2' --parent-id "$project" | created)
annotations='{"species": ["mouse"]}'
echo '@lane1' | synapse store - --name lane1.fastq --parent-id "$batch1" --annotations "$annotations" > /dev/null
echo '@lane2' | synapse store - --name lane2.fastq --parent-id "$batch1" --annotations "$annotations" > /dev/null
echo '@lane3' | synapse store - --name lane3.fastq --parent-id "$batch2" --annotations "$annotations" > /dev/null

echo '== A view of the files of one folder'
view=$(
  synapse view create 'sequence files' --parent-id "$project" --scope "$batch1" --types file \
    --columns 'species:STRING,assay:STRING,lanes:INTEGER_LIST' | created
)
synapse table describe "$view"

printf '\n== Query it\n'
synapse query "select name, species, assay from $view where name like 'lane%' order by name" --no-row-ids

printf '\n== Change the annotations of the files\n'
cat > assays.csv << 'END'
name,assay,lanes
lane1.fastq,RNA-seq,"[1, 11]"
lane2.fastq,RNA-seq,"[2, 12]"
END
synapse table upsert "$view" assays.csv --key name
synapse query "select name, species, assay, lanes from $view order by name" --no-row-ids

printf '\n== Widen the scope, and show folders as well as files\n'
synapse view create 'sequence files' --quiet --parent-id "$project" --scope "$project" --types file,folder > /dev/null
synapse query "select type, name from $view order by name" --no-row-ids

# Output:
#   == A view of the files of one folder
#   EntityView: sequence files (syn1)
#   Scope:   syn2
#   Types:   file
#   Rows:    2
#   Files:   14 B
#   Columns: 24
#
#   NAME                  TYPE               PROPERTIES
#   species               STRING(50)
#   assay                 STRING(50)
#   lanes                 INTEGER_LIST[100]
#   id                    ENTITYID
#   name                  STRING(256)
#   description           STRING(1000)
#   createdOn             DATE               facet range
#   createdBy             USERID             facet enumeration
#   etag                  STRING(36)
#   modifiedOn            DATE               facet range
#   modifiedBy            USERID             facet enumeration
#   path                  STRING(1000)
#   type                  STRING(20)         facet enumeration
#   currentVersion        INTEGER
#   parentId              ENTITYID           facet enumeration
#   benefactorId          ENTITYID
#   projectId             ENTITYID           facet enumeration
#   dataFileHandleId      FILEHANDLEID
#   dataFileName          STRING(256)
#   dataFileSizeBytes     INTEGER
#   dataFileMD5Hex        STRING(100)
#   dataFileConcreteType  STRING(65)         facet enumeration
#   dataFileBucket        STRING(100)        facet enumeration
#   dataFileKey           STRING(700)
#
#   == Query it
#   name	species	assay
#   lane1.fastq	mouse
#   lane2.fastq	mouse
#
#   == Change the annotations of the files
#   Inserted: 0, updated: 2, unchanged: 0
#   name	species	assay	lanes
#   lane1.fastq	mouse	RNA-seq	[1, 11]
#   lane2.fastq	mouse	RNA-seq	[2, 12]
#
#   == Widen the scope, and show folders as well as files
#   type	name
#   folder	batch 1
#   folder	batch 2
#   file	lane1.fastq
#   file	lane2.fastq
#   file	lane3.fastq
