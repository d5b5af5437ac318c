#!/bin/sh
# Messages and discussions, as commands.
set -eu

project=$(synapse create Project --name "Study $(date +%s)-$$" | sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p')
trap 'synapse delete "$project" > /dev/null' EXIT

me=$(synapse auth status --json | sed -n 's/.*"userName": *"\([^"]*\)".*/\1/p')
# The id in "Sent message: 12<tab>subject".
made() { sed -n 's/^[A-Z][a-z]* [a-z]*: \([0-9]*\).*/\1/p'; }

echo '== Send a message to a user, and read it'
message=$(synapse message send --to "$me" --subject 'Night 3' --body 'Two mice slept for 20 hours.' | made)
synapse message show "$message" --mark-read --quiet

printf '\n== The text of a message can come from a program\n'
printf 'mouse,hours\nA,20\n' | synapse message reply "$message" --body-file - | cut -f 2

printf '\n== Take a message out of the inbox\n'
synapse message archive "$message" > /dev/null
synapse message list --archived --json | sed -n 's/.*"subject": \(".*"\).*/\1/p'

printf '\n== Begin a discussion in the forum of a project\n'
thread=$(synapse discussion post "$project" --title 'Outliers of night 3' --body 'What happened?' | made)
synapse discussion reply "$thread" --body 'The sensor was **broken**.' > /dev/null
synapse discussion list "$project" --json | sed -n 's/.*"title": \(".*"\).*/\1/p'

printf '\n== Read a thread with its replies\n'
synapse discussion show "$thread" --quiet | sed 's/, .*//'

# Output:
#   == Send a message to a user, and read it
#   Two mice slept for 20 hours.
#
#   == The text of a message can come from a program
#   Re: Night 3
#
#   == Take a message out of the inbox
#   "Night 3"
#
#   == Begin a discussion in the forum of a project
#   "Outliers of night 3"
#
#   == Read a thread with its replies
#   == alice
#   What happened?
#   == alice
#   The sensor was **broken**.
