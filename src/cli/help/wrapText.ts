import { textWidth } from '../textWidth.js';

/** Breaks a text into lines of at most so many columns, between words. A longer word has a line of its own. */
export function wrapText(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, width));
}

function wrapParagraph(paragraph: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let lineWidth = 0;
  for (const word of paragraph.split(' ')) {
    const wordWidth = textWidth(word);
    const isFirst = line === '';
    if (!isFirst && lineWidth + 1 + wordWidth > width) {
      lines.push(line);
      line = word;
      lineWidth = wordWidth;
    } else {
      line += isFirst ? word : ` ${word}`;
      lineWidth += isFirst ? wordWidth : wordWidth + 1;
    }
  }
  return [...lines, line];
}
