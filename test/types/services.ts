// Compiled, never run: a line that should not compile and does fails the type check, as does one the other way round.
import type * as M from '../../generated/models.js';
import type { Jobs } from '../../generated/jobs.js';
import type { Pages } from '../../generated/pages.js';
import type { Services } from '../../generated/services.js';
import type { RunJob } from '../../src/api/runJob.js';

export async function argumentsAreFlat(services: Services, signal: AbortSignal): Promise<M.Entity> {
  const entity = await services.entity.getEntity(
    { id: 'syn1' },
    { signal, timeout: 5000, headers: { a: 'b' } },
  );
  await services.entity.updateEntity({ id: 'syn1', body: entity, newVersion: true });
  await services.entity.getEntityVersion({ id: 'syn1', versionNumber: 3 });
  await services.entity.getEntityVersion({ id: 'syn1', versionNumber: '3' });
  return entity;
}

export async function mistakesAreRefused(services: Services): Promise<void> {
  // @ts-expect-error no arguments
  await services.entity.getEntity();
  // @ts-expect-error misspelled argument
  await services.entity.getEntity({ ID: 'syn1' });
  // @ts-expect-error unknown argument
  await services.entity.getEntity({ id: 'syn1', version: 3 });
  // @ts-expect-error unknown option
  await services.entity.getEntity({ id: 'syn1' }, { timeOut: 3 });
  // @ts-expect-error the body is missing
  await services.entity.createEntity({ generatedBy: '1' });
}

export async function answersFitTheirOperations(services: Services): Promise<unknown[]> {
  const url: string = await services.file.getFileHandleUrl({ handleId: '1' });
  const json = await services.entity.getEntityJson({ id: 'syn1' });
  const setting = await services.projectSettings.getProjectSettingByType({
    projectId: 'syn1',
    type: 'upload',
  });
  // @ts-expect-error the project may have no such setting
  const id = setting.id;
  // @ts-expect-error a redirect is not followed, so there is nothing to say about it
  await services.file.getFileHandleUrl({ handleId: '1', redirect: true });
  return [url, json.anything, id];
}

export function deletesGiveNothing(services: Services): Promise<void> {
  // @ts-expect-error there is nothing to read
  const entity: Promise<M.Entity> = services.entity.deleteEntity({ id: 'syn1' });
  return entity.then(() => services.entity.deleteEntity({ id: 'syn1' }));
}

export async function jobsAreTypedByTheirRequest(runJob: RunJob): Promise<M.QueryResult> {
  const request = {
    concreteType: 'org.sagebionetworks.repo.model.table.QueryBundleRequest',
    entityId: 'syn1',
    query: { sql: 'select * from syn1' },
  } as const;
  const bundle: M.QueryResultBundle = await runJob(request, { id: 'syn1' });
  // @ts-expect-error a table's jobs need its id
  await runJob(request);
  // @ts-expect-error no job has this request
  await runJob({ concreteType: 'org.sagebionetworks.repo.model.Folder' });
  const concreteType = 'org.sagebionetworks.repo.model.report.DownloadStorageReportRequest';
  // @ts-expect-error not a property of this job's request
  await runJob({ concreteType, sql: '' });
  const nextPage = 'org.sagebionetworks.repo.model.table.QueryNextPageToken';
  const token = bundle.queryResult?.nextPageToken?.token ?? '';
  return runJob({ concreteType: nextPage, token }, { id: 'syn1' });
}

type MethodOf<Id> = Id extends `${infer Service extends keyof Services}.${infer Method}`
  ? Method extends keyof Services[Service]
    ? Id
    : never
  : never;

type Is<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

export const everyPagedOperationIsAMethod: Is<keyof Pages, MethodOf<keyof Pages>> = true;

export const everyJobRequestIsKnown: Is<
  Exclude<keyof Jobs, NonNullable<M.AsynchronousRequestBody['concreteType']>>,
  never
> = true;
