import type { Synapse } from '../../index.js';
import { myProjects } from '../myProjects.js';
import type { ListName, NamedItem } from './completionSources.js';

/** The most items of a list that are fetched. */
const most = 1000;

/** Fetches a list from Synapse. */
export async function fetchList(
  syn: Synapse,
  name: ListName,
  signal: AbortSignal,
): Promise<NamedItem[]> {
  const [kind = '', ...rest] = name.split('-');
  const of = rest.join('-');
  const items: NamedItem[] = [];
  for await (const item of fetchers[kind]?.(syn, of, signal) ?? []) {
    items.push(item);
    if (items.length >= most) break;
  }
  return items;
}

type Fetcher = (syn: Synapse, of: string, signal: AbortSignal) => AsyncIterable<NamedItem>;

const fetchers: Readonly<Record<string, Fetcher>> = {
  projects: async function* (syn, _, signal) {
    for await (const { id, name } of myProjects(syn, { signal }))
      yield { id, name, type: 'project' };
  },
  children: async function* (syn, id, signal) {
    for await (const header of syn.getChildren(id, { signal })) {
      yield { id: header.id, name: header.name, type: shortType(header.type) };
    }
  },
  teams: async function* (syn, _, signal) {
    const { ownerId = '' } = await syn.getUserProfile(undefined, { signal });
    for await (const team of syn.paginate('team.listUserTeams', { id: ownerId }, { signal })) {
      yield* named(team);
    }
  },
  evaluations: async function* (syn, _, signal) {
    const all = syn.paginate('evaluation.listAvailableEvaluations', {}, { signal });
    for await (const evaluation of all) yield* named(evaluation);
  },
  users: async function* (syn, prefix, signal) {
    for await (const { ownerId, userName } of syn.users.search(prefix, { signal })) {
      yield* named({ id: ownerId, name: userName });
    }
  },
};

function named({ id, name }: { id?: string; name?: string }): NamedItem[] {
  return id === undefined || name === undefined ? [] : [{ id, name }];
}

/** The last word of a concrete type: `folder` of `org.sagebionetworks.repo.model.Folder`. */
function shortType(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1).toLowerCase();
}
