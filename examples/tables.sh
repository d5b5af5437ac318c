#!/bin/sh
# Tables, as commands: create one, fill it, query it, change its rows and its columns, delete rows and the table.
set -eu

created() { sed -n 's/^Created[^:]*: \(syn[0-9]*\).*/\1/p'; }

# Names of projects are unique in all of Synapse.
project=$(synapse create Project --name "Mice $(date +%s)-$$" | created)
trap 'synapse delete "$project" > /dev/null' EXIT

echo '== Create a table whose columns follow from a CSV file'
quick=$(synapse store-table --exact --name 'mice, quickly' --parent-id "$project" --csv data/mice.csv | grep -o 'syn[0-9]*')
synapse table schema "$quick"

printf '\n== Create a table with columns of your own\n'
mice=$(
  synapse table create mice --parent-id "$project" \
    --columns 'tag:STRING(10),strain:STRING(20):enumeration,sex:STRING(1),born:DATE,weight:DOUBLE,group:STRING(10)' | created
)
synapse table append "$mice" data/mice.csv
synapse table describe "$mice"

printf '\n== Query\n'
# The values of --params are bound. `group` is a word of SQL, so that the column needs quotes.
synapse query "select tag, weight, born from $mice where weight > :least and \"group\" = :group" \
  --params '{"least": 25, "group": "treated"}'

printf '\n== Append rows: from a file, from standard input\n'
synapse table append "$mice" data/newMice.csv
printf 'tag,strain,sex,weight\nm09,BALB/c,F,18.2\nm10,BALB/c,M,\n' | synapse table append "$mice" -

printf '\n== Upsert: rows are found by a key, updated or else inserted\n'
cat > changes.csv << 'END'
tag,weight,group
m09,18.9,control
m10,23.5,control
m11,17.7,treated
END
synapse table upsert "$mice" changes.csv --key tag

printf '\n== Change the columns\n'
synapse table schema "$mice" --add cage:STRING
synapse table schema "$mice" --rename cage=room --retype cage:INTEGER
synapse table schema "$mice" --drop room --dry-run
synapse table schema "$mice" --drop room --yes

printf '\n== Delete rows: by a query, by their ids\n'
synapse table delete-rows "$mice" --query "select * from $mice where sex = 'F'" --yes
synapse table delete-rows "$mice" --row 2 --yes
synapse query "select tag from $mice order by tag" --no-row-ids

printf '\n== Delete the table\n'
synapse delete "$mice"

# Output:
#   == Create a table whose columns follow from a CSV file
#   NAME    TYPE        PROPERTIES
#   tag     STRING(50)
#   strain  STRING(50)
#   sex     STRING(50)
#   born    DATE
#   weight  DOUBLE
#   group   STRING(50)
#
#   == Create a table with columns of your own
#   Appended 6 rows to syn1
#   Table: mice (syn1)
#   Rows:    6
#   Columns: 6
#
#   NAME    TYPE        PROPERTIES
#   tag     STRING(10)
#   strain  STRING(20)  facet enumeration
#   sex     STRING(1)
#   born    DATE
#   weight  DOUBLE
#   group   STRING(10)
#
#   == Query
#   ROW_ID	ROW_VERSION	tag	weight	born
#   2	1	m02	26.1	1736812800000
#   4	1	m04	25.4	1737331200000
#
#   == Append rows: from a file, from standard input
#   Appended 2 rows to syn1
#   Appended 2 rows to syn1
#
#   == Upsert: rows are found by a key, updated or else inserted
#   Inserted: 1, updated: 2, unchanged: 0
#
#   == Change the columns
#   add        cage STRING(50)
#   unchanged  6
#   rename     cage -> room
#   retype     room STRING(50) -> INTEGER  ! its values are converted; Synapse refuses the change if one does not fit
#   unchanged  6
#   drop       room INTEGER  ! its values are deleted
#   unchanged  6
#   drop       room INTEGER  ! its values are deleted
#   unchanged  6
#
#   == Delete rows: by a query, by their ids
#   Deleted rows: 5
#   Deleted rows: 1
#   tag
#   m04
#   m06
#   m07
#   m10
#   m11
#
#   == Delete the table
#   Deleted entity: syn1
