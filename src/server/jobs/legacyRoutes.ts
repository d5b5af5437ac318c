import type * as M from '../../../generated/models.js';
import { Reply } from '../kernel/reply.js';
import type { Router } from '../kernel/router.js';
import type { JobRecord, JobService } from './jobService.js';

const model = 'org.sagebionetworks.repo.model.table';

/** Returns the answer for the result of a job of one type. */
export type JobResult = (
  job: JobRecord,
  concreteType: JobRecord['concreteType'],
) => M.AsynchronousResponseBody | Reply;

/** Serves table jobs on the paths of older clients, which the API description lacks. */
export function legacyJobRoutes(router: Router, service: JobService, result: JobResult): void {
  const appending = '/repo/v1/entity/{id}/table/append/async';
  const transaction = `${model}.TableUpdateTransactionRequest` as const;
  router.extra(
    'POST',
    `${appending}/start`,
    ({ body, path, caller }) => {
      const concreteType = `${model}.AppendableRowSetRequest` as const;
      const changes = [{ ...(body as M.AppendableRowSetRequest), concreteType }];
      const request = { concreteType: transaction, entityId: path['id'] ?? '', changes };
      return { token: service.start({ request, caller, path }).id };
    },
    { status: 201, body: 'AppendableRowSetRequest' },
  );
  router.extra(
    'GET',
    `${appending}/get/{asyncToken}`,
    async ({ path, caller }) => {
      const job = await service.poll(path['asyncToken'] ?? '', caller);
      const response = result(job, transaction);
      return response instanceof Reply || !('results' in response)
        ? response
        : response.results?.[0];
    },
    { status: 201 },
  );
  for (const [kind, name] of [
    ['download', 'DownloadFromTableRequest'],
    ['upload', 'UploadToTableRequest'],
  ] as const) {
    const concreteType = `${model}.${name}` as const;
    const base = `/repo/v1/table/${kind}/csv/async`;
    router.extra(
      'POST',
      `${base}/start`,
      ({ body, caller }) => {
        const request = { ...(body as M.AsynchronousRequestBody), concreteType };
        return { token: service.start({ request, caller, path: {} }).id };
      },
      { status: 201, body: name },
    );
    router.extra(
      'GET',
      `${base}/get/{asyncToken}`,
      async ({ path, caller }) =>
        result(await service.poll(path['asyncToken'] ?? '', caller), concreteType),
      { status: 201 },
    );
  }
}
