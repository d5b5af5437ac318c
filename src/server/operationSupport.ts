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
  /** When not, it is answered with 501. */
  readonly isModelled: boolean;
  /** For an operation whose answer is made up in part: what is. */
  readonly canned?: string;
  /** For an operation that is not modelled: why not, when there is a reason. */
  readonly reason?: string;
}

/** Every operation of the description, by name, with whether the server has it. */
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
        ...(canned !== undefined && { canned }),
        ...(reason !== undefined && { reason }),
      };
    })
    .sort((a, b) => (a.operation < b.operation ? -1 : 1));
}
