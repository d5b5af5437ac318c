#!/bin/sh
# Sharing settings, as commands: who may do what, why, and how folders inherit again.
set -eu

# The name differs each time.
shown() { sed 's/Study [0-9-]*/Study/'; }
created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

project=$(synapse create Project --name "Study $(date +%s)-$$" | created)
trap 'synapse delete "$project" > /dev/null' EXIT
data=$(synapse create Folder --name 'Research Data' --parent-id "$project" | created)
sensitive=$(synapse create Folder --name 'Sensitive Analysis' --parent-id "$data" | created)

echo '== Give everybody who is logged in access to a folder: it gets a list of its own'
synapse access grant "$data" AUTHENTICATED_USERS download --quiet
synapse access grant "$sensitive" AUTHENTICATED_USERS view --quiet

printf '\n== All lists, as a tree\n'
synapse access list "$project" --recursive | shown

printf '\n== Why may everybody look at the folder, but not download?\n'
synapse access why "$sensitive" AUTHENTICATED_USERS

printf '\n== Take the access back\n'
synapse access revoke "$data" AUTHENTICATED_USERS

printf '\n== Let the folders inherit again\n'
synapse access reset "$project" --recursive --dry-run | shown
synapse access reset "$project" --recursive --yes | shown

printf '\n== Are there access requirements?\n'
synapse access requirements "$project" --recursive --json

# Output:
#   == Give everybody who is logged in access to a folder: it gets a list of its own
#   Granted download on syn1 to AUTHENTICATED_USERS
#   Granted view on syn2 to AUTHENTICATED_USERS
#
#   == All lists, as a tree
#   Study (syn3) [project]: own list
#   │   alice (user 3400001): admin
#   └── Research Data (syn1) [folder]: own list
#       │   alice (user 3400001): admin
#       │   AUTHENTICATED_USERS: download
#       └── Sensitive Analysis (syn2) [folder]: own list
#               alice (user 3400001): admin
#               AUTHENTICATED_USERS: view
#
#   == Why may everybody look at the folder, but not download?
#   AUTHENTICATED_USERS does not have DOWNLOAD access to Sensitive Analysis (syn2).
#   Because:
#     - No entry of the list of Sensitive Analysis (syn2) gives DOWNLOAD to AUTHENTICATED_USERS or to PUBLIC: they have only READ.
#   What to do:
#     - You may grant DOWNLOAD on syn2 to AUTHENTICATED_USERS (access.set).
#
#   == Take the access back
#   Revoked all access on syn1 from AUTHENTICATED_USERS
#
#   == Let the folders inherit again
#   Study (syn3) [project]: keeps its list, because a project inherits from nothing
#   └── Research Data (syn1) [folder]: list would be deleted, would inherit from syn3
#       │   - alice (user 3400001): admin
#       └── Sensitive Analysis (syn2) [folder]: list would be deleted, would inherit from syn3
#               - alice (user 3400001): admin
#               - AUTHENTICATED_USERS: view
#
#   2 lists would be deleted, 0 more would inherit from another container, 1 list kept.
#   Study (syn3) [project]: keeps its list, because a project inherits from nothing
#   └── Research Data (syn1) [folder]: list deleted, inherits from syn3
#       └── Sensitive Analysis (syn2) [folder]: list deleted, inherits from syn3
#
#   2 lists deleted, 0 more inherit from another container, 1 list kept.
#
#   == Are there access requirements?
#   []
