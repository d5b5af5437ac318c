import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { currentOf, idOf, isSynapseId, type EntityRef } from '../values/ids.js';

/** A repository: its id, its full name, or an object with an id. */
export type DockerRef = EntityRef;

/** The id of a repository. That of a name is looked up; Synapse knows the names of its own registry only. */
export async function repositoryId(
  ctx: Context,
  repository: DockerRef,
  options: CallOptions,
): Promise<string> {
  const repositoryName = idOf(repository).trim();
  if (isSynapseId(repositoryName)) return currentOf(repository, 'a repository has no versions');
  if (repositoryName === '') throw new ArgumentError('The name of the repository is empty.');
  const { entity } = ctx.services;
  return (await entity.getEntityIdByDockerRepositoryName({ repositoryName }, options)).id;
}
