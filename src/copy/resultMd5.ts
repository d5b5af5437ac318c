import type { Context } from '../context.js';
import { startCsvResult } from '../tables/query/csvResult.js';

/** The MD5 of the result of a query as CSV without a header. Synapse writes it to a file, which is not read. */
export async function resultMd5(
  ctx: Context,
  { id, sql }: { id: string; sql: string },
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const options = { references: false, header: false, signal };
  const { open } = await startCsvResult(ctx, { id, query: { sql } }, options);
  const { handle } = await open();
  return handle !== undefined && 'contentMd5' in handle ? handle.contentMd5 : undefined;
}
