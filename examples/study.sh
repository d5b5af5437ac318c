#!/bin/sh
# A study from CSV files to a release, as commands: two tables, joined in a materialized view, corrected by an upsert, kept as a
# snapshot, whose old rows are still read.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

project=$(synapse create Project --name "Blood pressure $(date +%s)-$$" | created)
trap 'synapse delete "$project" > /dev/null' EXIT

echo '== The study arrives as CSV files'
# 500 participants. Some notes hold quotes, commas and letters beyond ASCII.
awk 'BEGIN {
  print "participant,arm,born,note"
  for (n = 1; n <= 500; n++) {
    note = n % 10 ? "" : "\"moved to \"\"Old Town\"\", Málaga\""
    printf "P%04d,%s,%d-%02d-15,%s\n", n, n % 2 ? "placebo" : "drug", 1950 + n % 40, 1 + n % 12, note
  }
}' > participants.csv
# Four visits of each.
awk 'BEGIN {
  print "participant,visit,systolic,temperature,tags"
  for (n = 1; n <= 500; n++) for (v = 1; v <= 4; v++) {
    systolic = 120 + (n * 7 + v * 3) % 30 - (n % 2 ? 0 : v * 2)
    tags = v == 4 ? "\"[\"\"last\"\",\"\"fasting\"\"]\"" : ""
    printf "P%04d,%d,%d,%s,%s\n", n, v, systolic, 36 + (n + v) % 10 / 8, tags
  }
}' > visits.csv

printf '\n== Each becomes a table\n'
participants=$(
  synapse table create participants --parent-id "$project" \
    --columns 'participant:STRING(10),arm:STRING(10),born:DATE,note:STRING(100)' | created
)
visits=$(
  synapse table create visits --parent-id "$project" \
    --columns 'participant:STRING(10),visit:INTEGER,systolic:INTEGER,temperature:DOUBLE,tags:STRING_LIST(20)[5]' | created
)
synapse table append "$participants" participants.csv
synapse table append "$visits" visits.csv
synapse query "select * from $participants where participant = 'P0010'" --no-row-ids --format ndjson

printf '\n== Joined in a materialized view\n'
joined=$(
  synapse view create 'visits with arms' --parent-id "$project" --sql \
    "select V.participant as participant, P.arm as arm, V.visit as visit, V.systolic as systolic
    from $visits V join $participants P on V.participant = P.participant" | created
)
synapse query "select arm, visit, avg(systolic) as mean from $joined group by arm, visit order by arm, visit"

printf '\n== Kept as it was submitted\n'
synapse table snapshot "$visits" --label 'as submitted'

printf '\n== Corrected by an upsert\n'
cat > corrections.csv << 'END'
participant,visit,systolic
P0001,1,131
P0001,2,125
P0501,1,118
END
synapse table upsert "$visits" corrections.csv --key participant --key visit --dry-run
synapse table upsert "$visits" corrections.csv --key participant --key visit

printf '\n== Rows of now, and of then\n'
for table in "$visits" "$visits.1"; do
  synapse query "select visit, systolic, temperature, tags from $table where participant = 'P0001' order by visit" --no-row-ids
done

printf '\n== Files for other programs\n'
synapse query "select * from $joined" --no-row-ids --output joined.csv
synapse query "select * from $joined" --no-row-ids --output joined.parquet
wc -l < joined.csv

# Output:
#   == The study arrives as CSV files
#
#   == Each becomes a table
#   Appended 500 rows to syn1
#   Appended 2000 rows to syn2
#   {"participant":"P0010","arm":"drug","born":"1960-11-15T00:00:00.000Z","note":"moved to \"Old Town\", Málaga"}
#
#   == Joined in a materialized view
#   arm	visit	mean
#   drug	1	133.0800
#   drug	2	130.0000
#   drug	3	128.9600
#   drug	4	126.0000
#   placebo	1	133.9600
#   placebo	2	135.0400
#   placebo	3	134.0800
#   placebo	4	135.0400
#
#   == Kept as it was submitted
#   Created snapshot: syn2.1
#
#   == Corrected by an upsert
#   Inserted: 1, updated: 2, unchanged: 0
#   Inserted: 1, updated: 2, unchanged: 0
#
#   == Rows of now, and of then
#   visit	systolic	temperature	tags
#   1	131	36.25
#   2	125	36.375
#   3	136	36.5
#   4	139	36.625	["last", "fasting"]
#   visit	systolic	temperature	tags
#   1	130	36.25
#   2	133	36.375
#   3	136	36.5
#   4	139	36.625	["last", "fasting"]
#
#   == Files for other programs
#   2001
