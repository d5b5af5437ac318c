import { wrapText } from './wrapText.js';

const indent = '  ';
const gap = '  ';
/** The share of the width that terms take at most. A longer term has a line of its own. */
const termShare = 0.36;

/**
 * Terms with what they mean, in two columns.
 *
 * @param narrowest - The columns that terms take at least, to align several lists.
 */
export function definitionList(
  items: readonly (readonly [term: string, text: string])[],
  width: number,
  narrowest = 0,
): string[] {
  const limit = Math.floor(width * termShare);
  const widths = items.map(([term]) => term.length).filter((each) => each <= limit);
  const termWidth = Math.max(narrowest, ...widths);
  const textIndent = indent + ' '.repeat(termWidth) + gap;
  return items.flatMap(([term, text]) => {
    const [first = '', ...rest] = wrapText(text, width - textIndent.length);
    const space = termWidth - term.length;
    const isAlone = space < 0;
    const start = isAlone
      ? [indent + term, textIndent + first]
      : [indent + term + ' '.repeat(space) + gap + first];
    return [...start, ...rest.map((line) => textIndent + line)].map((line) => line.trimEnd());
  });
}
