import { argLabel } from './commandText.js';
import type { ArgInfo, CommandInfo, FlagInfo } from './readCommands.js';

/**
 * Writes the interface of the command line: a line for each command, argument and flag, so that a change of one is a line of a
 * diff. Descriptions are left out: better words break no script.
 */
export function commandSnapshot(commands: readonly CommandInfo[]): string {
  const shared = commands.find(({ id }) => id === 'get')?.flags.filter(({ isShared }) => isShared);
  return [
    ...(shared ?? []).map((flag) => `(every command) ${flagText(flag)}`),
    ...commands.flatMap(commandLines),
    '',
  ].join('\n');
}

function commandLines(command: CommandInfo): string[] {
  const { id, aliases, hiddenAliases, hidden, args, flags } = command;
  const notes = [
    hidden && 'hidden',
    aliases.length > 0 && `also ${aliases.join(', ')}`,
    hiddenAliases.length > 0 && `accepts ${hiddenAliases.join(', ')}`,
  ].filter(Boolean);
  return [
    notes.length > 0 ? `${id} (${notes.join('; ')})` : id,
    ...args.map((arg) => `${id} ${argText(arg)}`),
    ...flags
      .filter(({ isShared }) => !isShared)
      .map(flagText)
      .sort()
      .map((flag) => `${id} ${flag}`),
  ];
}

function argText(arg: ArgInfo): string {
  const { options, valueKind, default: usual } = arg;
  const notes = [valueKind, usual !== undefined && `by default ${usual}`].filter(Boolean);
  return [
    argLabel(arg),
    options.length > 0 && `= ${options.join(' | ')}`,
    notes.length > 0 && `(${notes.join('; ')})`,
  ]
    .filter(Boolean)
    .join(' ');
}

function flagText(flag: FlagInfo): string {
  const { name, char, value, options, aliases, required, multiple, hidden, allowNo } = flag;
  const notes = [
    flag.valueKind,
    flag.default !== undefined && `by default ${flag.default}`,
    required && 'required',
    multiple && 'several',
    hidden && 'hidden',
    aliases.length > 0 && `accepts ${aliases.map(dashed).join(', ')}`,
  ].filter(Boolean);
  return [
    `--${allowNo ? '[no-]' : ''}${name}`,
    value !== undefined && (options.length > 0 ? `= ${options.join(' | ')}` : value),
    char && `-${char}`,
    notes.length > 0 && `(${notes.join('; ')})`,
  ]
    .filter(Boolean)
    .join(' ');
}

function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}
