import { describeOperation } from '../api/describeOperation.js';
import { findTarget } from '../api/findTarget.js';
import { commandDirectory, type CommandData } from '../commandData.js';

/**
 * The help of `synapse api` for the operation that is named, or called by method and path, in the words after it.
 *
 * @param root - The directory of the executable.
 * @returns `undefined` when there is no such operation
 */
export async function operationHelp(
  words: readonly string[],
  command: CommandData,
  root: string,
): Promise<CommandData | undefined> {
  const { operation } = findTarget(words) ?? {};
  if (operation === undefined) return undefined;
  const { flags, useless, ...described } = await describeOperation(operation, {
    directory: commandDirectory(root),
    concreteType: givenType(words),
  });
  const general = Object.entries(command.flags).filter(([name]) => !useless.includes(name));
  return { ...described, args: {}, flags: { ...Object.fromEntries(general), ...flags } };
}

/** The type of the body whose fields are wanted. */
function givenType(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => /^--concrete-?type(?:=|$)/i.test(word));
  const [, inWord] = words[at]?.split('=') ?? [];
  return at === -1 ? undefined : (inWord ?? words[at + 1]);
}
