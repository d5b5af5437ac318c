import type { CommandIndex } from '../commandData.js';
import type { Candidate } from './candidate.js';

import { firstSentence } from './oneLine.js';

/** The next word of the names of commands, after the words that were typed of them. */
export function commandNames(
  { names, isHelp }: { names: readonly string[]; isHelp: boolean },
  word: string,
  { commands, topics }: CommandIndex,
): Candidate[] {
  const parents = names.map((name) => `${name}:`).join('');
  const found = new Map<string, string | undefined>();
  const add = (name: string, description: string | undefined): void => {
    if (name.startsWith(parents)) found.set(name.slice(parents.length), firstSentence(description));
  };
  for (const [topic, description] of Object.entries(topics)) add(topic, description);
  for (const [id, { hidden, summary }] of Object.entries(commands)) {
    if (hidden !== true) add(id, summary);
  }
  if (parents === '' && !isHelp) found.set('help', 'Show help');
  return [...found]
    .filter(([name]) => !name.includes(':') && name.startsWith(word))
    .map(([value, description]) => ({ value, description }))
    .sort((a, b) => (a.value < b.value ? -1 : 1));
}
