import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Context } from '../context.js';
import { ArgumentError, fileSystemError } from '../errors.js';
import { readInput } from '../files/readInput.js';
import type { CommonOptions } from '../options.js';
import { uploadFile } from '../storages/synapse/uploadFile.js';

const compress = promisify(gzip);

/** The text of a page, or the path of a file in UTF-8 that has it. */
export type MarkdownInput = string | { path: string };

/** A text, and the file that holds it in Synapse. */
export interface Markdown {
  text: string;
  compressed: Buffer;
}

/**
 * Reads and compresses a text.
 *
 * @throws {@link ArgumentError} for what UTF-8 cannot hold, and for a file in another encoding.
 * @throws {@link FileSystemError} when the file cannot be read.
 */
export async function prepareMarkdown(input: MarkdownInput): Promise<Markdown> {
  const text = typeof input === 'string' ? wellFormed(input) : await readText(input.path);
  return { text, compressed: await compress(text) };
}

// A half of a character would become U+FFFD.
function wellFormed(text: string): string {
  const index = text.search(/\p{Surrogate}/u);
  if (index < 0) return text;
  throw new ArgumentError(
    `The text of the wiki page has half a character (at ${index}), which cannot be stored.`,
  );
}

async function readText(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readInput(path);
  } catch (cause) {
    throw fileSystemError('Cannot read the text of the wiki page from', path, cause);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ArgumentError(`The file ${path} is not a text in UTF-8.`, { cause });
  }
}

/** Uploads a text. It gets a file handle of its own, by which its page is known. */
export async function uploadMarkdown(
  ctx: Context,
  { compressed }: Pick<Markdown, 'compressed'>,
  { signal, onProgress }: CommonOptions = {},
): Promise<string> {
  const { fileHandleId } = await uploadFile(ctx, {
    stream: Readable.from([compressed]),
    fileName: 'markdown.md.gz',
    contentType: 'application/x-gzip',
    generatePreview: false,
    forceRestart: true,
    signal,
    onProgress,
  });
  return fileHandleId;
}
