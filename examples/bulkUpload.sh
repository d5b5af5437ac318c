#!/bin/sh
# Many files at once, as commands: a manifest says where each file belongs, what its annotations are and how it was made. A plan shows
# what an upload does; a second upload has nothing to do.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

project=$(synapse create Project --name "Bulk upload $(date +%s)-$$" | created)
trap 'synapse delete "$project" > /dev/null' EXIT

echo '== A directory of results'
mkdir -p study/biospecimens study/single_cell
echo 'a1 a2 a3' > study/biospecimens/fileA.txt
echo 'b1 b2' > study/biospecimens/fileB.txt
printf '@read1\nACGT\n+\nFFFF\n' > study/single_cell/reads.fastq
printf 'gene,count\nBRCA1,7\n' > study/single_cell/counts.csv

# The folders are made in Synapse, and each file gets a row.
synapse manifest study --parent-id "$project" --manifest-file files.csv > /dev/null

printf '\n== Annotations and provenance\n'
tr -d '\r' < files.csv | awk 'NR == 1 { print $0 ",used,activityName,tissue,batch"; next }
  /counts.csv/ { print $0 ",study/single_cell/reads.fastq,Count,liver,\"[1,2]\""; next }
  { print $0 ",,,liver,\"[1,2]\"" }' > manifest.csv
synapse sync manifest.csv --dry-run | sed 's/syn[0-9]*/syn/' | sort
synapse sync manifest.csv | cut -f 2 | sort

printf '\n== Again: only what is different\n'
echo 'b1 b2 b3' > study/biospecimens/fileB.txt
synapse sync manifest.csv | cut -f 2
synapse sync manifest.csv

# Output:
#   == A directory of results
#
#   == Annotations and provenance
#   4 create: 53 B, 21 requests
#   create    syn/counts.csv 19 B
#   create    syn/fileA.txt 9 B
#   create    syn/fileB.txt 6 B
#   create    syn/reads.fastq 19 B
#   counts.csv
#   fileA.txt
#   fileB.txt
#   reads.fastq
#
#   == Again: only what is different
#   fileB.txt
