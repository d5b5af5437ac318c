import type { CommandIndex } from '../commandData.js';
import { definitionList } from './definitionList.js';
import { helpText, type HelpLayout } from './helpText.js';

/** The help of a topic: its commands. */
export function topicHelp(
  topic: string,
  { commands, topics }: CommandIndex,
  layout: HelpLayout,
): string {
  const verbs = Object.entries(commands)
    .filter(([id, { hidden }]) => id.startsWith(`${topic}:`) && hidden !== true)
    .map(([id, { summary }]) => [id.replaceAll(':', ' '), summary] as const);
  const own = commands[topic];
  return helpText(
    topics[topic] ?? own?.summary ?? '',
    [
      ['USAGE', [`  $ synapse ${topic} COMMAND`]],
      ['COMMANDS', definitionList(verbs, layout.width)],
    ],
    layout,
  );
}
