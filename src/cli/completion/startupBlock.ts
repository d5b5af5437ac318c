const first = '# >>> synapse completion >>>';
const last = '# <<< synapse completion <<<';

/** Adds a line between two marks at the end of a text, or changes the one that is there. */
export function withBlock(text: string, line: string): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const block = [first, line, last].join(eol);
  const found = findBlock(text);
  if (found !== undefined) return text.slice(0, found.start) + block + text.slice(found.end);
  const before = text === '' || text.endsWith('\n') ? text : text + eol;
  return `${before}${block}${eol}`;
}

/** Removes what {@link withBlock} has added. */
export function withoutBlock(text: string): string {
  const found = findBlock(text);
  if (found === undefined) return text;
  return text.slice(0, found.start) + text.slice(found.end).replace(/^\r?\n/, '');
}

function findBlock(text: string): { start: number; end: number } | undefined {
  const start = text.indexOf(first);
  const end = text.indexOf(last, start);
  return start === -1 || end === -1 ? undefined : { start, end: end + last.length };
}
