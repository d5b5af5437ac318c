import { SqlError } from './sqlError.js';
import type { Clause } from './translation.js';

/** The clauses, as messages name them. */
const clauses: Readonly<Record<Clause, string>> = {
  select: 'field list',
  on: 'on clause',
  where: 'where clause',
  group: 'group statement',
  order: 'order clause',
};

/** What the service adds to errors about names that may be words of the grammar. */
export const keywordNote =
  ' Note: If a column name contains spaces, punctuation, or SQL key words, then the name must be ' +
  'enclosed in double quotes. ' +
  'See https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/web/controller/TableExamples.html';

/** The error for a name that only the database finds to be unknown. */
export function unknownColumn(name: string, clause: Clause): SqlError {
  return new SqlError(`Unknown column '${name}' in '${clauses[clause]}'${keywordNote}`);
}
