import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { quoted } from '../values/quoted.js';

/** The type of a repository of Docker images. */
export const dockerType = 'org.sagebionetworks.repo.model.docker.DockerRepository';

/** Tags that an error message lists. */
const mostListed = 20;

/**
 * The digest of the image that a tag of a Docker repository names.
 *
 * @throws {@link ArgumentError} when the repository has no such tag. The message lists those that it has.
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/dockerTag.html
 */
export async function dockerDigest(
  ctx: Context,
  id: string,
  tag = 'latest',
  options: CallOptions = {},
): Promise<string> {
  const known: string[] = [];
  const commits = ctx.http.paginate('dockerCommit.listDockerTags', { id }, options);
  for await (const commit of commits) {
    if (commit.tag === tag && commit.digest !== undefined) return commit.digest;
    known.push(commit.tag ?? '');
  }
  const listed = known.slice(0, mostListed).map(quoted).join(', ');
  const more = known.length > mostListed ? ` and ${known.length - mostListed} more` : '';
  throw new ArgumentError(
    known.length === 0
      ? `The Docker repository ${id} has no image: push one before it is submitted.`
      : `The Docker repository ${id} has no tag ${quoted(tag)}. Its tags: ${listed}${more}.`,
  );
}
