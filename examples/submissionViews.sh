#!/bin/sh
# Submission views, as commands: the submissions to evaluation queues as a table, with their scores as columns.
# Queues and submissions have no commands of their own: `synapse api` calls any endpoint.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

# The value of a member of a JSON object.
member() { node -p "JSON.parse(fs.readFileSync(0, 'utf8')).$1"; }

project=$(synapse create Project --name "Challenge $(date +%s)-$$" | created)
round1=''
round2=''
clean_up() {
  for queue in $round1 $round2; do synapse api evaluation.deleteEvaluation --eval-id "$queue"; done
  synapse delete "$project" > /dev/null
}
trap clean_up EXIT

queue() {
  synapse api evaluation.createEvaluation --body "{
    \"name\": \"$1 $(date +%s)-$$\",
    \"contentSource\": \"$project\",
    \"submissionInstructionsMessage\": \"Submit one CSV file.\",
    \"submissionReceiptMessage\": \"Thank you.\"
  }" | member id
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
file=$(printf 'sample,predicted\ns1,yes\n' | synapse store - --name predictions.csv --parent-id "$project" | created)
etag=$(synapse api entity.getEntity --id "$file" | member etag)
submission=$(
  synapse api evaluation.createEvaluationSubmission --etag "$etag" --body "{
    \"evaluationId\": \"$round1\",
    \"entityId\": \"$file\",
    \"versionNumber\": 1,
    \"name\": \"first try\",
    \"submitterAlias\": \"Team Lynx\"
  }" | member id
)
submissions="select name, status, submitteralias, accuracy, f1 from $view"
synapse query "$submissions" --no-row-ids

printf '\n== Score it\n'
synapse api evaluation.getEvaluationSubmissionStatus --sub-id "$submission" |
  node -p "JSON.stringify({
    ...JSON.parse(fs.readFileSync(0, 'utf8')),
    status: 'SCORED',
    submissionAnnotations: {
      annotations: {
        accuracy: { type: 'DOUBLE', value: ['0.875'] },
        f1: { type: 'DOUBLE', value: ['0.8'] },
      },
    },
  })" |
  synapse api evaluation.updateEvaluationSubmissionStatus --sub-id "$submission" --body - |
  member status
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
#   SCORED
#   name	status	submitteralias	accuracy	f1
#   first try	SCORED	Team Lynx	0.875	0.8
#
#   == Show a second queue as well
#
#   == Make a snapshot
#   Created snapshot: syn1.1
#   name	status
#   first try	SCORED
