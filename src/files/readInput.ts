import { closeSync, fstatSync, openSync, readFile, readFileSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import { addAbortSignal, type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { isatty, ReadStream } from 'node:tty';
import { promisify } from 'node:util';
import { ArgumentError, FileSystemError, systemCode } from '../errors.js';
import { kindOfFile, readOnly } from './regularFile.js';

/** Bytes that a device may give: some never end. */
const mostFromDevice = 16 * 1024 * 1024;

/** Names of this process's standard input. */
const standardInput = new Set(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']);

/** Names of what this process has open, such as the output of a command in bash's `<(command)`. */
const openDescriptor = /^\/(dev|proc\/self)\/fd\/\d+$/;

/**
 * Reads all of an input that a user names: a file, `-` or `/dev/stdin` for standard input, or a pipe (`/dev/fd/63`). Waiting
 * for a pipe can be interrupted. A named pipe that no program has opened for writing is an error.
 *
 * @throws {@link ArgumentError} for a folder, a socket, a device without end, and a pipe without a writer.
 * @throws the errors of the file system
 */
export async function readInput(path: string, signal?: AbortSignal): Promise<Buffer> {
  signal?.throwIfAborted();
  if (standardInput.has(path)) return readStream(process.stdin, signal);
  const fd = openSync(path, readOnly);
  // A stream closes it itself.
  let isOwn = true;
  try {
    const info = fstatSync(fd);
    if (info.isFile()) return await promisify(readFile)(fd);
    if (info.isFIFO()) {
      const first = firstBytes(fd);
      if (first?.length === 0) return noWriter(path);
      isOwn = false;
      const rest = await readStream(pipeStream(fd), signal);
      return Buffer.concat([first ?? Buffer.alloc(0), rest]);
    }
    if (isatty(fd)) {
      isOwn = false;
      return await readStream(new ReadStream(fd), signal);
    }
    if (info.isCharacterDevice()) return readDevice(path, fd);
    const kind = kindOfFile(info);
    if (!info.isDirectory()) throw new ArgumentError(`${path} is ${kind}, not a file.`);
    throw new FileSystemError(`${path} is ${kind}, not a file.`, { path, code: 'EISDIR' });
  } finally {
    if (isOwn) closeSync(fd);
  }
}

/** Reads what a pipe has. @returns nothing when no program writes to it; `undefined` when one does, but has not yet */
function firstBytes(fd: number): Buffer | undefined {
  const content = Buffer.alloc(64 * 1024);
  try {
    return content.subarray(0, readSync(fd, content));
  } catch (error) {
    if (systemCode(error) === 'EAGAIN') return undefined;
    throw error;
  }
}

/** The writer of a pipe that is open already has ended. That of a named pipe has not come. */
function noWriter(path: string): Buffer {
  if (openDescriptor.test(path)) return Buffer.alloc(0);
  throw new ArgumentError(`${path} is a named pipe that no program writes to.`);
}

/** Milliseconds between two looks at a pipe, and how long it is looked at while nothing arrives. */
const glance = 10;
const patience = 5000;

/**
 * Like {@link readInput}, for what is read before anything else can happen. Signals are not noticed meanwhile, so a pipe has five
 * seconds to send something.
 */
export function readInputSync(path: string): Uint8Array {
  const fd = openSync(path, readOnly);
  try {
    const info = fstatSync(fd);
    if (info.isFIFO()) return readPipe(path, fd);
    if (info.isCharacterDevice() && !isatty(fd)) return readDevice(path, fd);
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

function readPipe(path: string, fd: number): Buffer {
  const pieces: Buffer[] = [];
  for (let waited = 0; waited < patience;) {
    const piece = firstBytes(fd);
    if (piece === undefined) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, glance);
      waited += glance;
    } else if (piece.length > 0) {
      waited = 0;
      pieces.push(piece);
    } else return pieces.length === 0 ? noWriter(path) : Buffer.concat(pieces);
  }
  throw new ArgumentError(
    `${path} is a pipe to which nothing was written for ${patience / 1000} s.`,
  );
}

/** Unlike a file stream, a socket waits for its data without a thread, so the process can end. */
function pipeStream(fd: number): Readable {
  return new Socket({ fd, readable: true, writable: false });
}

async function readStream(stream: Readable, signal: AbortSignal | undefined): Promise<Buffer> {
  try {
    return await buffer(signal === undefined ? stream : addAbortSignal(signal, stream));
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

function readDevice(path: string, fd: number): Buffer {
  const content = Buffer.alloc(mostFromDevice);
  for (let filled = 0; ;) {
    const bytes = readSync(fd, content, filled, content.length - filled, null);
    filled += bytes;
    if (bytes === 0 && filled < content.length) return content.subarray(0, filled);
    if (filled === content.length) {
      throw new ArgumentError(`${path} is a device that gives no end of data, not a file.`);
    }
  }
}
