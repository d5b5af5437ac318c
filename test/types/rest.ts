// Compiled, never run: a line that should not compile and does fails the type check, as does one the other way round.
import createClient from 'openapi-fetch';
import type * as M from '../../generated/models.js';
import type { Rest } from '../../generated/rest.js';
import type { paths } from '../../generated/schema.js';

export async function answersAndErrorsAreTyped(rest: Rest): Promise<string | undefined> {
  const { data, error } = await rest.GET('/repo/v1/entity/{id}', {
    params: { path: { id: 'syn1' } },
  });
  if (error !== undefined) return error.reason;
  // @ts-expect-error an answer is no error
  const reason: unknown = data.reason;
  return data.etag ?? String(reason);
}

export async function mistakesAreRefused(rest: Rest): Promise<void> {
  // @ts-expect-error the parameters are missing
  await rest.GET('/repo/v1/entity/{id}');
  // @ts-expect-error misspelled parameter
  await rest.GET('/repo/v1/entity/{id}', { params: { path: { ID: 'syn1' } } });
  // @ts-expect-error misspelled key
  await rest.GET('/repo/v1/entity/{id}', { parms: { path: { id: 'syn1' } } });
  const path = { id: 'syn1' };
  // @ts-expect-error misspelled query parameter
  await rest.PUT('/repo/v1/entity/{id}', { params: { path, query: { newVersoin: true } }, body });
  // @ts-expect-error a query where there is none
  await rest.GET('/repo/v1/entity/{id}', { params: { path: { id: 'syn1' }, query: { limit: 1 } } });
  // @ts-expect-error the body is missing
  await rest.POST('/repo/v1/entity');
  // @ts-expect-error a body where there is none
  await rest.GET('/repo/v1/entity/{id}', { params: { path: { id: 'syn1' } }, body });
  // @ts-expect-error wrong method
  await rest.DELETE('/repo/v1/entity/children', {});
  // @ts-expect-error no such path
  await rest.GET('/repo/v1/entitty/{id}', { params: { path: { id: 'syn1' } } });
  // @ts-expect-error required query parameter
  await rest.GET('/repo/v1/entity/{id}/access', { params: { path: { id: 'syn1' } } });
}

const body: M.Folder = { concreteType: 'org.sagebionetworks.repo.model.Folder' };

export async function optionalThingsAreOptional(rest: Rest, signal: AbortSignal): Promise<void> {
  await rest.GET('/repo/v1/userProfile');
  await rest.GET('/repo/v1/message/inbox');
  await rest.GET('/repo/v1/message/inbox', {
    params: { query: { limit: 5 } },
    signal,
    headers: { a: 'b' },
    timeout: 5000,
  });
  await rest.POST('/repo/v1/entity', { body });
  await rest.PUT('/repo/v1/entity/{id}', {
    params: { path: { id: 'syn1' }, query: { newVersion: true } },
    body,
  });
}

export async function numbersInPathsMayBeStrings(rest: Rest): Promise<void> {
  const path = '/repo/v1/entity/{id}/version/{versionNumber}';
  await rest.GET(path, { params: { path: { id: 'syn1', versionNumber: 3 } } });
  await rest.GET(path, { params: { path: { id: 'syn1', versionNumber: '3' } } });
  // @ts-expect-error neither string nor number
  await rest.GET(path, { params: { path: { id: 'syn1', versionNumber: true } } });
}

export async function redirectsGiveTheUrl(rest: Rest): Promise<string> {
  const { data, error } = await rest.GET('/file/v1/fileHandle/{handleId}/url', {
    params: { path: { handleId: '1' } },
  });
  if (error !== undefined) throw new Error(error.reason);
  return data;
}

export async function deletesGiveNothing(rest: Rest): Promise<void> {
  const { data, error } = await rest.DELETE('/repo/v1/entity/{id}', {
    params: { path: { id: 'syn1' } },
  });
  if (error !== undefined) throw new Error(error.reason);
  return data;
}

export async function freeObjectsHoldAnything(rest: Rest): Promise<unknown> {
  const { data } = await rest.PUT('/repo/v1/entity/{id}/json', {
    params: { path: { id: 'syn1' } },
    body: { name: 'x', tissue: ['lung'] },
  });
  return data?.tissue;
}

export async function undescribedEndpointsAreUnknown(
  rest: Rest,
  signal: AbortSignal,
): Promise<string> {
  const { data, error } = await rest.request('GET', '/repo/v1/some/new/{id}', {
    params: { path: { id: 1 }, query: { limit: 5, tags: ['x'], none: undefined } },
    signal,
    timeout: 5000,
  });
  if (error !== undefined) return error.reason;
  // @ts-expect-error nothing is known of the answer
  const name: unknown = data.name;
  await rest.request('POST', '/repo/v1/some/new', { body: { anything: true } });
  // @ts-expect-error not a method of the API
  await rest.request('PATCH', '/repo/v1/some/new');
  // @ts-expect-error misspelled key
  await rest.request('GET', '/repo/v1/some/new', { parms: {} });
  return String(name);
}

export async function unfinishedJobsAreNoResults(rest: Rest): Promise<M.QueryResult | undefined> {
  const { data, error } = await rest.GET(
    '/repo/v1/entity/{id}/table/query/async/get/{asyncToken}',
    {
      params: { path: { id: 'syn1', asyncToken: '7' } },
    },
  );
  if (error !== undefined) return undefined;
  // @ts-expect-error it may be the job's status
  if (data.queryResult !== undefined) return undefined;
  return 'jobState' in data ? undefined : data.queryResult;
}

export async function plainPathsWorkWithTheirOwnClient(): Promise<string | undefined> {
  const client = createClient<paths>({ baseUrl: 'https://repo-prod.prod.sagebase.org' });
  const { data, error } = await client.GET('/repo/v1/entity/{id}', {
    params: { path: { id: 'syn1' } },
  });
  return error === undefined ? data.etag : error.reason;
}
