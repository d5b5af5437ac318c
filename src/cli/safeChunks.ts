import { StringDecoder } from 'node:string_decoder';
import { escapedJson, printableText } from './printable.js';

/** Escapes unsafe characters in JSON, which stays the same. Each chunk has complete lines. */
export async function* safeJson(
  chunks: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<string> {
  for await (const chunk of chunks) yield escapedJson(chunk.toString());
}

/** Makes text safe to print on a terminal: unsafe characters become escapes. Line ends and tabs are kept. */
export async function* safeText(
  chunks: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  for await (const chunk of chunks) {
    yield printableText(typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk)));
  }
  yield printableText(decoder.end());
}
