import { ArgumentError, fileSystemError } from '../errors.js';
import { readInput } from '../files/readInput.js';

/** The text of a message, of any length, or the path of a file in UTF-8 that has it. */
export type MessageBody = string | { path: string };

/**
 * Reads and checks a text.
 *
 * @throws {@link ArgumentError} for an empty text, for what UTF-8 cannot hold, and for a file in another encoding.
 * @throws {@link FileSystemError} when the file cannot be read.
 */
export async function readBody(body: MessageBody): Promise<string> {
  if (typeof body !== 'string') return requireText(await readFile(body.path));
  requireText(body);
  // Half a character would become U+FFFD.
  const index = body.search(/\p{Surrogate}/u);
  if (index < 0) return body;
  throw new ArgumentError(
    `The message has half a character (at ${index}), which cannot be stored.`,
  );
}

function requireText(text: string): string {
  if (text === '') throw new ArgumentError('The message has no text.');
  return text;
}

async function readFile(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readInput(path);
  } catch (cause) {
    throw fileSystemError('Cannot read the text of the message from', path, cause);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ArgumentError(`The file ${path} is not a text in UTF-8.`, { cause });
  }
}
