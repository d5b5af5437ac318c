import type { Jobs } from '../../generated/jobs.js';
import type { Pages } from '../../generated/pages.js';
import type { CallOptions } from '../../generated/services.js';
import type { JobOptions, Synapse } from '../index.js';

/**
 * The typed calls of the library, for an operation that is only known at run time. The arguments are parsed with the row of the
 * operation, so their types are correct.
 */
type Arguments = Readonly<Record<string, unknown>>;

export function callPages(
  syn: Synapse,
  operation: string,
  args: Arguments,
  options: CallOptions,
): AsyncIterable<unknown> {
  return syn.paginate(operation as keyof Pages, args, options);
}

/** A request whose `concreteType` is that of a job, and the parameters of the job's path. */
export interface JobRequest {
  request: { concreteType: string };
  path: Arguments;
}

export function callJob(
  syn: Synapse,
  { request, path }: JobRequest,
  options: JobOptions,
): Promise<unknown> {
  const run = syn.runJob as (
    request: { concreteType: keyof Jobs },
    path: Arguments,
    options: JobOptions,
  ) => Promise<unknown>;
  return run({ ...request, concreteType: request.concreteType as keyof Jobs }, path, options);
}
