import { isSynapseId, isSynapsePath } from '../values/ids.js';
import { quoted } from '../values/quoted.js';
import { parseSynapsePath } from '../values/synapsePath.js';
import { usageError } from './usageError.js';

/**
 * The ids and paths in a text, one or more on a line. Of a table, such as `synapse list` prints, the first column is read: columns are
 * separated by tabs or by several spaces. Empty lines, lines that begin with `#` and the header `ID` are left out.
 *
 * @throws a usage error that names the first line that does not begin with an id
 */
export function idsIn(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const ids: string[] = [];
  let isFirst = true;
  for (const [index, each] of lines.entries()) {
    const line = each.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [column = '', ...rest] = columnsOf(line);
    const isHeader = isFirst && column.toLowerCase() === 'id';
    isFirst = false;
    if (!isHeader) ids.push(...idsOfLine(column, rest, index + 1));
  }
  return ids;
}

/** Names in a path can have spaces, but no tabs. */
function columnsOf(line: string): string[] {
  const separator = isSynapsePath(line) ? '\t' : /\t| {2}/;
  return line
    .split(separator)
    .map((column) => column.trim())
    .filter(Boolean);
}

function idsOfLine(column: string, rest: readonly string[], line: number): string[] {
  const isPath: boolean = isSynapsePath(column);
  if (isPath) {
    const where = `Line ${line} of standard input: `;
    try {
      parseSynapsePath(column);
    } catch (error) {
      throw usageError(`${where}${(error as Error).message}`);
    }
    return [column];
  }
  const words = column.split(' ');
  const wrong = words.find((word): boolean => !isSynapseId(word));
  if (wrong !== undefined) {
    throw usageError(
      `Line ${line} of standard input: ${quoted(wrong)} is not a Synapse id. Nothing was done.`,
    );
  }
  // An entity can have the name "syn2".
  if (
    rest.length > 0 &&
    rest
      .join(' ')
      .split(' ')
      .every((word) => isSynapseId(word))
  ) {
    throw usageError(
      `Line ${line} of standard input may be several ids, or an id and a name: write one id per line. Nothing was done.`,
    );
  }
  return words;
}
