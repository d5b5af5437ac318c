import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type * as M from '../../generated/models.js';
import { errorFromResponse } from '../api/errorFromResponse.js';
import type { Context } from '../context.js';
import { expandPath } from '../files/expandPath.js';
import { safeName } from '../files/safeName.js';
import { UrlObject } from '../storages/http/urlObject.js';
import { openAssociation } from '../storages/openAssociation.js';
import { downloadFile } from '../transfer/downloadFile.js';
import { downloadStream, type DownloadStreamOptions } from '../transfer/downloadStream.js';
import type { StoredObject } from '../transfer/storedObject.js';
import { quoted } from '../values/quoted.js';
import { findAttachment, isPreview, type WikiVersionOptions } from './listAttachments.js';
import { pageIdOf, type WikiPageRef } from './pageIdOf.js';
import { WikiCalls, type PageVersion } from './wikiCalls.js';
import { ownerId, type WikiOwner } from './wikiOwner.js';
import { ifThere } from './writePage.js';

/** An attachment of a page. */
export interface AttachmentOfPage {
  owner: WikiOwner;
  /** @default the root page */
  page: WikiPageRef | undefined;
  /** The full name of the attachment, case-sensitive. */
  name: string;
}

/** How {@link Wiki.getAttachment} downloads. */
export interface GetAttachmentOptions extends WikiVersionOptions {
  /** The folder for the file. It is created when it is missing. @default '.' */
  downloadLocation?: string;
  /** The name of the local file. @default the name in Synapse */
  fileName?: string;
  /** Whether to replace an existing file. @default false */
  overwrite?: boolean;
}

/** Implements {@link Wiki.getAttachment} and {@link Wiki.getAttachmentPreview}. */
export async function downloadAttachment(
  ctx: Context,
  attachment: AttachmentOfPage,
  options: GetAttachmentOptions & { preview?: boolean } = {},
): Promise<string> {
  const { downloadLocation = '.', overwrite, signal, onProgress } = options;
  const found = await find(ctx, attachment, options);
  const name = options.fileName ?? found.handle.fileName ?? attachment.name;
  const destination = join(expandPath(downloadLocation), safeName(name));
  const { open } = found;
  return (await downloadFile(ctx, { open, destination, overwrite, signal, onProgress })).path;
}

/** Implements {@link Wiki.streamAttachment}. */
export async function streamAttachment(
  ctx: Context,
  attachment: AttachmentOfPage,
  options: DownloadStreamOptions & WikiVersionOptions = {},
): Promise<Readable> {
  const { open } = await find(ctx, attachment, options);
  return downloadStream(ctx, { ...options, open });
}

interface Found {
  handle: M.FileHandle;
  open: () => Promise<StoredObject>;
}

async function find(
  ctx: Context,
  { owner, page, name }: AttachmentOfPage,
  { version, signal, preview = false }: WikiVersionOptions & { preview?: boolean },
): Promise<Found> {
  const wiki = new WikiCalls(ctx, ownerId(owner));
  const wikiId = await pageIdOf(wiki, page, { signal });
  const where = { wikiId, wikiVersion: version };
  const handles = await wiki.attachments(where, { signal });
  const attachments = handles.filter((handle) => !isPreview(handle));
  const handle = findAttachment({ attachments, previews: [] }, name, wikiId);
  if (!preview) {
    const association = {
      fileHandleId: handle.id,
      associateObjectId: wikiId,
      associateObjectType: 'WikiAttachment',
    } as const;
    return { handle, open: () => openAssociation(ctx, association, { signal }) };
  }
  const shown = previewIn(handles, handle.id) ?? (await madePreview(wiki, where, handle, signal));
  if (shown?.id === undefined) throw noPreview(wikiId, name);
  const urls = previewUrls(() => wiki.previewUrl(where, name, { signal }));
  const object = new UrlObject(ctx.storage, urls, { id: shown.id, handle: shown });
  return { handle: shown, open: () => Promise.resolve(object) };
}

/** The preview of an attachment, in the list of the files of its page. */
function previewIn(handles: readonly M.FileHandle[], id: string): M.FileHandle | undefined {
  const attachment = handles.find((each) => each.id === id);
  if (attachment === undefined || !('previewId' in attachment)) return undefined;
  return handles.find((each) => each.id === attachment.previewId && isPreview(each));
}

/** A preview that is not in the list, as Synapse makes it when it is asked for. */
async function madePreview(
  wiki: WikiCalls,
  where: PageVersion,
  { id, fileName = '' }: M.FileHandle & { id: string },
  signal: AbortSignal | undefined,
): Promise<M.FileHandle | undefined> {
  const url = await ifThere(wiki.previewUrl(where, fileName, { signal }));
  return url === undefined ? undefined : previewIn(await wiki.attachments(where, { signal }), id);
}

/** The URL of a preview. Another one is requested when the first has expired. */
function previewUrls(request: () => Promise<string>): {
  url: () => Promise<string>;
  refused: () => void;
} {
  let url: Promise<string> | undefined;
  return {
    url: () => (url ??= request()),
    refused: () => (url = undefined),
  };
}

function noPreview(wikiId: string, name: string): Error {
  return errorFromResponse({
    status: 404,
    method: 'GET',
    url: `/repo/v1/wiki2/${wikiId}/attachmentpreview`,
    text: `The attachment ${quoted(name)} of the wiki page ${wikiId} has no preview: Synapse has not made one, or not yet.`,
  });
}
