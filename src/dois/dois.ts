import type { Context } from '../context.js';
import type { DoiInfo, DoiInput, DoiObject, DoiOptions } from './doiTypes.js';

/**
 * Digital object identifiers: `syn.dois`.
 *
 * A DOI names an entity (an id, or an object), one version of it (`syn123.4`, or `{ version: 4 }`), or a resource of a portal
 * (`{ portalId, resource }`).
 */
export class Dois {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Reads the DOI of an object, with its creators and titles.
   *
   * @throws {@link NotFoundError} when the object has none, or does not exist.
   * @see https://rest-docs.synapse.org/rest/GET/doi.html
   */
  async get(object: DoiObject, options: DoiOptions = {}): Promise<DoiInfo> {
    const { getDoi } = await import('./getDoi.js');
    return getDoi(this.#ctx, object, options);
  }

  /**
   * Reads the DOI of an object, if it has one.
   *
   * @throws {@link NotFoundError} when the object does not exist.
   */
  async find(object: DoiObject, options: DoiOptions = {}): Promise<DoiInfo | undefined> {
    const { findDoi } = await import('./getDoi.js');
    return findDoi(this.#ctx, object, options);
  }

  /**
   * Mints the DOI of an object, or updates what its DOI says, and waits until it is registered. Nothing is sent when the DOI says that
   * already. A DOI cannot be removed.
   *
   * @example
   * const { url } = await syn.dois.mint('syn123.4', { creators: ['Alice Example'], titles: 'RNA counts of the study' });
   *
   * @throws {@link ArgumentError} without a creator or a title, before anything is sent.
   * @throws {@link AuthorizationError} when the caller may not change the object.
   * @throws {@link PreconditionFailedError} when the DOI no longer has the given etag.
   * @throws {@link AsyncJobError} when it cannot be registered.
   * @see https://rest-docs.synapse.org/rest/POST/doi/async/start.html
   */
  async mint(object: DoiObject, input: DoiInput, options: DoiOptions = {}): Promise<DoiInfo> {
    const { mintDoi } = await import('./mintDoi.js');
    return mintDoi(this.#ctx, object, input, options);
  }

  /**
   * The address to which the DOI of an object leads.
   *
   * @see https://rest-docs.synapse.org/rest/GET/doi/locate.html
   */
  async locate(object: DoiObject, options: DoiOptions = {}): Promise<string> {
    const { locateDoi } = await import('./getDoi.js');
    return locateDoi(this.#ctx, object, options);
  }
}
