#!/bin/sh
# A wiki, as commands: pages with texts and attachments, and their history.
set -eu

project=$(synapse create Project --name "Study $(date +%s)-$$" | sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p')
trap 'synapse delete "$project" > /dev/null' EXIT

stored() { sed -n 's/^Stored wiki page: \([0-9]*\).*/\1/p'; }
# The ids of pages differ each time.
titles() { sed 's/[0-9][0-9]*  //'; }

echo '== The root page, and pages below it'
home=$(synapse wiki store "$project" --title Home --markdown '# Sleep of mice' --quiet | stored)
printf '# Methods\nThe mice slept.\n' > methods.md
synapse wiki store "$project" --parent-page "$home" --title Methods --markdown-file methods.md --quiet > /dev/null
printf 'mouse,hours\nA,12\nB,11\n' > hours.csv
results=$(
  synapse wiki store "$project" --parent-page "$home" --title Results --attach hours.csv \
    --markdown '${previewattachment?fileName=hours.csv}' --quiet | stored
)
synapse wiki list "$project" | titles

printf '\n== Read a page\n'
synapse wiki show "$project" --title Methods --quiet

printf '\n== Change a page; an earlier version can still be read\n'
synapse wiki store "$project" --markdown '# Sleep and food of mice' --quiet > /dev/null
synapse wiki show "$project" --quiet
synapse wiki show "$project" --version 0 --quiet

printf '\n== Delete a page\n'
synapse wiki delete "$project" --page "$results" --yes > /dev/null
synapse wiki list "$project" | titles

# Output:
#   == The root page, and pages below it
#   Home
#     Methods
#     Results
#
#   == Read a page
#   # Methods
#   The mice slept.
#
#   == Change a page; an earlier version can still be read
#   # Sleep and food of mice
#   # Sleep of mice
#
#   == Delete a page
#   Home
#     Methods
