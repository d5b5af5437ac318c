import { readCommandData, type CommandData, type CommandIndex } from '../commandData.js';
import { commandHelp } from './commandHelp.js';
import type { HelpLayout } from './helpText.js';
import { rootHelp } from './rootHelp.js';
import { topicHelp } from './topicHelp.js';

/** The widths between which help is laid out. Longer lines are hard to read. */
const narrowest = 40;
const widest = 100;
const usual = 80;

export interface HelpRequest {
  /** A command or a topic. Without one, help about everything. */
  id?: string;
  /** The words after it. */
  rest: readonly string[];
}

/**
 * Prints help.
 *
 * @param root - The directory of the executable.
 */
export async function showHelp(
  { id, rest }: HelpRequest,
  index: CommandIndex,
  root: string,
): Promise<void> {
  const layout = helpLayout(process.stdout, process.env);
  const text =
    id === undefined
      ? rootHelp(index, layout)
      : id in index.commands
        ? commandHelp(await describedCommand(id, rest, root), layout)
        : topicHelp(id, index, layout);
  process.stdout.write(text);
}

/** The definition of a command, or of the operation in `synapse api entity.getEntity --help`. */
async function describedCommand(
  id: string,
  rest: readonly string[],
  root: string,
): Promise<CommandData> {
  const command = readCommandData(root, id);
  if (id !== 'api' || rest.length === 0) return command;
  const { operationHelp } = await import('./operationHelp.js');
  return (await operationHelp(rest, command, root)) ?? command;
}

/** Titles are bold on a terminal. @see https://no-color.org */
export function helpLayout(
  { isTTY, columns }: { isTTY?: boolean; columns?: number },
  env: Readonly<Record<string, string | undefined>>,
): HelpLayout {
  const given = isTTY === true ? columns : Number(env['COLUMNS']);
  const width = Math.min(widest, Math.max(narrowest, given || usual));
  const isPlain = isTTY !== true || Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb';
  return { width, heading: (title) => (isPlain ? title : `\u001b[1m${title}\u001b[0m`) };
}
