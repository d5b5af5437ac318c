/**
 * What a program of `examples/` prints is a comment at its end:
 *
 * ```
 * // Output:
 * //   three rows
 * ```
 *
 * Ids are numbered in the order in which they appear, because Synapse gives others each time: `syn1`, `syn2`.
 */
const title = 'Output:';

function markOf(name: string): string {
  return name.endsWith('.sh') ? '#' : '//';
}

/** The output that the source of a program says it has, or undefined when it says nothing. */
export function writtenOutput(name: string, source: string): string | undefined {
  const mark = markOf(name);
  const lines = source.trimEnd().split('\n');
  const start = lines.lastIndexOf(`${mark} ${title}`);
  const comment = lines.slice(start + 1);
  if (start === -1 || comment.some((line) => !line.startsWith(mark))) return undefined;
  return comment.map((line) => line.slice(mark.length + 3)).join('\n');
}

/** The source of a program with the output that it had. */
export function withOutput(name: string, source: string, output: string): string {
  const mark = markOf(name);
  const [code = ''] = source.split(`${mark} ${title}\n`);
  const comment = output.split('\n').map((line) => (line === '' ? mark : `${mark}   ${line}`));
  return [code.trimEnd(), '', `${mark} ${title}`, ...comment, ''].join('\n');
}

/** A printed text without what differs from run to run: ids, and spaces at the ends of lines. */
export function stableOutput(printed: string): string {
  const ids = new Map<string, string>();
  return printed
    .trimEnd()
    .replace(/[ \t\r]+$/gm, '')
    .replace(/\bsyn\d+\b/g, (id) => {
      const known = ids.get(id) ?? `syn${ids.size + 1}`;
      ids.set(id, known);
      return known;
    });
}
