import { firstColumns, textWidth } from './textWidth.js';

/** Breaks a text at spaces into lines of at most so many columns. A word that is longer is broken as well. */
export function wrapText(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (let word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (textWidth(joined) <= columns) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    while (textWidth(word) > columns) {
      // At least one character, so that this ends.
      const part = firstColumns(word, columns) || Array.from(word)[0] || '';
      lines.push(part);
      word = word.slice(part.length);
    }
    line = word;
  }
  return [...lines, line];
}
