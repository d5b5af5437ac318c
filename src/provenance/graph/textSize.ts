// The widths of the common sans-serif fonts differ. These are those of the widest of them, so that text fits in any.
const wide =
  /[mwMW@%\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{10000}-\u{10ffff}]/u;
const narrow = /[ijlIrt.,:;|!'()[\]·\- ]/;
const none = /^[\p{M}\p{Cf}]+$/u;

/** The width of a text, at most, in units of the font size. */
export function textSize(text: string): number {
  let width = 0;
  for (const character of text) width += sizeOf(character);
  return width;
}

function sizeOf(character: string): number {
  if (none.test(character)) return 0;
  if (wide.test(character)) return 1.05;
  if (narrow.test(character)) return 0.42;
  return /\p{Lu}/u.test(character) ? 0.78 : 0.66;
}

let segmenter: Intl.Segmenter | undefined;

/** Splits a text into what readers see as characters. The data of Unicode takes milliseconds to load. */
function characters(text: string): string[] {
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/**
 * Breaks a text into lines, between words where that is possible.
 *
 * @param width - The width of a line, in units of the font size.
 * @param maximum - The number of lines. What is longer ends in an ellipsis.
 */
export function wrapText(text: string, width: number, maximum: number): string[] {
  const lines: string[] = [];
  let line = '';
  let size = 0;
  /** Where the line can be broken, and the size up to there. */
  let breakAt = 0;
  for (const segment of characters(text)) {
    const next = textSize(segment);
    if (size + next > width && line !== '') {
      if (lines.length === maximum - 1) return [...lines, shortened(line, width)];
      const end = breakAt > 0 ? breakAt : line.length;
      lines.push(line.slice(0, end).trimEnd());
      line = line.slice(end).trimStart();
      size = textSize(line);
      breakAt = 0;
    }
    line += segment;
    size += next;
    if (/[\s_\-/,;:)?&]$/.test(segment)) breakAt = line.length;
  }
  return line === '' ? lines : [...lines, line];
}

/** Makes space for an ellipsis. */
function shortened(line: string, width: number): string {
  const kept = characters(line);
  while (kept.length > 1 && textSize(kept.join('')) + 1 > width) kept.pop();
  return `${kept.join('').trimEnd()}…`;
}
