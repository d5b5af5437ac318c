#!/bin/sh
# What the README of the Python client showed in 2019, as commands. It needs a keychain, and the variables NAME and PASSWORD.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

echo '== Help'
synapse -h | sed -n 1p

printf '\n== A password for one command\n'
project=$(synapse -u "$NAME" -p "$PASSWORD" create Project --name "README of 2019 $(date +%s)-$$" | created)
trap 'synapse -u "$NAME" -p "$PASSWORD" delete "$project" > /dev/null' EXIT
awk 'BEGIN {
  OFS = "\t"
  print "TP53", "BRCA1", "EGFR", "MYC"
  for (row = 0; row < 100; row++) {
    print (row * 37) % 101 / 8, (row * 37 + 11) % 101 / 8, (row * 37 + 22) % 101 / 8, (row * 37 + 33) % 101 / 8
  }
}' > matrix.tsv
matrix=$(synapse -u "$NAME" -p "$PASSWORD" store matrix.tsv --parent-id "$project" | sed -n 's/.*\(syn[0-9][0-9]*\).*/\1/p')
mkdir download
synapse -u "$NAME" -p "$PASSWORD" get "$matrix" --download-location download > /dev/null
head -n 2 download/matrix.tsv
wc -l < download/matrix.tsv

printf '\n== A login that later commands use\n'
synapse login -u "$NAME" -p "$PASSWORD" --rememberMe | sed 's/ (.*//'
synapse show "$matrix" | sed -n 1p
synapse cat "$matrix" | sed -n 2p
synapse logout

# Output:
#   == Help
#   Store, get and describe data in Synapse (synapse.org).
#
#   == A password for one command
#   TP53	BRCA1	EGFR	MYC
#   0	1.375	2.75	4.125
#   101
#
#   == A login that later commands use
#   Logged in as: alice
#   File: matrix.tsv (syn1)
#   0	1.375	2.75	4.125
#   Removed the token of profile default from the keychain.
