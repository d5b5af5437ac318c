import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import type { Stored } from '../entities/entityClasses.js';
import { storeEntity } from '../entities/storeEntity.js';
import { ArgumentError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { containerOf, type EntityRef } from '../values/ids.js';

/** A repository in another registry. */
export interface NewRepository {
  /** The project. */
  parent: EntityRef;
  /** The name in the registry: `quay.io/someone/tool`; without a host, in Docker Hub. */
  repositoryName: string;
  /** The name of the entity. @default the name of the repository, with `_` in place of `/` and `:` */
  name?: string;
}

/** Implements {@link Docker.store}. */
export async function storeRepository(
  ctx: Context,
  { parent, repositoryName, name = repositoryName.replaceAll(/[/:]/g, '_') }: NewRepository,
  options: CommonOptions = {},
): Promise<M.DockerRepository & Stored> {
  if (/^(?:[^/]+\.)?synapse\.org(?::\d+)?\//i.test(repositoryName)) {
    throw new ArgumentError(
      `${repositoryName} is in the registry of Synapse: push an image to it, which creates the repository.`,
    );
  }
  const concreteType = 'org.sagebionetworks.repo.model.docker.DockerRepository';
  const entity = { concreteType, parentId: containerOf(parent), repositoryName, name } as const;
  return storeEntity(ctx, { ...entity, annotations: {} }, options);
}
