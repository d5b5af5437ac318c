/** Environment variables, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** An environment variable that is set, with its actual name. */
export interface Variable {
  name: string;
  value: string;
}

/**
 * Reads a variable that may be written in lower or upper case. Lower case wins, and an empty value counts as unset.
 * @param name in lower case
 */
export function readVariable(env: Environment, name: string): Variable | undefined {
  for (const spelling of [name, name.toUpperCase()]) {
    const value = env[spelling]?.trim();
    if (value !== undefined && value !== '') return { name: spelling, value };
  }
  return undefined;
}
