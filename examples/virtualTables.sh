#!/bin/sh
# Virtual tables, as commands: a query with a name. It stores nothing: each query of it reads the table behind it.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

project=$(synapse create Project --name "Clinic $(date +%s)-$$" | created)
trap 'synapse delete "$project" > /dev/null' EXIT

samples=$(
  synapse table create samples --parent-id "$project" \
    --columns 'sample:STRING,patient:STRING,age:INTEGER,diagnosis:STRING' | created
)
synapse table append "$samples" data/samples.csv > /dev/null

show() {
  table=$(synapse view create "$1" --virtual --parent-id "$project" --sql "$2" | created)
  synapse query "select * from $table"
}

echo '== All of a table'
show 'all samples' "select * from $samples"

printf '\n== Some columns\n'
show 'ages' "select patient, age from $samples"

printf '\n== Some rows\n'
show 'migraine only' "select * from $samples where diagnosis = 'migraine'"

printf '\n== In an order\n'
show 'oldest first' "select sample, age from $samples order by age desc"

printf '\n== Counted by group\n'
show 'patients by diagnosis' "select diagnosis, count(*) as patients from $samples group by diagnosis"

# Output:
#   == All of a table
#   sample	patient	age	diagnosis
#   s1	p1	34	migraine
#   s2	p2	61	none
#   s3	p3	47	migraine
#   s4	p4	58	none
#   s5	p5	72	migraine
#   s6	p6	66	none
#
#   == Some columns
#   patient	age
#   p1	34
#   p2	61
#   p3	47
#   p4	58
#   p5	72
#   p6	66
#
#   == Some rows
#   sample	patient	age	diagnosis
#   s1	p1	34	migraine
#   s3	p3	47	migraine
#   s5	p5	72	migraine
#
#   == In an order
#   sample	age
#   s5	72
#   s6	66
#   s2	61
#   s4	58
#   s3	47
#   s1	34
#
#   == Counted by group
#   diagnosis	patients
#   migraine	3
#   none	3
