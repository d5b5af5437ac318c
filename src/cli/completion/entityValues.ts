import type { Candidate, Completions } from './candidate.js';
import type { ValueShape } from './commandShape.js';
import type { CompletionSources, NamedItem } from './completionSources.js';
import { isItemId, isTypeable, itemCandidates } from './itemCandidates.js';

const scheme = 'syn://';

type Filter = (item: NamedItem) => boolean;

/** Entities by their ids, their names, or their paths: `syn://Project/folder/file`. */
export async function entityValues(
  word: string,
  sources: CompletionSources,
  { needsId = false }: ValueShape,
  isWanted: Filter = () => true,
): Promise<Completions> {
  if (word.startsWith(scheme) && !needsId) {
    return { candidates: await pathCandidates(word, sources, isWanted), files: 'none' };
  }
  const items = [...(await currentItems(sources)), ...(await sources.recent())];
  const found = itemCandidates(items.filter(isWanted), word);
  const isBeginning = scheme.startsWith(word) && !needsId;
  const paths: Candidate[] = isBeginning
    ? [{ value: scheme, description: 'a path: syn://Project/folder/file', isPartial: true }]
    : [];
  return { candidates: [...found, ...paths], files: 'none' };
}

/** The project that SYNAPSE_PROJECT names and its content; without the variable, the projects of the user. */
async function currentItems(sources: CompletionSources): Promise<readonly NamedItem[]> {
  const { project, list } = sources;
  if (project === undefined) return list('projects');
  const id = await projectId(project, sources);
  if (id === undefined) return list('projects');
  const own = (await list('projects')).filter((item) => item.id === id);
  return [...own, ...(await list(`children-${id}`))];
}

async function projectId(
  project: string,
  { list }: CompletionSources,
): Promise<string | undefined> {
  if (/^syn\d+$/.test(project)) return project;
  return (await list('projects')).find(({ name }) => name === project)?.id;
}

async function pathCandidates(
  word: string,
  sources: CompletionSources,
  isWanted: Filter,
): Promise<Candidate[]> {
  const segments = word.slice(scheme.length).split('/');
  const last = segments.pop() ?? '';
  const items = await contentOf(segments, sources);
  const before = `${scheme}${segments.map((segment) => `${segment}/`).join('')}`;
  const offered = items.filter((item) => isPathName(item, segments.length) && isWanted(item));
  const exact = offered.filter(({ name }) => name.startsWith(last));
  const wanted = last.toLowerCase();
  const found =
    exact.length > 0 ? exact : offered.filter(({ name }) => name.toLowerCase().startsWith(wanted));
  return found.map((item) => ({
    value: `${before}${item.name}${isContainer(item) ? '/' : ''}`,
    description: item.id,
    isPartial: isContainer(item),
    ...(exact.length === 0 && { name: `${before}${item.name}` }),
  }));
}

/** What is in the folder of a path. The path can begin with an id: `syn://syn123/folder`. */
async function contentOf(
  [top, ...below]: readonly string[],
  { list }: CompletionSources,
): Promise<readonly NamedItem[]> {
  if (top === undefined) return list('projects');
  let id = isEntityId(top) ? top : idOf(await list('projects'), top);
  for (const name of below) {
    if (id === undefined) return [];
    id = idOf(await list(`children-${id}`), name);
  }
  return id === undefined ? [] : list(`children-${id}`);
}

function idOf(items: readonly NamedItem[], wanted: string): string | undefined {
  return items.find((item) => item.name === wanted && isContainer(item))?.id;
}

/** Whether a name stands for the entity in a path: nothing is escaped there, and `@3` at the end of a file is a version. */
function isPathName(item: NamedItem, depth: number): boolean {
  const { name } = item;
  if (!isItemId(item.id) || !isTypeable(name)) return false;
  if (name !== name.trim() || name.includes('/')) return false;
  return isContainer(item) ? depth > 0 || !isEntityId(name) : !/@\d+$/.test(name);
}

function isEntityId(text: string): boolean {
  return /^syn\d+$/i.test(text);
}

function isContainer({ type }: NamedItem): boolean {
  return type === 'project' || type === 'folder';
}
