import { jobs } from '../../../generated/jobs.js';
import { operationById, type Operation } from '../../api/operation.js';
import type { JobRequest } from '../dynamicCall.js';
import { usageError } from '../usageError.js';
import type { Call } from './readCall.js';

/** It starts jobs of all kinds: the `concreteType` of the request says which. */
const anyJob = 'asynchronousJob.startAsynchronousJob';

/** Whether an operation starts a job. */
export function startsJob({ id }: Operation): boolean {
  return id === anyJob || Object.values(jobs).some(({ start }) => start === id);
}

/**
 * The job that a call starts.
 *
 * @throws a usage error when it starts none
 */
export function jobOf({ name, operation, args }: Call): JobRequest {
  const { body, ...path } = args;
  const request = typeof body === 'object' && body !== null ? { ...body } : {};
  const given = 'concreteType' in request ? request.concreteType : undefined;
  const found = Object.entries(jobs).find(([type, { start }]) =>
    operation?.id === anyJob ? type === given : start === operation?.id,
  );
  if (found === undefined) throw usageError(`${name} does not start a job: leave out --wait.`);
  const [concreteType, { start }] = found;
  return {
    request: { ...request, concreteType },
    path: { ...pathFrom(start, request), ...path },
  };
}

/** The entity of a job is in the path of its own endpoint, and in the body everywhere else. */
function pathFrom(start: string, request: object): Record<string, unknown> {
  const hasId = operationById(start)?.parameters.some(({ name }) => name === 'id');
  return hasId === true && 'entityId' in request ? { id: request.entityId } : {};
}
