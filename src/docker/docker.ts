import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { lazyListing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import type { Stored } from '../entities/entityClasses.js';
import type { CommonOptions } from '../options.js';
import type { ListTagsOptions } from './listTags.js';
import type { DockerRef } from './repositoryId.js';
import type { NewRepository } from './storeRepository.js';

/**
 * Repositories of Docker images: `syn.docker`.
 *
 * Pushing an image to docker.synapse.org creates a repository of Synapse; `store` creates one that refers to another registry.
 * `syn.delete` deletes both.
 */
export class Docker {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Reads a repository.
   *
   * @example
   * const tool = await syn.docker.get('docker.synapse.org/syn123/tool');
   *
   * @param repository - Its id or an object; or its full name, if it is in the registry of Synapse.
   * @throws {@link NotFoundError} when no repository has the id or the name.
   * @throws {@link ArgumentError} for an entity that is not a repository.
   * @see https://rest-docs.synapse.org/rest/GET/entity/dockerRepo/id.html
   */
  async get(repository: DockerRef, options: CallOptions = {}): Promise<M.DockerRepository> {
    const { getRepository } = await import('./getRepository.js');
    return getRepository(this.#ctx, repository, options);
  }

  /**
   * Stores a repository that refers to another registry: creates it, or updates the one with its name in the project.
   *
   * @example
   * await syn.docker.store({ parent: study, repositoryName: 'quay.io/someone/tool' });
   *
   * @throws {@link ArgumentError} for the registry of Synapse: pushing an image creates a repository there.
   * @see https://rest-docs.synapse.org/rest/POST/entity.html
   */
  async store(
    repository: NewRepository,
    options: CommonOptions = {},
  ): Promise<M.DockerRepository & Stored> {
    const { storeRepository } = await import('./storeRepository.js');
    return storeRepository(this.#ctx, repository, options);
  }

  /**
   * Lists the tags of a repository, each with the digest of its image, the newest first.
   *
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/dockerTag.html
   */
  tags(repository: DockerRef, options: ListTagsOptions = {}): Listing<M.DockerCommit> {
    return lazyListing(async () => {
      const { listTags } = await import('./listTags.js');
      return listTags(this.#ctx, repository, options);
    });
  }
}
