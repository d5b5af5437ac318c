#!/bin/sh
# Submissions, for those who take part in a challenge, as commands.
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

echo '== Upload a file and submit it, in one command'
printf 'sample,predicted\ns1,yes\n' > predictions.csv
synapse submit --quiet --evaluation "$queue" --file predictions.csv --parent-id "$project" \
  --name 'My first try' --alias 'Team Lynx' | cut -f 2 | sed 's/ to .*//'

printf '\n== Submit a file that is in Synapse\n'
file=$(synapse store predictions.csv --quiet --parent-id "$project" | sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p')
synapse submit --quiet --evaluation "$queue" --entity "$file" | cut -f 2 | sed 's/ to .*//'

printf '\n== My submissions\n'
synapse evaluation submissions "$queue" --mine --json |
  node -p "JSON.parse(fs.readFileSync(0, 'utf8')).map(({ submission, status }) => submission.name + ': ' + status.status).join('\n')"

# Output:
#   == Upload a file and submit it, in one command
#   My first try
#
#   == Submit a file that is in Synapse
#   predictions.csv
#
#   == My submissions
#   My first try: RECEIVED
#   predictions.csv: RECEIVED
