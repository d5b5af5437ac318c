/**
 * Prepares flags that may stand without a value, as in the Python client: oclif knows only flags with a value and flags without.
 *
 * @param argv - The words after the command.
 * @param defaults - Flags as they are typed (`-o`, `--output`), with the value that each has when it stands alone. `undefined`: it is
 * left out.
 */
export function withOptionalValues(
  argv: readonly string[],
  defaults: Readonly<Record<string, string | undefined>>,
): string[] {
  const end = argv.indexOf('--');
  const flags = end === -1 ? argv : argv.slice(0, end);
  return argv.flatMap((word, index) => {
    if (index >= flags.length || !Object.hasOwn(defaults, word)) return [word];
    const next = flags[index + 1];
    if (next !== undefined && !/^-./.test(next)) return [word];
    const value = defaults[word];
    return value === undefined ? [] : [word, value];
  });
}
