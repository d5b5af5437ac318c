#!/bin/sh
# An evaluation queue, as commands.
set -eu

project=$(synapse create Project --name "Challenge $(date +%s)-$$" | sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p')
queue=''
clean_up() {
  if [ -n "$queue" ]; then synapse api evaluation.deleteEvaluation --eval-id "$queue"; fi
  synapse delete "$project" > /dev/null
}
trap clean_up EXIT

echo '== Create an evaluation'
name="Round 1 $(date +%s)-$$"
queue=$(
  synapse evaluation create "$name" --project "$project" --description 'My data challenge' \
    --instructions 'Submit CSV files only' --receipt 'Thank you for your submission!' |
    sed -n 's/^Created evaluation: \([0-9]*\).*/\1/p'
)
synapse evaluation list --project "$project" | wc -l | tr -d ' '

printf '\n== Show it, by its name\n'
synapse evaluation show "$name" | grep -E '^(description|instructions|receipt)'

# Output:
#   == Create an evaluation
#   2
#
#   == Show it, by its name
#   description   My data challenge
#   instructions  Submit CSV files only
#   receipt       Thank you for your submission!
