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
import type { ArgInfo, CommandInfo, CommandLineInfo, FlagInfo } from './readCommands.js';

/** Writes man/synapse.1, in the language of man pages (roff). */
export function manPage(line: CommandLineInfo): string {
  const byGroup = commandsByGroup(line);
  return [
    '.\\" Written by `npm run docs` from the commands. Do not edit.',
    `.TH SYNAPSE 1 "" "synapseclient ${line.version}" "User Commands"`,
    // Words are not divided: they are names of flags and commands.
    '.nh',
    '.ad l',
    '.SH NAME',
    'synapse \\- store, get and describe data in Synapse (synapse.org)',
    '.SH SYNOPSIS',
    '.B synapse',
    '\\fICOMMAND\\fR [\\fIARGUMENTS\\fR] [\\fIFLAGS\\fR]',
    '.SH DESCRIPTION',
    prose(
      'Synapse keeps research data with its description, provenance and access rules. This command uploads, downloads, queries and describes it. The result of a command is on standard output, and everything else on standard error.',
    ),
    '.PP',
    prose(
      'Create a personal access token at https://www.synapse.org under Account Settings, and save it with `synapse login --remember-me` or `synapse config`.',
    ),
    '.PP',
    prose(
      'In the examples, syn123 is a project or folder, syn456 a file, and syn789 a table or view.',
    ),
    '.SH COMMANDS',
    ...byGroup.flatMap(([title, commands]) => [`.SS ${roff(title)}`, ...commands.map(overview)]),
    ...byGroup.flatMap(([title, commands]) => [
      `.SH ${roff(title.toUpperCase())}`,
      ...commands.flatMap(section),
    ]),
    '.SH FLAGS OF EVERY COMMAND',
    ...sharedFlags(line).map(flagItem),
    '.SH EXIT STATUS',
    ...Object.entries(exitStatuses).map(([status, text]) => item(bold(status), text)),
    '.SH ENVIRONMENT',
    ...Object.entries(environment).map(([name, text]) => item(bold(name), text)),
    '.SH FILES',
    item(bold('~/.synapseConfig'), 'Configuration file, which the Python client reads too.'),
    item(bold('~/.synapseCache'), 'Downloaded files, shared with the Python client.'),
    '.SH SEE ALSO',
    roff('https://www.synapse.org, https://rest-docs.synapse.org'),
    '',
  ].join('\n');
}

function overview({ id, summary }: CommandInfo): string {
  return item(bold(`synapse ${id}`), summary);
}

function section(command: CommandInfo): string[] {
  const { id, summary, description, args, examples } = command;
  return [
    `.SS ${roff(`synapse ${id}`)}`,
    prose(summary),
    '.PP',
    `.EX\n${roff(usageOf(command))}\n.EE`,
    ...(description === '' ? [] : description.split('\n\n').map((text) => `.PP\n${prose(text)}`)),
    ...args.map(argItem),
    ...ownFlags(command).map(flagItem),
    ...(examples.length > 0 ? ['.PP\nExamples:'] : []),
    ...examples.map((example) => `.PP\n.RS 4\n.EX\n${roff(example)}\n.EE\n.RE`),
  ];
}

function argItem(arg: ArgInfo): string {
  return item(`\\fI${roff(argLabel(arg))}\\fR`, describe({ ...arg, required: false }));
}

function flagItem(flag: FlagInfo): string {
  return item(bold(flagLabel(flag)), describe(flag));
}

function item(label: string, text: string): string {
  return `.TP\n${label}\n${prose(text)}`;
}

/** A sentence, with what stands between backticks in bold. */
function prose(text: string): string {
  return text
    .split(/`([^`]*)`/)
    .map((part, index) => (index % 2 === 1 ? bold(part) : roff(part)))
    .join('');
}

function bold(text: string): string {
  return `\\fB${roff(text)}\\fR`;
}

const characters: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
  '"': '\\(dq',
};

/**
 * Text as roff. A dash and the quotes would be shown as characters of typography, which a shell does not understand. A line that
 * begins with a dot would be a command. Other than ASCII characters are written by their numbers.
 */
function roff(text: string): string {
  return text
    .replace(/[\\\-'`^~"]/g, (character) => characters[character] ?? character)
    .replace(/[^\n -~]/gu, (character) => `\\[u${hexadecimal(character)}]`)
    .replace(/^\./gm, '\\&.')
    .replaceAll('\n\n', '\n');
}

function hexadecimal(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
