import type { CommandIndex } from '../commandData.js';
import { definitionList } from './definitionList.js';
import { groups } from './groups.js';
import { helpText, type HelpLayout, type HelpSection } from './helpText.js';

const beginning = [
  ['synapse login --remember-me', 'log in once'],
  ['synapse list', 'list your projects'],
  ['synapse COMMAND -h', 'show flags and examples'],
] as const;

const exitStatus = [
  ['0', 'success'],
  ['1', 'failure'],
  ['2', 'invalid command line or value'],
  ['3', 'not logged in, or the token was refused'],
  ['4', 'not found in Synapse'],
  ['5', 'some of several items failed'],
  ['130', 'interrupted'],
] as const;

/** The help of `synapse` itself: all commands and topics, in groups. */
export function rootHelp(index: CommandIndex, layout: HelpLayout): string {
  const { description, commands, topics } = index;
  const about = (name: string): string => commands[name]?.summary ?? topics[name] ?? '';
  const label = (name: string): string => (name in commands ? name : `${name} ...`);
  const groups = Object.entries(commandGroups).map(([title, names]): HelpSection => [
    title,
    definitionList(
      names.map((name) => [label(name), about(name)] as const),
      layout.width,
    ),
  ]);
  return helpText(
    description,
    [
      ['USAGE', ['  $ synapse COMMAND [FLAGS]']],
      ...sections,
      ['BEGIN', definitionList(beginning, layout.width)],
      ['EXIT STATUS', definitionList(exitStatus, layout.width)],
    ],
    layout,
  );
}
