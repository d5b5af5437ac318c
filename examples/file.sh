#!/bin/sh
# Files, as commands: content with a name, in a folder or project.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

project=$(synapse create Project --name "Alzheimer study $(date +%s)-$$" | created)
trap 'synapse delete "$project" > /dev/null' EXIT

echo '== Upload several files'
for directory in biospecimen_experiment_1 biospecimen_experiment_2; do
  folder=$(synapse create Folder --name "$directory" --parent-id "$project" | created)
  mkdir -p "$directory"
  for name in fileA.txt fileB.txt; do
    echo "$name of $directory" > "$directory/$name"
    file=$(synapse store "$directory/$name" --parent-id "$folder" | created)
  done
done

printf '\n== What Synapse has stored with one\n'
synapse show "$file" | sed -n '1p; s/^  *\(versionNumber\)=/\1 /p'

printf '\n== All folders and files of the project\n'
synapse tree "$project" | sed -n '2,$p'

printf '\n== Download one: into a directory, or to standard output\n'
synapse get "$file" --download-location download > /dev/null
cat download/fileB.txt
synapse get "$file" -

printf '\n== A file that is here already is not downloaded: it is found by its content\n'
cp biospecimen_experiment_1/fileA.txt copy.txt
synapse associate copy.txt

printf '\n== A file elsewhere on the web\n'
page=$(
  synapse store https://example.org/paper --name paper.html --parent-id "$project" | created
)
synapse show "$page" | sed -n 1p

# Output:
#   == Upload several files
#
#   == What Synapse has stored with one
#   File: fileB.txt (syn1)
#   versionNumber 1
#
#   == All folders and files of the project
#   ├── biospecimen_experiment_1/ (syn2) [Folder]
#   │   ├── fileA.txt (syn3) [File]
#   │   └── fileB.txt (syn4) [File]
#   └── biospecimen_experiment_2/ (syn5) [Folder]
#       ├── fileA.txt (syn6) [File]
#       └── fileB.txt (syn1) [File]
#
#   2 folders, 4 files; 152 B
#
#   == Download one: into a directory, or to standard output
#   fileB.txt of biospecimen_experiment_2
#   fileB.txt of biospecimen_experiment_2
#
#   == A file that is here already is not downloaded: it is found by its content
#   syn3.1	copy.txt
#
#   == A file elsewhere on the web
#   File: paper.html (syn7)
