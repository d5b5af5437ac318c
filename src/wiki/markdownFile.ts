import { createWriteStream } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Context } from '../context.js';
import { DownloadError, fileSystemError, systemCode } from '../errors.js';
import { placeFile, prepareDestination } from '../files/placeFile.js';
import { temporaryPath } from '../files/temporaryPath.js';
import { withOwnSignal } from '../net/withOwnSignal.js';
import { openAssociation } from '../storages/openAssociation.js';
import { downloadStream } from '../transfer/downloadStream.js';
import type { WikiVersionOptions } from './listAttachments.js';
import { pageIdOf, type WikiPageRef } from './pageIdOf.js';
import { isGzip } from '../transfer/textBytes.js';
import { WikiCalls } from './wikiCalls.js';
import { ownerId, type WikiOwner } from './wikiOwner.js';
import { pageInfo } from './wikiPage.js';

/** How {@link Wiki.markdownFile} downloads. */
export interface MarkdownFileOptions extends WikiVersionOptions {
  /** The path of the file to create. Missing folders are created. */
  destination: string;
  /** Whether to replace an existing file. @default false */
  overwrite?: boolean;
}

/** Implements {@link Wiki.markdownFile}. */
export async function markdownFile(
  ctx: Context,
  owner: WikiOwner,
  page: WikiPageRef | undefined,
  { destination, overwrite = false, version, signal, onProgress }: MarkdownFileOptions,
): Promise<string> {
  const path = resolve(destination);
  await prepareDestination(path, overwrite);
  const wiki = new WikiCalls(ctx, ownerId(owner));
  const wikiId = await pageIdOf(wiki, page, { signal });
  const found = pageInfo(await wiki.get({ wikiId, wikiVersion: version }, { signal }));
  const association = {
    fileHandleId: found.markdownFileHandleId,
    associateObjectId: wikiId,
    associateObjectType: 'WikiMarkdown',
  } as const;
  const open = () => openAssociation(ctx, association, { signal });
  const content = await downloadStream(ctx, { open, signal, onProgress });
  const temporary = temporaryPath(path);
  try {
    await withOwnSignal(signal, (own) =>
      pipeline(expanded(content), createWriteStream(temporary, { flags: 'wx' }), { signal: own }),
    );
    return await placeFile(temporary, path, { overwrite });
  } catch (cause) {
    await unlink(temporary).catch(() => undefined);
    signal?.throwIfAborted();
    if (systemCode(cause)?.startsWith('Z_')) {
      throw new DownloadError(`The text of the wiki page ${wikiId} cannot be decompressed.`, {
        cause,
      });
    }
    throw fileSystemError('Cannot write', path, cause);
  }
}

/** Decompresses what is compressed. */
async function* expanded(content: Readable): AsyncGenerator<Buffer> {
  const chunks = content[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  // Two bytes tell; a chunk can have one.
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const all = whole(head, chunks);
  if (isGzip(head)) {
    const gunzip = createGunzip();
    const fed = pipeline(all, gunzip);
    fed.catch(() => undefined);
    yield* gunzip as AsyncIterable<Buffer>;
    await fed;
  } else yield* all;
}

async function* whole(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* { [Symbol.asyncIterator]: () => rest };
}
