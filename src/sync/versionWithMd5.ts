import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';

/**
 * Finds the newest version of a file that has some content.
 *
 * @param md5 - Lower-case hexadecimal.
 * @returns The number of the version; `undefined` when no version has it.
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/version.html
 */
export async function versionWithMd5(
  ctx: Context,
  id: string,
  md5: string,
  options: CallOptions,
): Promise<number | undefined> {
  const versions = ctx.http.paginate('entity.listEntityVersions', { id, limit: 100 }, options);
  for await (const { versionNumber, contentMd5 } of versions) {
    if (contentMd5?.toLowerCase() === md5) return versionNumber;
  }
  return undefined;
}
