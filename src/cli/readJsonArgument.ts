import { parseJson } from '../values/json.js';
import { readSource } from './readSource.js';
import { usageError } from './usageError.js';

/**
 * Reads the value of a JSON flag: the JSON text, `@FILE`, or `-` for standard input.
 *
 * @param parse - `parseJsonInput` to keep numbers as they are written.
 *
 * @throws a usage error that names the flag when the file cannot be read or the text is not JSON.
 */
export async function readJsonArgument(
  flag: string,
  given: string | undefined,
  parse: (text: string) => unknown = parseJson,
): Promise<unknown> {
  if (given === undefined) return undefined;
  const fromFile = given === '-' || given.startsWith('@');
  const source = fromFile ? await readSource(flag, given.replace(/^@/, '')) : given;
  try {
    return parse(source);
  } catch (error) {
    throw usageError(`${flag} is not valid JSON: ${(error as Error).message}`);
  }
}

/** Like {@link readJsonArgument}, for a flag that must be a JSON object. */
export async function readJsonObject(
  flag: string,
  given: string | undefined,
  parse?: (text: string) => unknown,
): Promise<Record<string, unknown> | undefined> {
  const value = await readJsonArgument(flag, given, parse);
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw usageError(`${flag} must be a JSON object, such as {"tissue": "liver"}.`);
  }
  return value as Record<string, unknown>;
}
