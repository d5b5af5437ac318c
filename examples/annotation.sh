#!/bin/sh
# Annotations, as commands: what is known about a file, in words that can be searched.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

project=$(synapse create Project --name "Alzheimer study $(date +%s)-$$" | created)
trap 'synapse delete "$project" > /dev/null' EXIT

batch=$(synapse create Folder --name single_cell_RNAseq_batch_1 --parent-id "$project" | created)
for name in SRR12345678_R1.fastq.gz SRR12345678_R2.fastq.gz; do
  echo "reads of $name" > "$name"
  synapse store "$name" --parent-id "$batch" > /dev/null
done

echo '== Add annotations to the files of a folder'
cat > annotations.json << 'JSON'
{"species": "Homo sapiens", "dataType": "geneExpression", "assay": "SCRNA-seq"}
JSON
for file in $(synapse list "$batch" | sed 's/ .*//'); do
  synapse set-annotations "$file" --annotations @annotations.json
done
synapse get-annotations "$file"

printf '\n== Store a new file with annotations\n'
echo 'reads of another' > SRR92345678_R1.fastq.gz
file=$(
  synapse store SRR92345678_R1.fastq.gz --parent-id "$batch" \
    --annotations '{"reads": 12000, "quality": [38.5, 37.0], "run": "2026-01-31"}' | created
)
synapse get-annotations "$file"

printf '\n== Change one, remove one; the others stay\n'
synapse set-annotations "$file" --annotations '{"reads": 13000, "run": null}'
synapse get-annotations "$file"

# Output:
#   == Add annotations to the files of a folder
#   {
#     "assay": [
#       "SCRNA-seq"
#     ],
#     "dataType": [
#       "geneExpression"
#     ],
#     "species": [
#       "Homo sapiens"
#     ]
#   }
#
#   == Store a new file with annotations
#   {
#     "quality": [
#       38.5,
#       37.0
#     ],
#     "reads": [
#       12000
#     ],
#     "run": [
#       "2026-01-31 00:00:00.000"
#     ]
#   }
#
#   == Change one, remove one; the others stay
#   {
#     "quality": [
#       38.5,
#       37.0
#     ],
#     "reads": [
#       13000
#     ]
#   }
