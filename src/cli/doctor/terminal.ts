import { note, ok, type Check, type Finding } from './check.js';

/** What the terminal can show. */
export const terminal: Check = {
  name: 'terminal',
  title: 'Terminal',
  run: ({ environment }) => {
    const { isTTY, columns } = process.stderr;
    return [terminalFinding(environment, isTTY ? columns : undefined)];
  },
};

/** @param columns - `undefined` without a terminal. */
export function terminalFinding(
  environment: Readonly<Record<string, string | undefined>>,
  columns: number | undefined,
): Finding {
  const { LC_ALL, LC_CTYPE, LANG, TERM } = environment;
  const locale = LC_ALL || LC_CTYPE || LANG || '';
  if (process.platform !== 'win32' && !/utf-?8/i.test(locale)) {
    return note(
      `The locale is ${locale || 'not set'}, without UTF-8: names in other scripts may be unreadable.`,
      'Set LANG to a locale with UTF-8, such as C.UTF-8.',
    );
  }
  const where = columns === undefined ? 'no terminal' : `${columns} columns`;
  return ok([locale, TERM, where].filter(Boolean).join(', '), { columns });
}
