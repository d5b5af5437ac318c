import { isReaderGone, writeCollected } from '../standardStreams.js';

/** Writes to stdout, and waits until a slow reader has taken what was written. Nothing is written when the reader has ended. */
export async function writeOut(text: string, signal: AbortSignal): Promise<void> {
  const { stdout } = process;
  if (isReaderGone() || stdout.write(text)) return;
  writeCollected();
  if (!stdout.writableNeedDrain) return;
  await new Promise<void>((resolve) => {
    const events = ['drain', 'error', 'close'] as const;
    const end = (): void => {
      for (const event of events) stdout.off(event, end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    for (const event of events) stdout.on(event, end);
    signal.addEventListener('abort', end);
  });
}
