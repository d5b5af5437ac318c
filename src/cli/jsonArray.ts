/** Makes an array of JSON texts, one a line. Each chunk has complete lines. */
export async function* jsonArray(
  lines: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<string> {
  let isFirst = true;
  for await (const chunk of lines) {
    const items = chunk.toString().trimEnd().replaceAll('\n', ',\n  ');
    yield (isFirst ? '[\n  ' : ',\n  ') + items;
    isFirst = false;
  }
  yield isFirst ? '[]\n' : '\n]\n';
}
