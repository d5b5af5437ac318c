#!/bin/sh
# Projects, as commands: the containers that data, people and their work belong to.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

echo '== Create a project: its name is unique in all of Synapse'
name="Alzheimer study $(date +%s)-$$"
project=$(synapse create Project --name "$name" | created)
trap 'synapse delete "$project" > /dev/null' EXIT

printf '\n== What Synapse has stored with it\n'
synapse show "$project" | sed -n 's/^  *\([a-zA-Z]*\)=.*/\1/p'

printf '\n== Creating it again finds it\n'
again=$(synapse create Project --name "$name" | created)
test "$again" = "$project" && echo 'the same project'

printf '\n== Your projects\n'
synapse list | grep -c "$name"

printf '\n== Annotate it\n'
synapse set-annotations "$project" --annotations '{"disease": "AD", "year": 2026}'
synapse get-annotations "$project"

# Output:
#   == Create a project: its name is unique in all of Synapse
#
#   == What Synapse has stored with it
#   concreteType
#   createdBy
#   createdOn
#   etag
#   id
#   modifiedBy
#   modifiedOn
#   name
#   parentId
#
#   == Creating it again finds it
#   the same project
#
#   == Your projects
#   1
#
#   == Annotate it
#   {
#     "disease": [
#       "AD"
#     ],
#     "year": [
#       2026
#     ]
#   }
