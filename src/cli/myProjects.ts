import type * as M from '../../generated/models.js';
import { checkAnswer } from '../api/checkAnswer.js';
import type { CallOptions, Synapse } from '../index.js';

/** Projects to look up with one request: those of a page. */
const batchSize = 50;

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
  const sorting = { sort: 'PROJECT_NAME', sortDirection: 'ASC' } as const;
  let ids: string[] = [];
  for await (const project of syn.paginate('userProfile.listMyProjects', sorting, options)) {
    const { results } = checkAnswer('userProfile.listMyProjects', { results: [project] });
    ids.push(...results.flatMap(({ id }) => id ?? []));
    if (ids.length < batchSize) continue;
    yield* await headersOf(syn, ids, options);
    ids = [];
  }
  yield* await headersOf(syn, ids, options);
}

async function headersOf(
  syn: Synapse,
  ids: readonly string[],
  options: CallOptions,
): Promise<M.EntityHeader[]> {
  if (ids.length === 0) return [];
  const references = ids.map((targetId) => ({ targetId }));
  const { results } = checkAnswer(
    'entity.listEntityHeaders',
    await syn.services.entity.listEntityHeaders({ body: { references } }, options),
  );
  const headers = new Map(results.map((header) => [header.id, header]));
  return ids.flatMap((id) => headers.get(id) ?? []);
}
