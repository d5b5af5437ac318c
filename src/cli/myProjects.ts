import type * as M from '../../generated/models.js';
import type { CallOptions, Synapse } from '../index.js';

/**
 * Lists the projects that were shared with the caller or a team of the caller, by name. Projects that are only public are
 * not among them.
 *
 * @see https://rest-docs.synapse.org/rest/GET/projects.html
 */
export async function* myProjects(
  syn: Synapse,
  options: CallOptions,
): AsyncGenerator<M.EntityHeader> {
  const { userProfile, entity } = syn.services;
  let nextPageToken: string | undefined;
  do {
    const page = await userProfile.listMyProjects(
      { sort: 'PROJECT_NAME', sortDirection: 'ASC', nextPageToken },
      options,
    );
    const ids = page.results.flatMap(({ id }) => id ?? []);
    const references = ids.map((targetId) => ({ targetId }));
    const { results } =
      ids.length === 0
        ? { results: [] }
        : await entity.listEntityHeaders({ body: { references } }, options);
    const headers = new Map(results.map((header) => [header.id, header]));
    yield* ids.flatMap((id) => headers.get(id) ?? []);
    nextPageToken = page.nextPageToken;
  } while (nextPageToken !== undefined);
}
