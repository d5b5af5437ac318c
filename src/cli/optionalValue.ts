/**
 * Gives flags that may stand without a value, as in the Python client, their default: oclif knows only flags with a value and flags
 * without.
 *
 * @param argv - The words after the command.
 * @param flags - The flags as they are typed: `-o`, `--output`.
 */
export function withDefaultValue(
  argv: readonly string[],
  flags: readonly string[],
  value: string,
): string[] {
  const end = argv.indexOf('--');
  const limit = end === -1 ? argv.length : end;
  return argv.flatMap((word, index) => {
    if (index >= limit || !flags.includes(word)) return [word];
    const next = argv[index + 1];
    const isAlone = next === undefined || index + 1 === limit || /^-./.test(next);
    return isAlone ? [word, value] : [word];
  });
}
