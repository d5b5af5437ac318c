#!/bin/sh
# Materialized views, as commands: the stored result of a query, which may join tables.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

project=$(synapse create Project --name "Expression $(date +%s)-$$" | created)
trap 'synapse delete "$project" > /dev/null' EXIT

samples=$(
  synapse table create samples --parent-id "$project" \
    --columns 'sample:STRING,patient:STRING,age:INTEGER,diagnosis:STRING' | created
)
expression=$(
  synapse table create expression --parent-id "$project" \
    --columns 'sample:STRING,gene:STRING,expression:DOUBLE' | created
)
synapse table append "$samples" data/samples.csv > /dev/null
synapse table append "$expression" data/expression.csv > /dev/null

show() {
  view=$(synapse view create "$1" --parent-id "$project" --sql "$2" | created)
  synapse query "select * from $view order by sample" --no-row-ids
}

echo '== All of a table'
show 'samples only' "select * from $samples"

printf '\n== Join: samples that were measured\n'
show 'measured' "select S.sample as sample, S.patient as patient, E.gene as gene, E.expression as expression
  from $samples S join $expression E on S.sample = E.sample"

printf '\n== Left join: all samples, measured or not\n'
show 'all samples' "select S.sample as sample, E.gene as gene, E.expression as expression
  from $samples S left join $expression E on S.sample = E.sample"

printf '\n== Right join: all measurements, also those of unknown samples\n'
show 'all measurements' "select E.sample as sample, S.patient as patient, E.gene as gene
  from $samples S right join $expression E on S.sample = E.sample"

printf '\n== Union: the samples of both tables\n'
show 'names' "select sample from $samples union select sample from $expression"

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
#   == Join: samples that were measured
#   sample	patient	gene	expression
#   s1	p1	CACNA1A	2.5
#   s2	p2	ATP1A2	1.75
#   s3	p3	SCN1A	3.25
#   s4	p4	CACNA1A	2
#   s5	p5	ATP1A2	3.5
#
#   == Left join: all samples, measured or not
#   sample	gene	expression
#   s1	CACNA1A	2.5
#   s2	ATP1A2	1.75
#   s3	SCN1A	3.25
#   s4	CACNA1A	2
#   s5	ATP1A2	3.5
#   s6
#
#   == Right join: all measurements, also those of unknown samples
#   sample	patient	gene
#   s1	p1	CACNA1A
#   s2	p2	ATP1A2
#   s3	p3	SCN1A
#   s4	p4	CACNA1A
#   s5	p5	ATP1A2
#   s8		SCN1A
#
#   == Union: the samples of both tables
#   sample
#   s1
#   s2
#   s3
#   s4
#   s5
#   s6
#   s8
