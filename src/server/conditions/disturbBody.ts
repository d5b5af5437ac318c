import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import type { BodyEffects } from './faultRule.js';

/** Length of the slices in which a slowed body is sent, in milliseconds. */
const tick = 50;

/** Thrown to end a body early. */
export class DropConnection extends Error {
  override readonly name = 'DropConnection';
}

/**
 * Sends a response body with the faults that apply to it.
 *
 * @param signal aborted when the client disconnects, which ends all delays
 * @throws DropConnection where the connection must be closed
 */
export async function* disturbBody(
  source: Readable,
  effects: BodyEffects,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let offset = 0;
  let hasStalled = false;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    let rest = corrupt(chunk, effects.corruptAt, offset);
    while (rest.length > 0) {
      if (offset === effects.dropAt) {
        throw new DropConnection('The connection is ended here on purpose.');
      }
      if (offset === effects.stallAt && !hasStalled) {
        hasStalled = true;
        await pause(effects.stallFor, signal);
      }
      const length = sliceLength(effects, { offset, hasStalled, rest: rest.length });
      yield rest.subarray(0, length);
      rest = rest.subarray(length);
      offset += length;
      if (effects.bytesPerSecond !== undefined) {
        await pause((length * 1000) / effects.bytesPerSecond, signal);
      }
    }
  }
}

interface Position {
  readonly offset: number;
  readonly hasStalled: boolean;
  /** Bytes that are available. */
  readonly rest: number;
}

/** Number of bytes that may be sent before the next fault. */
function sliceLength(effects: BodyEffects, { offset, hasStalled, rest }: Position): number {
  const { bytesPerSecond, stallAt, dropAt } = effects;
  const bounds = [rest];
  if (bytesPerSecond !== undefined) {
    bounds.push(Math.max(1, Math.floor((bytesPerSecond * tick) / 1000)));
  }
  if (stallAt !== undefined && !hasStalled && stallAt > offset) {
    bounds.push(stallAt - offset);
  }
  if (dropAt !== undefined) {
    bounds.push(dropAt - offset);
  }
  return Math.min(...bounds);
}

/** Without a length, the pause lasts until the client disconnects. */
async function pause(milliseconds: number | undefined, signal: AbortSignal): Promise<void> {
  if (milliseconds !== undefined) {
    await sleep(milliseconds, undefined, { signal });
  } else if (!signal.aborted) {
    await once(signal, 'abort');
  }
  signal.throwIfAborted();
}

function corrupt(chunk: Buffer, at: number | undefined, offset: number): Buffer {
  const position = (at ?? -1) - offset;
  if (position < 0 || position >= chunk.length) {
    return chunk;
  }
  const changed = Buffer.from(chunk);
  changed.writeUInt8(~changed.readUInt8(position) & 0xff, position);
  return changed;
}
