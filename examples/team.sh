#!/bin/sh
# A team, as commands: invitations that are sent, sent again and withdrawn, and its members.
set -eu

# No other team and no user may have the name of a team.
name="Mouse lab $(date +%s)-$$"
me=$(synapse auth status --json | sed -n 's/.*"userName": *"\([^"]*\)".*/\1/p')
team=$(synapse team create "$name" --description 'Who works with mice' | sed -n 's/^Created team: \([0-9]*\).*/\1/p')
trap 'synapse team delete "$team" --yes > /dev/null' EXIT

echo '== Invite users and owners of email addresses'
synapse team invite "$team" carol@example.org dora@example.org "$me" --message Welcome | sed "s/: $me\$/: me/"

printf '\n== Invite somebody again: the new invitation replaces the open one\n'
synapse team invite "$name" dora@example.org --message 'Are you coming?'
synapse team invite "$name" dora@example.org --keep-open

printf '\n== Withdraw an invitation\n'
synapse team invite "$name" carol@example.org --withdraw

printf '\n== Who is a member, and who manages the team\n'
synapse team members "$name" --json | sed -n 's/.*\("isAdmin": [a-z]*\).*/\1/p'
synapse team show "$team" | sed -n '/^About\|^Members\|^Joining/p'

printf '\n== Find teams and users\n'
synapse team list --search "$name" --json | grep -c '"id"'
synapse user search "$me" --type user --json | grep -c "\"userName\": \"$me\""

# Output:
#   == Invite users and owners of email addresses
#   Invited: carol@example.org
#   Invited: dora@example.org
#   Already a member: me
#
#   == Invite somebody again: the new invitation replaces the open one
#   Invited again: dora@example.org
#   Already invited: dora@example.org
#
#   == Withdraw an invitation
#   Withdrew the invitation of: carol@example.org
#
#   == Who is a member, and who manages the team
#   "isAdmin": true
#   About:    Who works with mice
#   Members:  1
#   Joining:  by invitation or request
#
#   == Find teams and users
#   1
#   1
