#!/bin/sh
# Provenance, as commands: what a file was made from, and by which program.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

project=$(synapse create Project --name "Biospecimens $(date +%s)-$$" | created)
trap 'synapse delete "$project" > /dev/null' EXIT

echo '== Say what made a file when you store it'
printf 'sample,reads\nA,91\nB,12\n' > reads.csv
raw=$(synapse store reads.csv --parent-id "$project" | created)
printf 'sample,reads\nA,91\n' > passed.csv
passed=$(
  synapse store passed.csv --parent-id "$project" --used "$raw" \
    --executed https://github.com/example/pipeline/blob/v1.0/quality.R | created
)
synapse show "$passed" | grep -A1 -e Executed: -e Used:

printf '\n== A new version has an activity of its own\n'
printf 'sample,reads\nA,0.91\n' > passed.csv
synapse store passed.csv --id "$passed" --used "$passed.1" > /dev/null
inputs() {
  synapse provenance graph "$1" --depth 1 --format dot 2> /dev/null |
    sed -n 's/.*label="\([^"\\]*\)\\n\(syn[^ ]*\).*/\2 \1/p'
}
inputs "$passed.1"
echo
inputs "$passed.2"

printf '\n== Say it later, for a file that is stored already: local files stand for their versions in Synapse\n'
echo '<svg/>' > plot.svg
plot=$(synapse store plot.svg --parent-id "$project" | created)
synapse set-provenance "$plot" --name Plot --used passed.csv --executed https://www.r-project.org \
  --limit-search "$project" | sed 's/record [0-9]*/record/'

printf '\n== Read it\n'
synapse get-provenance "$plot" --output record.json
sed 's/.*"name": "\([^"]*\)", "used".*/\1/' record.json
synapse get-provenance "$plot" | sed -n 's/.*"\(targetId\|url\)": "\(.*\)".*/\2/p'

printf '\n== Follow it back to where everything began\n'
synapse provenance graph "$passed" --format dot | sed -n 's/.*label="\([^"\\]*\)\\n\(syn[^ ]*\).*/\2 \1/p'

printf '\n== Draw it: for Markdown, and as a picture\n'
synapse provenance graph "$passed" | head -n 1
synapse provenance graph "$passed" --format svg --output provenance.svg
head -c 4 provenance.svg
echo

# Output:
#   == Say what made a file when you store it
#     Executed:
#   https://github.com/example/pipeline/blob/v1.0/quality.R  Used:
#   syn1.1
#
#   == A new version has an activity of its own
#   syn2.1 passed.csv
#   syn1.1 reads.csv
#
#   syn2.2 passed.csv
#   syn2.1 passed.csv
#
#   == Say it later, for a file that is stored already: local files stand for their versions in Synapse
#   Set provenance record on entity syn3
#
#   == Read it
#   Plot
#   syn2
#   https://www.r-project.org
#
#   == Follow it back to where everything began
#   syn2.2 passed.csv
#   syn2.1 passed.csv
#   syn1.1 reads.csv
#
#   == Draw it: for Markdown, and as a picture
#   flowchart LR
#   <svg
