import { argLabel as labelOf, withValues } from '../src/cli/help/commandHelp.js';
import { groups } from '../src/cli/help/groups.js';
import type { ArgInfo, CommandInfo, CommandLineInfo, FlagInfo } from './readCommands.js';

/** What the pages about the command line have in common. */

/** The exit statuses of all commands. */
export const exitStatuses: Readonly<Record<string, string>> = {
  0: 'Success.',
  1: 'Failure.',
  2: 'The command line or a value in it is not valid. Nothing was done.',
  3: 'Not logged in, or the token was refused.',
  4: 'Not found in Synapse.',
  5: 'Some of several items failed. The others are done, and standard error names those that failed.',
  130: 'Interrupted.',
};

/** The environment variables that commands read. */
export const environment: Readonly<Record<string, string>> = {
  SYNAPSE_AUTH_TOKEN: 'Personal access token to log in with.',
  SYNAPSE_PROFILE: 'Profile to log in with, like `--profile`.',
  SYNAPSE_ENDPOINT: 'URL of the Synapse server, like `--endpoint`.',
  SYNAPSE_CACHE_DIR: 'Directory of the file cache, like `--cache-dir`.',
  SYNAPSE_TOKEN_AWS_SSM_PARAMETER_NAME: 'Name of the AWS parameter that contains the token.',
  HTTPS_PROXY: 'URL of the proxy. `NO_PROXY` lists hosts that need none.',
  NO_COLOR: 'Text without colors.',
};

/** The commands of each group that users see, by name of the group. */
export function commandsByGroup({ commands }: CommandLineInfo): [string, CommandInfo[]][] {
  return Object.entries(groups).map(([title, members]) => [
    title,
    members.flatMap((member) =>
      commands.filter(
        ({ id, hidden }) => !hidden && (id === member || id.startsWith(`${member} `)),
      ),
    ),
  ]);
}

/** The flags that all commands share. */
export function sharedFlags({ commands }: CommandLineInfo): FlagInfo[] {
  const [first] = commands.filter(({ id }) => id === 'get');
  return (first?.flags ?? []).filter(({ isShared }) => isShared);
}

/** The flags of one command that its users see. */
export function ownFlags({ flags }: CommandInfo): FlagInfo[] {
  return flags.filter(({ hidden, isShared }) => !hidden && !isShared);
}

/** How a command is called: `synapse mv ID PARENT [FLAGS]`. */
export function usageOf(command: CommandInfo): string {
  const required = ownFlags(command)
    .filter((flag) => flag.required)
    .map(({ name, value }) => (value === undefined ? `--${name}` : `--${name} ${value}`));
  return ['synapse', command.id, ...command.args.map(argLabel), ...required, '[FLAGS]'].join(' ');
}

/** `ID`, `[ID]` or `ID...`. */
export function argLabel(arg: ArgInfo): string {
  return labelOf(arg.name, arg);
}

/** `-v, --version <number>`. */
export function flagLabel({ name, char, value, allowNo }: FlagInfo): string {
  const long = `--${allowNo ? '[no-]' : ''}${name}`;
  return `${char === undefined ? '' : `-${char}, `}${long}${value === undefined ? '' : ` ${value}`}`;
}

/** The description with the values that are allowed, and whether it is needed. */
export function describe(value: ArgInfo | FlagInfo): string {
  const { options, required, multiple } = value;
  return [
    withValues(value, options.length > 0 ? options : undefined),
    required && 'Required.',
    multiple && 'Several are allowed.',
  ]
    .filter(Boolean)
    .join(' ');
}
