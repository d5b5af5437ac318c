import type { CommandIndex } from '../commandData.js';
import { definitionList } from './definitionList.js';
import { groups } from './groups.js';
import { helpText, type HelpLayout, type HelpSection } from './helpText.js';
import { wrapText } from './wrapText.js';

const beginning = [
  ['synapse login --remember-me', 'log in once'],
  ['synapse list', 'list your projects'],
  ['synapse COMMAND -h', 'show flags and examples'],
  ['synapse autocomplete install', 'complete commands and names with Tab'],
  ['synapse doctor', 'find out why something does not work'],
  ['synapse local start', 'try everything without an account'],
] as const;

const exitStatus =
  '0 success, 1 failure, 2 invalid command line or value, 3 not logged in or the token was refused, 4 not found in Synapse, ' +
  '5 some of several items failed, 130 interrupted.';

/** The help of `synapse` itself: all commands and topics, in groups. */
export function rootHelp(index: CommandIndex, layout: HelpLayout): string {
  const { description, commands, topics } = index;
  const { width } = layout;
  const about = (name: string): string => commands[name]?.summary ?? topics[name] ?? '';
  const label = (name: string): string => (name in commands ? name : `${name} ...`);
  const longest = Math.max(
    ...Object.values(groups).flatMap((names) => names.map((name) => label(name).length)),
  );
  const sections = Object.entries(groups).map(([title, names]): HelpSection => {
    const items = names.map((name) => [label(name), about(name)] as const);
    return [title.toUpperCase(), definitionList(items, width, longest)];
  });
  return helpText(
    description,
    [
      ['USAGE', ['  $ synapse COMMAND [FLAGS]']],
      ...sections,
      ['BEGIN', definitionList(beginning, width)],
      ['EXIT STATUS', wrapText(exitStatus, width - 2).map((line) => `  ${line}`)],
    ],
    layout,
  );
}
