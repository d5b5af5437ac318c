const fence = /^ {0,3}(?:```|~~~)/;

/** The text of the first heading of the first level (`# Title`), outside of blocks of code. */
export function firstHeading(text: string): string | undefined {
  let isCode = false;
  for (const line of text.replace(/^\ufeff/, '').split('\n')) {
    if (fence.test(line)) isCode = !isCode;
    const isHeading = !isCode && line.startsWith('# ');
    if (!isHeading) continue;
    const title = line
      .slice(2)
      .trim()
      .replace(/(?<![ #])[ ]#{1,20}$/, '')
      .trim();
    if (title !== '') return title;
  }
  return undefined;
}
