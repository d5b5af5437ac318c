import type { ArgData, CommandData, FlagData } from '../commandData.js';
import { definitionList } from './definitionList.js';
import { helpText, type HelpLayout, type HelpSection } from './helpText.js';
import { wrapCommand } from './wrapCommand.js';
import { wrapText } from './wrapText.js';

/** Values of a flag that are shown in its label; a longer list is part of the description. */
const longestValues = 24;

/** The groups of flags before those that all commands share: those of an operation of the API, and of the command. */
const ownGroups = ['PARAMETER', 'BODY', ''];

/** The help of a command. */
export function commandHelp(command: CommandData, layout: HelpLayout): string {
  const { summary, description = '', examples, args, flags } = command;
  const { width } = layout;
  const shownArgs = Object.entries(args).filter(([, { hidden }]) => hidden !== true);
  const groups = flagGroups(flags);
  const flagSection = (group: string): HelpSection => [
    group === '' ? 'FLAGS' : `${group} FLAGS`,
    definitionList((groups.get(group) ?? []).map(flagItem), width),
  ];
  const own = ownGroups.filter((group) => groups.has(group));
  return helpText(
    wrapText(summary, width).join('\n'),
    [
      ['USAGE', wrapText(usage(command), width - 2).map(indented)],
      ['ARGUMENTS', definitionList(shownArgs.map(argItem), width)],
      ...own.map(flagSection),
      ['DESCRIPTION', description === '' ? [] : wrapText(description, width - 2).map(indented)],
      ['EXAMPLES', examples.flatMap((each) => wrapCommand(`$ ${each}`, width - 2)).map(indented)],
      flagSection('GLOBAL'),
    ],
    layout,
  );
}

/** The usage line: only required flags, so that they stand out. */
export function usage({ id, args, flags }: CommandData): string {
  const given = Object.entries(args)
    .filter(([, { hidden }]) => hidden !== true)
    .map(([name, arg]) => argLabel(name, arg));
  const required = Object.entries(flags)
    .filter(([, flag]) => flag.required === true && flag.hidden !== true)
    .map(([name, flag]) => `--${longLabel(name, flag)}`);
  return ['$ synapse', id.replaceAll(':', ' '), ...given, ...required, '[FLAGS]'].join(' ');
}

/** `ID`, `[ID]` or `[ID...]`. */
export function argLabel(name: string, { required, multiple }: ArgData): string {
  const label = `${name.toUpperCase()}${multiple === true ? '...' : ''}`;
  return required === true ? label : `[${label}]`;
}

function argItem([name, arg]: [string, ArgData]): [string, string] {
  return [argLabel(name, arg), withValues(arg, arg.options)];
}

/** The flags by group, those of the command itself under the empty name. Required flags come first. */
function flagGroups(flags: CommandData['flags']): Map<string, [string, FlagData][]> {
  const groups = new Map<string, [string, FlagData][]>();
  const shown = Object.entries(flags)
    .filter(([, { hidden }]) => hidden !== true)
    .sort(([one, a], [other, b]) => rank(a) - rank(b) || (one < other ? -1 : 1));
  for (const [name, flag] of shown) {
    const group = flag.helpGroup ?? '';
    groups.set(group, [...(groups.get(group) ?? []), [name, flag]]);
  }
  return groups;
}

function rank({ required }: FlagData): number {
  return required === true ? 0 : 1;
}

function flagItem([name, flag]: [string, FlagData]): [string, string] {
  const { char, options, env } = flag;
  const letter = char === undefined ? '   ' : `-${char},`;
  const text = withValues(flag, areValuesShort(options) ? undefined : options);
  return [`${letter} --${longLabel(name, flag)}`, env === undefined ? text : `${text} [${env}]`];
}

function longLabel(
  name: string,
  { type, multiple, helpValue, options, allowNo }: FlagData,
): string {
  if (type === 'boolean') return allowNo === true ? `[no-]${name}` : name;
  const value =
    options !== undefined && areValuesShort(options) ? options.join('|') : (helpValue ?? '<value>');
  return `${name}=${value}${multiple === true ? '...' : ''}`;
}

function areValuesShort(options: readonly string[] | undefined): boolean {
  return options !== undefined && options.join('|').length <= longestValues;
}

/** The description of a value, with the values that are allowed and the default. */
export function withValues(
  { description = '', default: usual }: ArgData,
  options: readonly string[] | undefined,
): string {
  return [
    description,
    options !== undefined && `One of: ${options.join(', ')}.`,
    usual !== undefined && usual !== 'false' && `Default: ${usual}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

function indented(line: string): string {
  return line === '' ? '' : `  ${line}`;
}
