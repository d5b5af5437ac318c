import type { CallFlag } from '../operationCall.js';

/** Writes `--flag true`, `--flag=false` and the like as the boolean flags that oclif knows: `--flag` and `--no-flag`. */
export function booleanWords(
  argv: readonly string[],
  flags: Readonly<Record<string, CallFlag>>,
): string[] {
  const names = new Map(
    Object.entries(flags)
      .filter(([, { type }]) => type === 'boolean')
      .flatMap(([name, { aliases }]) => [name, ...aliases].map((each) => [each, name] as const)),
  );
  const words: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    const [, typed = '', inWord] = /^--([\w-]+)(?:=(true|false))?$/.exec(word) ?? [];
    const name = names.get(typed);
    const next = /^(?:true|false)$/.test(argv[index + 1] ?? '') ? argv[index + 1] : undefined;
    if (name === undefined) {
      words.push(word);
      continue;
    }
    if (inWord === undefined && next !== undefined) index += 1;
    words.push((inWord ?? next) === 'false' ? `--no-${name}` : `--${name}`);
  }
  return words;
}
