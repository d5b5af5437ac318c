import { operationById, operationIds } from '../../api/operation.js';
import { kebabCase } from '../kebabCase.js';
import { similarOperations } from '../similarOperations.js';
import { operationTitle } from './operationSummary.js';
import { loadOperationTexts } from './operationTexts.js';

/** A row of the list of operations. */
export interface FoundOperation {
  operation: string;
  method: string;
  path: string;
  summary: string;
}

/**
 * Finds the operations that have all words in their name, their path or their description. When none has all of them, the
 * operations whose names share words.
 *
 * @param directory - The directory of the built command line.
 */
export async function searchOperations(
  typed: string,
  directory: string,
): Promise<FoundOperation[]> {
  const texts = await loadOperationTexts(directory);
  const rows = operationIds().flatMap((id) => {
    const operation = operationById(id);
    if (operation === undefined) return [];
    const answer = texts.operations[id]?.answer;
    const summary = answer === undefined ? operationTitle(operation) : firstSentence(answer);
    return [{ operation: id, method: operation.method, path: operation.path, summary }];
  });
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter((row) => {
    const text = [row.operation, kebabCase(row.operation), row.path, row.summary]
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
  if (found.length > 0) return found;
  const near = similarOperations(typed, operationIds(), 20);
  return near.flatMap((id) => rows.filter(({ operation }) => operation === id));
}

function firstSentence(text: string): string {
  const [line = ''] = text.split('\n', 1);
  const end = line.indexOf('. ');
  return end === -1 ? line : line.slice(0, end + 1);
}
