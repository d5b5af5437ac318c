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
