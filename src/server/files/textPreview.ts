import type { Readable } from 'node:stream';

const maxCharacters = 1500;
const ellipsis = '...';

/** The beginning of a text. The characters of UTF-8 have at most four bytes. */
export async function textPreview(
  read: (range: { start: number; end: number }) => Readable,
  size: number,
): Promise<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const end = Math.min(size, 4 * (maxCharacters + 1));
  let text = '';
  for await (const chunk of read({ start: 0, end })) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
  }
  if (end === size) text += decoder.decode();
  return text.length <= maxCharacters
    ? text
    : text.slice(0, maxCharacters - ellipsis.length) + ellipsis;
}
