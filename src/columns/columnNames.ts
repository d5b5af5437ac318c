import { quoted } from '../values/quoted.js';

const reservedColumnNames: ReadonlySet<string> = new Set([
  'ROW_ID',
  'ROW_VERSION',
  'ROW_ETAG',
  'ROW_BENEFACTOR',
  'ROW_SEARCH_CONTENT',
  'ROW_HASH_CODE',
]);

/** Characters of the longest name of a column. */
const longestName = 256;

/** Whether Synapse reserves a name, in any case. */
export function isReservedColumnName(name: string): boolean {
  return reservedColumnNames.has(name.toUpperCase());
}

/** Why no column can have a name, as a sentence; `undefined` when one can. */
export function columnNameProblem(name: string): string | undefined {
  if (name === '') return 'The name of a column is empty.';
  if (name.trim() !== name) {
    return `The column name ${quoted(name)} begins or ends with white space, which Synapse removes.`;
  }
  if (name.length > longestName) {
    return `The column name ${quoted(name)} has ${name.length} characters, Synapse allows ${longestName}.`;
  }
  if (/[\p{Cs}\0]/u.test(name)) {
    return `The column name ${quoted(name)} has a character that Synapse cannot store.`;
  }
  return isReservedColumnName(name)
    ? `The column name ${quoted(name)} is reserved by Synapse.`
    : undefined;
}
