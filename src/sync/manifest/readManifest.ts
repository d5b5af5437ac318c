import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { ArgumentError, fileSystemError } from '../../errors.js';
import { readInput } from '../../files/readInput.js';
import { readOnly } from '../../files/regularFile.js';
import type { ManifestEvent } from './manifestEvent.js';
import type { ManifestForm } from './manifestRow.js';
import { ManifestScanner, type ScannedRow } from './manifestScanner.js';
import { readHeader, type ManifestHeader } from './readHeader.js';
import { readRow } from './readRow.js';

/** How {@link readManifest} reads. */
export interface ReadManifestOptions {
  /** The form, where the header does not tell it. @default the form of the header: `parentId` is of `csv`, `parent` of `tsv` */
  form?: ManifestForm;
  signal?: AbortSignal;
}

/**
 * Reads a manifest row by row, in constant memory. The separator (comma or TAB) and the form are found by the header; byte order
 * marks, `\r\n` and quotes are read.
 *
 * Nothing of the file system or of Synapse is looked at: {@link validateManifest} does that.
 *
 * @param source - The path of the manifest, or its bytes.
 * @returns One event for each row, in order, also for rows with problems. Reading goes on after a problem.
 * @throws {@link FileSystemError} when the file cannot be read.
 */
export async function* readManifest(
  source: string | AsyncIterable<Uint8Array>,
  options: ReadManifestOptions = {},
): AsyncGenerator<ManifestEvent> {
  const name = typeof source === 'string' ? source : 'the manifest';
  const scanner = new ManifestScanner();
  let header: ManifestHeader | undefined;
  let number = 0;
  const eventOf = (scanned: ScannedRow): ManifestEvent | undefined => {
    if (header !== undefined) {
      number += 1;
      return readRow(header, number, scanned);
    }
    const read = readHeader(scanned, name, options.form);
    header = read.header;
    return { form: header.form, number: 0, ...read };
  };
  let problem: string | undefined;
  try {
    for await (const text of decode(source, options.signal)) {
      for (const scanned of scanner.push(text)) {
        const event = eventOf(scanned);
        if (event) yield event;
      }
    }
    for (const scanned of scanner.end()) {
      const event = eventOf(scanned);
      if (event) yield event;
    }
  } catch (error) {
    if (!(error instanceof NotText)) throw error;
    problem = error.message;
  }
  if (header === undefined)
    problem ??= 'it is empty: the first line names the columns, at least path and parentId';
  if (problem === undefined) return;
  const problems = [{ path: name, row: number, message: problem }];
  yield { form: options.form ?? 'csv', number, problems, warnings: [] };
}

class NotText extends Error {}

/** The text of a manifest, as it arrives. */
async function* decode(
  source: string | AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isStart = true;
  const bytes = typeof source === 'string' ? readBytes(source, signal) : source;
  const textOf = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new NotText('it is not UTF-8 text from here on: convert the file to UTF-8');
    }
  };
  for await (const chunk of bytes) {
    signal?.throwIfAborted();
    if (isStart && isUtf16(chunk)) {
      throw new NotText('it is UTF-16 text, or no text at all: convert the file to UTF-8');
    }
    isStart &&= chunk.length === 0;
    yield textOf(chunk);
  }
  yield textOf();
}

/** A byte order mark, or a zero byte beside an ASCII character. */
function isUtf16([first, second]: Uint8Array): boolean {
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return hasMark || first === 0 || second === 0;
}

async function* readBytes(
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const file = await openFile(path);
  if (file === undefined) {
    yield await readInput(path, signal).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw fileSystemError('Cannot read', path, cause);
    });
    return;
  }
  const stream = createReadStream(path, { fd: file, signal, highWaterMark: 256 * 1024 });
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (cause) {
    signal?.throwIfAborted();
    throw fileSystemError('Cannot read', path, cause);
  }
}

/** @returns `undefined` for what is no regular file, such as a pipe */
async function openFile(path: string): Promise<FileHandle | undefined> {
  if (path === '') throw new ArgumentError('The path of the manifest is empty.');
  if (path === '-') return undefined;
  const file = await open(path, readOnly).catch((cause: unknown) => {
    throw fileSystemError('Cannot read', path, cause);
  });
  const isFile = await file.stat().then((info) => info.isFile());
  if (isFile) return file;
  await file.close();
  return undefined;
}
