#!/bin/sh
# Folders, as commands: containers in a project, or in other folders.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

project=$(synapse create Project --name "Alzheimer study $(date +%s)-$$" | created)
trap 'synapse delete "$project" > /dev/null' EXIT

echo '== Create folders'
for name in single_cell_RNAseq_batch_1 single_cell_RNAseq_batch_2 \
  biospecimen_experiment_1 biospecimen_experiment_2; do
  synapse create Folder --name "$name" --parent-id "$project" > /dev/null
done
synapse list "$project"

printf '\n== Folders in a folder\n'
notes=$(synapse create Folder --name experiment_notes --parent-id "$project" | created)
synapse create Folder --name notes_2023 --parent-id "$notes" > /dev/null
notes_2022=$(synapse create Folder --name notes_2022 --parent-id "$notes" | created)

printf '\n== Creating one again finds it\n'
again=$(synapse create Folder --name notes_2022 --parent-id "$notes" | created)
test "$again" = "$notes_2022" && echo 'the same folder'

printf '\n== Everything in the project\n'
synapse tree "$project" | sed -n '2,$p'

# Output:
#   == Create folders
#   syn1  biospecimen_experiment_1/
#   syn2  biospecimen_experiment_2/
#   syn3  single_cell_RNAseq_batch_1/
#   syn4  single_cell_RNAseq_batch_2/
#
#   == Folders in a folder
#
#   == Creating one again finds it
#   the same folder
#
#   == Everything in the project
#   ├── biospecimen_experiment_1/ (syn1) [Folder]
#   ├── biospecimen_experiment_2/ (syn2) [Folder]
#   ├── experiment_notes/ (syn5) [Folder]
#   │   ├── notes_2022/ (syn6) [Folder]
#   │   └── notes_2023/ (syn7) [Folder]
#   ├── single_cell_RNAseq_batch_1/ (syn3) [Folder]
#   └── single_cell_RNAseq_batch_2/ (syn4) [Folder]
#
#   7 folders, 0 files; 0 B
