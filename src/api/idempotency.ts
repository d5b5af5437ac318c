import type { Operation } from './operation.js';
import type { Idempotency } from './retryPolicy.js';

/** POST operations that only read: their query is too long for a URL. Those that return pages are not listed. */
const readingPosts: ReadonlySet<string> = new Set([
  '/auth/v1/oauth2/authurl',
  '/auth/v1/oauth2/consentcheck',
  '/auth/v1/oauth2/description',
  '/auth/v1/oauth2/introspect',
  '/auth/v1/oauth2/userinfo',
  '/file/v1/file/multipart/{uploadId}/presigned/url/batch',
  '/file/v1/fileHandle/batch',
  '/repo/v1/accessApproval/information',
  '/repo/v1/accessApproval/notifications',
  '/repo/v1/agent/chat/trace/{jobId}',
  '/repo/v1/entity/child',
  '/repo/v1/entity/header',
  '/repo/v1/entity/threadcounts',
  '/repo/v1/entity/{id}/bundle2',
  '/repo/v1/entity/{id}/table/filehandles',
  '/repo/v1/entity/{id}/version/{versionNumber}/bundle2',
  '/repo/v1/membershipInvitation/{id}',
  '/repo/v1/principal/alias',
  '/repo/v1/principal/available',
  '/repo/v1/restrictionInformation',
  '/repo/v1/restrictionInformation/batch',
  '/repo/v1/search',
  '/repo/v1/statistics',
  '/repo/v1/subscription/list',
  '/repo/v1/subscription/subscribers/count',
  '/repo/v1/suggestion',
  '/repo/v1/team/{id}/memberList',
  '/repo/v1/teamList',
  '/repo/v1/user/{id}/memberList',
  '/repo/v1/userGroupHeaders/aliases',
  '/repo/v1/userProfile',
  '/repo/v1/validateDefiningSql',
  // Jobs that only return data, or create a file for the caller: a duplicate job does no harm.
  '/file/v1/file/bulk/async/start',
  '/repo/v1/column/view/scope/async/start',
  '/repo/v1/download/list/add/stats/async/start',
  '/repo/v1/download/list/manifest/async/start',
  '/repo/v1/download/list/package/async/start',
  '/repo/v1/download/list/query/async/start',
  '/repo/v1/entity/{id}/table/download/csv/async/start',
  '/repo/v1/entity/{id}/table/download/pfb/async/start',
  '/repo/v1/entity/{id}/table/query/async/start',
  '/repo/v1/entity/{id}/table/query/nextPage/async/start',
  '/repo/v1/grid/download/csv/async/start',
  '/repo/v1/schema/type/validation/async/start',
  '/repo/v1/storageReport/async/start',
  '/repo/v1/table/upload/csv/preview/async/start',
]);

/** POST operations that have the same effect when they are sent twice. */
const repeatablePosts: ReadonlySet<string> = new Set([
  // The same request finds the upload that it started; with forceRestart it starts a new upload and discards the other.
  '/file/v1/file/multipart',
  // Synapse identifies a column model by its content.
  '/repo/v1/column',
  '/repo/v1/column/batch',
  // These add to sets: adding a member twice changes nothing.
  '/file/v1/download/list/add',
  '/file/v1/download/list/add/async/start',
  '/file/v1/download/list/remove',
  '/repo/v1/download/list/add',
  '/repo/v1/download/list/add/async/start',
  '/repo/v1/download/list/remove',
  '/repo/v1/favorite/{id}',
  '/repo/v1/subscription',
  '/repo/v1/subscription/all',
]);

/** PUT operations that have an effect each time: they send an email, or add a version to a history. */
const unrepeatablePuts: ReadonlySet<string> = new Set([
  '/repo/v1/webhook/{webhookId}/verificationCode',
  '/repo/v1/access_requirement/{ownerId}/wiki2/{wikiId}/{wikiVersion}',
  '/repo/v1/entity/{ownerId}/wiki2/{wikiId}/{wikiVersion}',
  '/repo/v1/evaluation/{ownerId}/wiki2/{wikiId}/{wikiVersion}',
]);

/** The paths in the tables above, so that a test can check that each is still an operation. */
export const namedPaths: Readonly<Record<'POST' | 'PUT', readonly string[]>> = {
  POST: [...readingPosts, ...repeatablePosts],
  PUT: [...unrepeatablePuts],
};

/** Classifies an operation by the effect of sending it twice. retryPolicy.ts uses the class. */
export function idempotencyOf({ method, path, page }: Operation): Idempotency {
  if (method === 'GET') return isJobResult(path) ? 'poll' : 'read';
  if (method === 'POST') {
    if (page !== '' || readingPosts.has(path)) return 'read';
    return repeatablePosts.has(path) ? 'replace' : 'create';
  }
  return unrepeatablePuts.has(path) ? 'create' : 'replace';
}

/** The operations that return the result of a job. They respond with 202 and the status of the job until there is a result. */
export function isJobResult(path: string): boolean {
  return /\/async\/get\/[^/]+$/.test(path);
}
