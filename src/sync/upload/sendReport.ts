import type { Context } from '../../context.js';
import { sendMessage } from '../../messages/sendMessage.js';
import type { CommonOptions } from '../../options.js';
import type { SyncReport } from '../plan/syncReport.js';
import { ownUserId } from '../../users/ownUserId.js';

/** Failures that are named in a message. */
const mostNamed = 100;

/** What a report says in a message. */
export function reportText({ done, skipped, failures }: SyncReport): string {
  const counts = `${done.length} stored, ${skipped.length} unchanged, ${failures.length} failed.`;
  const lines = failures
    .slice(0, mostNamed)
    .map(({ path, error }) => `\n${path}: ${error.message}`);
  const more = failures.length - lines.length;
  return `It is done: ${counts}\n${lines.join('')}${more > 0 ? `\nand ${more} more` : ''}`;
}

/** Sends the caller a message. What is stored stays stored when that fails: the failure is logged. */
export async function sendReport(
  ctx: Context,
  source: string,
  body: string,
  { signal }: CommonOptions,
): Promise<void> {
  try {
    const message = {
      recipients: [await ownUserId(ctx, { signal })],
      subject: `Upload of ${source}`,
      body,
    };
    await sendMessage(ctx, message, { signal });
  } catch (error) {
    if (signal?.aborted !== true) ctx.log(`No message could be sent: ${(error as Error).message}`);
  }
}
