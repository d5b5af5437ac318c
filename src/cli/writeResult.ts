import { constants, openSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { interruption } from './interruption.js';

/** Writes the result of a command to the file that `--output` names, or to a pipe that a program reads. */
export async function writeResult(path: string, text: string): Promise<void> {
  try {
    const there = await stat(path).catch(() => undefined);
    if (there?.isFIFO() === true) await writePipe(path, text);
    else await writeFile(path, text);
  } catch (error) {
    interruption.signal.throwIfAborted();
    throw new Error(`Cannot write the result to ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

/** Writing to a pipe can be interrupted. Opening it does not wait for a program that reads it. */
async function writePipe(path: string, text: string): Promise<void> {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  const pipe = new Socket({ fd, readable: false, writable: true });
  await pipeline(Readable.from([text]), pipe, { signal: interruption.signal });
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENXIO' ? 'it is a named pipe that no program reads.' : message;
}
