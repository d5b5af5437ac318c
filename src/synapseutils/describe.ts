import type { EntityTarget } from '../entities/findTarget.js';
import type { Synapse } from '../synapse.js';
import type { FileSummary, SummarizeOptions } from '../tables/summary/summarizeFile.js';

/**
 * Summarizes the columns of a CSV or TSV file in Synapse. Same as `syn.tables.summarizeFile`.
 *
 * @returns The type, the most frequent value and, for numbers and booleans, the minimum, maximum and mean of each column.
 */
export function describe(
  syn: Pick<Synapse, 'tables'>,
  entity: EntityTarget,
  options: SummarizeOptions = {},
): Promise<FileSummary> {
  return syn.tables.summarizeFile(entity, options);
}
