#!/bin/sh
# Submissions, for the organizers of a challenge, as commands: download, score from a file.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

project=$(synapse create Project --name "Challenge $(date +%s)-$$" | created)
queue=$(
  synapse evaluation create "Round 1 $(date +%s)-$$" --project "$project" |
    sed -n 's/^Created evaluation: \([0-9]*\).*/\1/p'
)
clean_up() {
  synapse api evaluation.deleteEvaluation --eval-id "$queue"
  synapse delete "$project" > /dev/null
}
trap clean_up EXIT

for score in 0.5 0.75; do
  echo "$score" > "$score.txt"
  synapse submit --quiet --evaluation "$queue" --file "$score.txt" --parent-id "$project" > /dev/null
done

echo '== Download what has been received'
synapse evaluation download "$queue" submitted --status RECEIVED --quiet > downloaded.tsv
wc -l < downloaded.tsv | tr -d ' '

printf '\n== Score it: every column but id and status is an annotation\n'
echo 'id,status,accuracy' > scores.csv
while read -r id path; do
  echo "$id,SCORED,$(cat "$path")" >> scores.csv
done < downloaded.tsv
synapse evaluation score "$queue" scores.csv | wc -l | tr -d ' '

printf '\n== Look at the scores\n'
synapse evaluation submissions "$queue" --status SCORED --json |
  node -p "JSON.parse(fs.readFileSync(0, 'utf8')).map(({ submission, status }) => submission.name + ': ' + status.submissionAnnotations.accuracy).join('\n')"

# Output:
#   == Download what has been received
#   2
#
#   == Score it: every column but id and status is an annotation
#   2
#
#   == Look at the scores
#   0.5.txt: 0.5
#   0.75.txt: 0.75
