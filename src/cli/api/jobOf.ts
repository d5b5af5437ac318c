import { jobs } from '../../../generated/jobs.js';
import { operationById } from '../../api/operation.js';
import type { JobRequest } from '../dynamicCall.js';
import { usageError } from '../usageError.js';
import type { Call } from './readCall.js';

/**
 * The job that a call starts.
 *
 * @throws a usage error when it starts none
 */
export function jobOf({ name, operation, args }: Call): JobRequest {
  const { body, ...path } = args;
  const request = typeof body === 'object' && body !== null ? { ...body } : {};
  const given = 'concreteType' in request ? request.concreteType : undefined;
  const [concreteType] =
    Object.entries(jobs).find(([, { start }]) => start === operation?.id) ??
    // It starts jobs of all kinds.
    (operation?.id === 'asynchronousJob.startAsynchronousJob'
      ? Object.entries(jobs).find(([type]) => type === given)
      : undefined) ??
    [];
  if (concreteType === undefined) {
    throw usageError(`${name} does not start a job: leave out --wait.`);
  }
  return {
    request: { ...request, concreteType },
    path: { ...pathFrom(concreteType, request), ...path },
  };
}

/** The entity of a job is in the path of its own endpoint, and in the body everywhere else. */
function pathFrom(concreteType: string, request: object): Record<string, unknown> {
  const [, job] = Object.entries(jobs).find(([type]) => type === concreteType) ?? [];
  const hasId = operationById(job?.start ?? '')?.parameters.some(({ name }) => name === 'id');
  return hasId === true && 'entityId' in request ? { id: request.entityId } : {};
}
