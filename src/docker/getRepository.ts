import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { repositoryId, type DockerRef } from './repositoryId.js';

/** Implements {@link Docker.get}. */
export async function getRepository(
  ctx: Context,
  repository: DockerRef,
  options: CallOptions = {},
): Promise<M.DockerRepository> {
  const id = await repositoryId(ctx, repository, options);
  const entity = await ctx.services.entity.getEntity({ id }, options);
  if (entity.concreteType === 'org.sagebionetworks.repo.model.docker.DockerRepository') {
    return entity;
  }
  throw new ArgumentError(
    `${id} is of type ${entity.concreteType}, not a Docker repository: read it with syn.get.`,
  );
}
