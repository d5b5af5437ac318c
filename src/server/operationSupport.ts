import { jobs } from '../../generated/jobs.js';
import { cannedOperations, missingReasons } from './cannedOperations.js';
import type { JobService } from './jobs/jobService.js';
import type { RouteTable } from './kernel/routeTable.js';

/** One operation of the API description. */
export interface OperationSupport {
  /** `service.name`. */
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** Whether the server models it. Other operations are answered with 501. */
  readonly isModelled: boolean;
  /** For an operation whose answer is partly made up, a description of that part. */
  readonly canned?: string;
  /** For an operation that is not modelled, the reason if there is one. */
  readonly reason?: string;
}

/** Every operation of the API description, ordered by name, with whether the server models it. */
export function describeOperations(
  routes: RouteTable,
  jobService: Pick<JobService, 'isDefined'>,
): OperationSupport[] {
  const missing = new Set(
    Object.entries(jobs)
      .filter(([concreteType]) => !jobService.isDefined(concreteType))
      .flatMap(([, { start, get }]) => [start, get]),
  );
  return [...routes.routes()]
    .filter(({ row }) => row !== undefined)
    .map(({ operation, method, template, handler }) => {
      const canned = cannedOperations[operation];
      const isModelled = handler !== undefined && !missing.has(operation);
      const reason = isModelled ? undefined : missingReasons[operation.split('.')[0] ?? ''];
      return {
        operation,
        method,
        path: template,
        isModelled,
        canned,
        reason,
      };
    })
    .sort((a, b) => (a.operation < b.operation ? -1 : 1));
}
