#!/bin/sh
# A wiki as a folder of Markdown files, as commands: export it, edit it there, import it back.
set -eu

project=$(synapse create Project --name "Study $(date +%s)-$$" | sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p')
trap 'synapse delete "$project" > /dev/null' EXIT

# The ids of pages differ each time.
files() { cut -f 2-; }
titles() { sed 's/[0-9][0-9]*  //'; }

home=$(synapse wiki store "$project" --title Home --markdown '# Sleep' --quiet | sed -n 's/^Stored wiki page: \([0-9]*\).*/\1/p')
synapse wiki store "$project" --parent-page "$home" --title Methods --markdown 'The mice slept.' --quiet > /dev/null

echo '== Export: a file for each page'
synapse wiki export "$project" wiki --quiet | files

printf '\n== Edit a page, add another one, and see what an import would do\n'
echo 'The mice slept well, [see](Results.md).' > wiki/Home/Methods.md
echo '# All results' > wiki/Home/Results.md
synapse wiki import wiki "$project" --dry-run --quiet | files

printf '\n== Import: only what is different is sent\n'
synapse wiki import wiki "$project" --quiet | files
synapse wiki list "$project" | titles
synapse wiki import wiki "$project" --quiet | files

printf '\n== Remove a file, and delete its page\n'
rm wiki/Home/Results.md
synapse wiki import wiki "$project" --delete --yes --quiet > /dev/null
synapse wiki list "$project" | titles

# Output:
#   == Export: a file for each page
#   Home.md
#   Home/Methods.md
#
#   == Edit a page, add another one, and see what an import would do
#   Home/Methods.md	text
#   Home/Results.md
#
#   == Import: only what is different is sent
#   Home/Methods.md	text
#   Home/Results.md
#   Home
#     Methods
#     All results
#
#   == Remove a file, and delete its page
#   Home
#     Methods
