import type { Jobs } from '../../generated/jobs.js';
import type { Pages } from '../../generated/pages.js';
import type { JobOptions, Synapse } from '../index.js';

/**
 * The typed calls of the library for an operation that is known at run time only. What they get was read by the
 * operation's own row, so the types hold by construction.
 */
type Arguments = Readonly<Record<string, unknown>>;

export function callPages(
  syn: Synapse,
  operation: string,
  args: Arguments,
  options: { signal: AbortSignal },
): AsyncIterable<unknown> {
  return syn.paginate(operation as keyof Pages, args, options);
}

export function callJob(
  syn: Synapse,
  request: { concreteType: string },
  path: Arguments,
  options: JobOptions,
): Promise<unknown> {
  const run = syn.runJob as (
    request: { concreteType: keyof Jobs },
    path: Arguments,
    options: JobOptions,
  ) => Promise<unknown>;
  return run({ ...request, concreteType: request.concreteType as keyof Jobs }, path, options);
}
