import { jobs } from '../../../generated/jobs.js';
import { operations } from '../../../generated/operations.js';
import type * as M from '../../../generated/models.js';
import { reply, type Reply } from '../kernel/reply.js';
import type { Router } from '../kernel/router.js';
import type { RouteTable } from '../kernel/routeTable.js';
import { badRequest, notFound } from '../kernel/serviceError.js';
import { describeJob, failureOf, type JobRecord, type JobService } from './jobService.js';
import { legacyJobRoutes } from './legacyRoutes.js';

/** Serves the start and get endpoints of every job, and `/repo/v1/asynchronous/job`. */
export function jobRoutes(routes: RouteTable, service: JobService): void {
  for (const [concreteType, { start, get }] of Object.entries(jobs)) {
    routes.model(start, ({ body, path, caller }) => {
      const request = { ...(body as M.AsynchronousRequestBody), concreteType };
      const job = service.start({
        request: request as M.AsynchronousRequestBody,
        caller,
        path: path as Record<string, string>,
      });
      return { token: job.id };
    });
    routes.model(get, async ({ path, caller }) => {
      const { asyncToken } = path as { asyncToken: string };
      return jobResult(await service.poll(asyncToken, caller), concreteType);
    });
  }
  asynchronousJobRoutes(routes, service);
  legacyJobRoutes(routes, service, jobResult);
}

function asynchronousJobRoutes(router: Router, service: JobService): void {
  router.post('/repo/v1/asynchronous/job', ({ body, caller }) => {
    if (!Object.hasOwn(jobs, body.concreteType)) {
      throw badRequest(`${body.concreteType} is not a kind of job that can be started here.`);
    }
    return describeJob(service.start({ request: body, caller, path: {} }));
  });

  router.get('/repo/v1/asynchronous/job/{jobId}', async ({ path, caller }) =>
    describeJob(await service.poll(path.jobId, caller)),
  );

  router.extra('GET', '/repo/v1/asynchronous/job/{jobId}/cancel', ({ path, caller }) =>
    describeJob(service.cancel(path['jobId'] ?? '', caller), true),
  );
}

/** 202 while a job runs, and its response when it is done. Rethrows the error of a failed job. */
function jobResult(job: JobRecord, concreteType: string): M.AsynchronousResponseBody | Reply {
  if (job.concreteType !== concreteType) {
    const get = operations[jobs[job.concreteType].get];
    throw notFound(`The job ${job.id} is of another kind: ask ${get?.[1] ?? 'for it elsewhere'}`);
  }
  if (job.state === 'PROCESSING') {
    return reply({ status: 202, body: describeJob(job), model: 'AsynchronousJobStatus' });
  }
  const failure = failureOf(job);
  if (failure !== undefined) {
    throw failure;
  }
  if (job.response === undefined) {
    throw notFound(`The job ${job.id} has no result.`);
  }
  return job.response;
}
