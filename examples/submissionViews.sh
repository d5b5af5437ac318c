#!/bin/sh
# Submission views, as commands: the submissions to evaluation queues as a table, with their scores as columns.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

project=$(synapse create Project --name "Challenge $(date +%s)-$$" | created)
round1=''
round2=''
clean_up() {
  for queue in $round1 $round2; do synapse api evaluation.deleteEvaluation --eval-id "$queue"; done
  synapse delete "$project" > /dev/null
}
trap clean_up EXIT

queue() {
  synapse evaluation create "$1 $(date +%s)-$$" --project "$project" \
    --instructions 'Submit one CSV file.' --receipt 'Thank you.' |
    sed -n 's/^Created evaluation: \([0-9]*\).*/\1/p'
}

echo '== An evaluation queue, and a view of its submissions'
round1=$(queue 'Round 1')
view=$(
  synapse view create submissions --parent-id "$project" --evaluation "$round1" \
    --columns 'accuracy:DOUBLE,f1:DOUBLE' | created
)
synapse table schema "$view" --order id,name,status,accuracy,f1 > /dev/null
synapse table schema "$view"

printf '\n== Submit a file\n'
printf 'sample,predicted\ns1,yes\n' > predictions.csv
submission=$(
  synapse submit --quiet --evaluation "$round1" --file predictions.csv --parent-id "$project" \
    --name 'first try' --alias 'Team Lynx' | sed -n 's/^Submitted (id: \([0-9]*\)).*/\1/p'
)
submissions="select name, status, submitteralias, accuracy, f1 from $view"
synapse query "$submissions" --no-row-ids

printf '\n== Score it\n'
printf 'id,accuracy,f1\n%s,0.875,0.8\n' "$submission" | synapse evaluation score "$round1" - > /dev/null
synapse query "$submissions" --no-row-ids

printf '\n== Show a second queue as well\n'
round2=$(queue 'Round 2')
synapse view create submissions --quiet --parent-id "$project" --evaluation "$round1" --evaluation "$round2" > /dev/null

printf '\n== Make a snapshot\n'
synapse table snapshot "$view" --label 'round 1' --comment 'after the first scoring'
synapse query "select name, status from $view.1" --no-row-ids

# Output:
#   == An evaluation queue, and a view of its submissions
#   NAME                  TYPE          PROPERTIES
#   id                    SUBMISSIONID
#   name                  STRING(256)
#   status                STRING(50)    facet enumeration, one of "ACCEPTED", "CLOSED", "EVALUATION_IN_PROGRESS", "INVALID", "OPEN", "RECEIVED", "REJECTED", "SCORED", "VALIDATED"
#   accuracy              DOUBLE
#   f1                    DOUBLE
#   createdOn             DATE          facet range
#   createdBy             USERID        facet enumeration
#   etag                  STRING(36)
#   modifiedOn            DATE          facet range
#   projectId             ENTITYID      facet enumeration
#   evaluationid          EVALUATIONID  facet enumeration
#   evaluationroundid     INTEGER       facet enumeration
#   submitterid           USERID        facet enumeration
#   submitteralias        STRING(500)   facet enumeration
#   entityid              ENTITYID      facet enumeration
#   entityversion         INTEGER       facet enumeration
#   dockerrepositoryname  STRING(400)
#   dockerdigest          STRING(200)
#
#   == Submit a file
#   name	status	submitteralias	accuracy	f1
#   first try	RECEIVED	Team Lynx
#
#   == Score it
#   name	status	submitteralias	accuracy	f1
#   first try	SCORED	Team Lynx	0.875	0.8
#
#   == Show a second queue as well
#
#   == Make a snapshot
#   Created snapshot: syn1.1
#   name	status
#   first try	SCORED
