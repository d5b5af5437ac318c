import { printable } from '../printable.js';
import type { Candidate } from './candidate.js';
import type { NamedItem } from './completionSources.js';
import { oneLine } from './oneLine.js';

/** The most that a shell is given of one kind. */
const most = 1000;

/** Whether a text from a server is the id of an entity (`syn123`), or a number such as the id of a team. */
export function isItemId(text: string): boolean {
  return /^(?:syn)?\d+$/.test(text);
}

/** Items whose ids begin with the word; without any, those whose names do. */
export function itemCandidates(items: readonly NamedItem[], word: string): Candidate[] {
  const known = new Map(items.filter(({ id }) => isItemId(id)).map((item) => [item.id, item]));
  const unique = [...known.values()];
  const byId = unique.filter(({ id }) => id.startsWith(word.toLowerCase())).map(describe);
  if (byId.length > 0 || word === '') return byId.slice(0, most);
  const wanted = word.toLowerCase();
  return unique
    .filter(({ name }) => name.toLowerCase().startsWith(wanted) && isTypeable(name))
    .map((item) => ({ ...describe(item), name: item.name }))
    .slice(0, most);
}

function describe({ id, name }: NamedItem): Candidate {
  return { value: id, description: oneLine(name), isId: true };
}

/** Whether a name has only characters that can be typed. */
export function isTypeable(name: string): boolean {
  return name !== '' && printable(name) === name;
}
