#!/bin/sh
# Move files and folders, as commands. They keep their ids, versions and annotations, so links and citations stay right.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

project=$(synapse create Project --name "Season $(date +%s)-$$" | created)
trap 'synapse delete "$project" > /dev/null' EXIT

inbox=$(synapse create Folder --name inbox --parent-id "$project" | created)
spring=$(synapse create Folder --name spring --parent-id "$project" | created)
store() { echo "content of $1" | synapse store - --name "$1" --parent-id "$inbox" | created; }
march=$(store march.csv)
store april.csv > /dev/null
store notes.txt > /dev/null
show() { synapse tree "$project" | sed -e 1d -e '/^$/d'; }

echo '== Move a file'
synapse mv "$march" "$spring"
show

printf '\n== Move all files of a kind\n'
synapse list "$inbox" | grep '\.csv$' | while read -r id _; do
  synapse mv "$id" "$spring"
done
show

printf '\n== Move a folder, with everything in it\n'
archive=$(synapse create Folder --name archive --parent-id "$project" | created)
synapse mv "$spring" "$archive"
show

printf '\n== A name that is taken is not replaced\n'
again=$(store march.csv)
synapse mv "$again" "$spring" 2> /dev/null || echo "ended with $?"

# Output:
#   == Move a file
#   Moved syn1 to syn2
#   ├── inbox/ (syn3) [Folder]
#   │   ├── april.csv (syn4) [File]
#   │   └── notes.txt (syn5) [File]
#   └── spring/ (syn2) [Folder]
#       └── march.csv (syn1) [File]
#   2 folders, 3 files; 63 B
#
#   == Move all files of a kind
#   Moved syn4 to syn2
#   ├── inbox/ (syn3) [Folder]
#   │   └── notes.txt (syn5) [File]
#   └── spring/ (syn2) [Folder]
#       ├── april.csv (syn4) [File]
#       └── march.csv (syn1) [File]
#   2 folders, 3 files; 63 B
#
#   == Move a folder, with everything in it
#   Moved syn2 to syn6
#   ├── archive/ (syn6) [Folder]
#   │   └── spring/ (syn2) [Folder]
#   │       ├── april.csv (syn4) [File]
#   │       └── march.csv (syn1) [File]
#   └── inbox/ (syn3) [Folder]
#       └── notes.txt (syn5) [File]
#   3 folders, 3 files; 63 B
#
#   == A name that is taken is not replaced
#   ended with 1
