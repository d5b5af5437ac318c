import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { listing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { repositoryId, type DockerRef } from './repositoryId.js';

/** How tags are sorted. */
export interface ListTagsOptions extends CallOptions {
  /** @default 'CREATED_ON' */
  sortBy?: 'CREATED_ON' | 'TAG';
  /** @default 'DESC': the newest first; for tags 'ASC' */
  sortDirection?: M.Direction;
}

/** Implements {@link Docker.tags}. */
export function listTags(
  ctx: Context,
  repository: DockerRef,
  { sortBy = 'CREATED_ON', sortDirection, ...options }: ListTagsOptions = {},
): Listing<M.DockerCommit> {
  const direction = sortDirection ?? (sortBy === 'TAG' ? 'ASC' : 'DESC');
  async function* tags(): AsyncGenerator<M.DockerCommit> {
    const id = await repositoryId(ctx, repository, options);
    const args = { id, sort: sortBy, ascending: direction === 'ASC' };
    yield* ctx.http.paginate('dockerCommit.listDockerTags', args, options);
  }
  return listing(tags);
}
