/** The width of ` \`, with which a shell continues a line. */
const continuation = 2;

/**
 * Breaks a command line into lines of at most so many columns, between words, so that it can be copied into a shell. A longer word
 * has a line of its own. What is quoted is one word.
 */
export function wrapCommand(command: string, width: number): string[] {
  const words = command.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  const lines: string[] = [];
  let line = '';
  for (const [index, word] of words.entries()) {
    const longer = line === '' ? word : `${line} ${word}`;
    const isLast = index === words.length - 1;
    if (line === '' || longer.length + (isLast ? 0 : continuation) <= width) {
      line = longer;
    } else {
      lines.push(`${line} \\`);
      line = `    ${word}`;
    }
  }
  return [...lines, line];
}
