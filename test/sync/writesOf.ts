import type { Clients } from '../entities/withClients.js';

/** Requests that change nothing although they are POST requests. */
const reads = new Set([
  'entity.listEntityChildren',
  'entity.listEntityHeaders',
  'entity.getEntityChildId',
  'entityBundle.getEntityBundle',
  'entityBundle.getEntityVersionBundle',
  'file.getFileHandleBatch',
  'tableQuery.startTableQuery',
  'asynchronousJob.startAsynchronousJob',
]);

/** Runs a piece of work, and gives the requests that can change something, as the server has received them. */
export async function writesOf<T>(
  { server }: Pick<Clients, 'server'>,
  run: () => Promise<T>,
): Promise<{ result: T; writes: string[] }> {
  const before = server.requests.entries.length;
  const result = await run();
  const writes = server.requests.entries
    .slice(before)
    .filter(({ method, operation }) => method !== 'GET' && !reads.has(operation ?? ''))
    .map(({ method, path, operation }) => operation ?? `${method} ${path}`);
  return { result, writes };
}
