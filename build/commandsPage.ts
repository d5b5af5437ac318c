import {
  argLabel,
  commandsByGroup,
  describe,
  environment,
  exitStatuses,
  flagLabel,
  ownFlags,
  sharedFlags,
  usageOf,
} from './commandText.js';
import type { DomainCommands } from './domainCommands.js';
import type { CommandInfo, CommandLineInfo } from './readCommands.js';

/** Writes docs/commands.md: everything that `--help` says, on one page. */
export function commandsPage(
  line: CommandLineInfo,
  domains: Readonly<Record<string, DomainCommands>>,
): string {
  const byGroup = commandsByGroup(line);
  return `<!-- Written by \`npm run docs\` from the commands. Do not edit. -->

# Commands

\`synapse --help\` lists the commands, and \`synapse COMMAND --help\` explains one. This page has the same texts.
\`man synapse\` shows them too, after \`npm install --global synapseclient\`.

In the examples, \`syn123\` is a project or folder, \`syn456\` a file, and \`syn789\` a table or view.

${byGroup.map(([title, commands]) => contents(title, commands)).join('\n')}
- [Flags of every command](#flags-of-every-command), [exit status](#exit-status), [environment](#environment)
- [Domains of the library](#domains-of-the-library)

${byGroup.map(([title, commands]) => `## ${title}\n\n${commands.map(section).join('\n')}`).join('\n')}
## Flags of every command

${table(
  ['Flag', 'Description'],
  sharedFlags(line).map((flag) => [code(flagLabel(flag)), escaped(describe(flag))]),
)}

They may also stand before the command: \`synapse --profile lab list\`.

## Exit status

${table(['Status', 'Meaning'], Object.entries(exitStatuses))}

## Environment

${table(
  ['Variable', 'Meaning'],
  Object.entries(environment).map(([name, text]) => [code(name), text]),
)}

## Domains of the library

What reaches each domain of the library, such as \`syn.teams\`, from the command line. \`synapse api\` calls any operation of Synapse:
\`synapse api SERVICE.OPERATION --help\` shows its parameters.

${table(
  ['Domain', 'Commands', 'Operations for `synapse api`'],
  Object.entries(domains).map(([name, { commands, operations }]) => [
    code(`syn.${name}`),
    commands.map(code).join(', '),
    operations.map(code).join(', '),
  ]),
)}
`;
}

function contents(title: string, commands: readonly CommandInfo[]): string {
  const links = commands.map(({ id }) => `[${id}](#synapse-${id.replaceAll(' ', '-')})`);
  return `- ${title}: ${links.join(', ')}`;
}

function section(command: CommandInfo): string {
  const { id, summary, description, args, examples } = command;
  const flags = ownFlags(command);
  return [
    `### synapse ${id}`,
    escaped(summary),
    `\`\`\`sh\n${usageOf(command)}\n\`\`\``,
    description.split('\n\n').map(escaped).join('\n\n'),
    args.length > 0 &&
      table(
        ['Argument', 'Description'],
        args.map((arg) => [code(argLabel(arg)), escaped(describe({ ...arg, required: false }))]),
      ),
    flags.length > 0 &&
      table(
        ['Flag', 'Description'],
        flags.map((flag) => [code(flagLabel(flag)), escaped(describe(flag))]),
      ),
    examples.length > 0 && `\`\`\`sh\n${examples.join('\n')}\n\`\`\``,
  ]
    .filter(Boolean)
    .join('\n\n')
    .concat('\n');
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`.replaceAll('|  |', '| |');
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

/** Text as Markdown. What stands between backticks is code, and stays as it is. */
function escaped(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replace(/[\\<>*[\]]/g, '\\$&')))
    .join('');
}
