import { buffer } from 'node:stream/consumers';

import { escapeHtml } from '../emails/html.js';
import { ServiceError } from '../kernel/serviceError.js';
import type { World } from '../world.js';

/** Longest text that is mailed, in bytes. */
const maxText = 1024 ** 2;

/**
 * The text of a message as HTML; `undefined` when the file is not in the storage of this server, or is no text that fits
 * into a mail.
 */
export async function messageHtml(world: World, fileHandleId: string): Promise<string | undefined> {
  const handle = world.files.find(fileHandleId);
  if (handle === undefined || (handle.contentSize ?? 0) > maxText) {
    return undefined;
  }
  const content = await readStored(world, handle);
  if (content === undefined) {
    return undefined;
  }
  const text = content.toString();
  const [type] = (handle.contentType ?? '').toLowerCase().split(';');
  switch (type?.trim()) {
    case 'text/html':
      return text;
    case 'application/json':
      return bodyHtml(text);
    default:
      return plainHtml(text);
  }
}

async function readStored(
  world: World,
  handle: Parameters<World['files']['read']>[0],
): Promise<Buffer | undefined> {
  try {
    return await buffer(world.files.read(handle));
  } catch (error) {
    if (error instanceof ServiceError) {
      return undefined;
    }
    throw error;
  }
}

/** The HTML of a `MessageBody`, which mail from outside becomes. */
function bodyHtml(json: string): string | undefined {
  try {
    const { html, plain } = JSON.parse(json) as { html?: unknown; plain?: unknown };
    if (typeof html === 'string') {
      return html;
    }
    return typeof plain === 'string' ? plainHtml(plain) : undefined;
  } catch {
    return plainHtml(json);
  }
}

function plainHtml(text: string): string {
  return `<html><body><pre>${escapeHtml(text)}</pre></body></html>`;
}
