import { readInput } from '../files/readInput.js';
import { isSynapsePath } from '../values/ids.js';
import { idsIn } from './idsIn.js';
import { interruption } from './interruption.js';
import { printNote } from './printNote.js';
import { usageError } from './usageError.js';
import { kindOf, stdinPlaceOf } from './valueKind.js';

type Named = Readonly<Record<string, object>>;

/** The definitions of the arguments and flags of a command. */
export interface Definitions {
  args?: Named | undefined;
  flags?: Named | undefined;
}

/** The values of arguments or flags, by name. */
export type GivenValues = Record<string, unknown>;

/** An argument or a flag that names entities. */
interface Given {
  definition: object;
  name: string;
  /** Where its value is. */
  values: GivenValues;
}

/** Finds the ids of paths, in their order. */
export type FindPaths = (paths: readonly string[]) => Promise<readonly string[]>;

/**
 * Replaces, in what was parsed, `-` by the ids on standard input, and paths (`syn://Project/file`) by ids. The ids from standard
 * input are checked before any path is looked up.
 *
 * @returns The number of ids that were read; `undefined` when none were asked for.
 * @throws a usage error for what is no id
 */
export async function replaceGivenIds(
  definitions: Definitions,
  parsed: { args: GivenValues; flags: GivenValues },
  find: FindPaths,
): Promise<number | undefined> {
  const given = [
    ...givenOf(definitions.args ?? {}, parsed.args),
    ...givenOf(definitions.flags ?? {}, parsed.flags),
  ];
  const count = await readStdin(given);
  await replacePaths(given, find);
  return count;
}

function givenOf(definitions: Named, values: GivenValues): Given[] {
  return Object.entries(definitions)
    .filter(([name]) => values[name] !== undefined)
    .map(([name, definition]) => ({ name, definition, values }));
}

async function readStdin(given: readonly Given[]): Promise<number | undefined> {
  const asking = given.filter(({ definition, name, values }) => {
    const place = stdinPlaceOf(definition);
    const value = values[name];
    if (place === undefined || !Array.isArray(value)) return false;
    return place === 'first' ? value[0] === '-' : value.includes('-');
  });
  const [first, second] = asking;
  if (first === undefined) return undefined;
  const { definition, name, values } = first;
  const words = values[name] as string[];
  const index = words.indexOf('-');
  const isTwice = stdinPlaceOf(definition) === 'any' && words.lastIndexOf('-') !== index;
  if (second !== undefined || isTwice) throw usageError('Give - only once: it is read only once.');
  const isFile = kindOf(definition) === 'file';
  const read = await readLines(isFile);
  const others = new Set(words);
  const added = [...new Set(read)].filter((one) => !others.has(one));
  values[name] = [...words.slice(0, index), ...added, ...words.slice(index + 1)];
  return added.length;
}

async function readLines(isFile: boolean): Promise<string[]> {
  const what = isFile ? 'paths' : 'ids';
  if (process.stdin.isTTY) printNote(`Type ${what}, one per line, and end with Ctrl-D.`);
  const text = (await readInput('-', interruption.signal)).toString('utf8');
  return isFile ? text.split(/\r?\n/).filter((line) => line !== '') : idsIn(text);
}

async function replacePaths(given: readonly Given[], find: FindPaths): Promise<void> {
  const entities = given.filter(({ definition }) => {
    const kind = kindOf(definition);
    return kind === 'entity' || kind === 'container';
  });
  const paths = entities
    .flatMap(({ name, values }) => values[name])
    .filter((value) => isSynapsePath(value));
  if (paths.length === 0) return;
  const distinct = [...new Set(paths)];
  const ids = await find(distinct);
  const found = new Map<unknown, string>(
    distinct.map((path, index) => [path, ids[index] ?? path] as const),
  );
  const replaced = (value: unknown): unknown => found.get(value) ?? value;
  for (const { name, values } of entities) {
    const value = values[name];
    values[name] = Array.isArray(value) ? value.map(replaced) : replaced(value);
  }
}
