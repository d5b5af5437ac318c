/** Yields the first lines of a stream, unchanged and with their line endings, and then ends the stream. */
export async function* firstLines(
  stream: AsyncIterable<Uint8Array>,
  count: number,
): AsyncGenerator<Uint8Array> {
  let missing = count;
  for await (const chunk of stream) {
    let end = 0;
    while (missing > 0) {
      const lineEnd = chunk.indexOf(0x0a, end);
      if (lineEnd < 0) break;
      end = lineEnd + 1;
      missing -= 1;
    }
    yield missing === 0 ? chunk.subarray(0, end) : chunk;
    if (missing === 0) return;
  }
}
