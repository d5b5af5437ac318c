/** The beginning or the end of a block of code. */
const fence = /^ {0,3}(`{3,}|~{3,})/;

/** Code within a line, and what is between. */
const codeInLine = /((?<!`)`+[^`\n]+`+)/;

/** Changes the parts of a text in Markdown that are not code. Line ends stay as they are. */
export function outsideCode(text: string, change: (piece: string) => string): string {
  let open: string | undefined;
  const lines = text.split('\n').map((line) => {
    const [, marks = ''] = fence.exec(line) ?? [];
    if (open !== undefined) {
      const closes = marks.startsWith(open) && line.trim() === marks;
      if (closes) open = undefined;
      return line;
    }
    if (marks !== '') {
      open = marks;
      return line;
    }
    const pieces = line.split(codeInLine);
    return pieces.map((piece, index) => (index % 2 === 0 ? change(piece) : piece)).join('');
  });
  return lines.join('\n');
}
