const quote = 34;
const comma = 44;
const tab = 9;
const lineFeed = 10;
const carriageReturn = 13;

/**
 * Converts the CSV of Synapse to lines with tabs, as the Python client prints them: cells without their quotes, whatever they
 * contain. Line ends of all kinds become line feeds, and a doubled backslash stays doubled.
 */
export async function* csvToTsv(
  csv: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<Uint8Array> {
  let isQuoted = false;
  let previous = 0;
  for await (const chunk of csv) {
    const input = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    const output = Buffer.allocUnsafe(input.length);
    let length = 0;
    for (let index = 0; index < input.length; index += 1) {
      const code = input[index] ?? 0;
      const before = previous;
      previous = code;
      if (code === quote) {
        // The second of two quotes within a cell.
        if (!isQuoted && before === quote) output[length++] = quote;
        isQuoted = !isQuoted;
        // A third quote begins a pair of its own.
        if (isQuoted && before === quote) previous = 0;
      } else if (code === carriageReturn) output[length++] = lineFeed;
      else if (code === lineFeed) {
        if (before !== carriageReturn) output[length++] = lineFeed;
      } else output[length++] = code === comma && !isQuoted ? tab : code;
    }
    yield output.subarray(0, length);
  }
}
