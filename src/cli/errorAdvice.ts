/** What to do about errors whose messages do not say it, by their `code`. The first row that fits is used. */
const rows: readonly { code: string; fits?: RegExp; advice: (found: RegExpExecArray) => string }[] =
  [
    {
      code: 'NOT_FOUND',
      fits: /\bid (syn\d+) and version \d+/,
      advice: ([, id = '']) => `\`synapse version list ${id}\` lists the versions that there are.`,
    },
    {
      code: 'NOT_FOUND',
      fits: /root wiki does not exist/,
      advice: () => 'It has no wiki yet: `synapse wiki store` makes one.',
    },
    {
      code: 'NOT_FOUND',
      fits: /'?syn\d+/,
      advice: () =>
        'Check the id and the server. What was deleted is in the trash can of the web site for 30 days.',
    },
    { code: 'NOT_FOUND', advice: () => 'Check the id or the name.' },
    {
      code: 'CONFLICT',
      fits: /name/i,
      advice: () => 'Choose another name, or change what has this name.',
    },
    { code: 'NETWORK', advice: () => '`synapse doctor` looks for the cause.' },
    { code: 'TIMEOUT', advice: () => '`synapse doctor` looks for the cause.' },
    { code: 'ENOENT', advice: () => 'Check the path.' },
    { code: 'EACCES', advice: () => 'Choose another place, or change its permissions.' },
    { code: 'EPERM', advice: () => 'Choose another place, or change its permissions.' },
    { code: 'EROFS', advice: () => 'Choose another place.' },
  ];

/** Messages that already say what to do: those with several lines, with a command or a flag, or with a suggested name. */
const hasAdvice = /\n|`|\(--\w|Did you mean/;

/** The message of an error, with what to do next. */
export function withAdvice(code: string, message: string): string {
  if (hasAdvice.test(message.trimEnd())) return message;
  for (const { code: wanted, fits, advice } of rows) {
    const found = wanted === code ? (fits ?? /^/).exec(message) : null;
    if (found === null) continue;
    const said = message.trimEnd();
    return `${said}${/[.:!?]$/.test(said) ? '' : '.'} ${advice(found)}`;
  }
  return message;
}
