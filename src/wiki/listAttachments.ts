import type * as M from '../../generated/models.js';
import { errorFromResponse } from '../api/errorFromResponse.js';
import type { Context } from '../context.js';
import type { CommonOptions } from '../options.js';
import { quoted } from '../values/quoted.js';
import { pageIdOf, type WikiPageRef } from './pageIdOf.js';
import { WikiCalls } from './wikiCalls.js';
import { ownerId, type WikiOwner } from './wikiOwner.js';

/** The files of a page. */
export interface WikiAttachments {
  /** What users have attached. */
  attachments: M.FileHandle[];
  /** What Synapse made of it, to show it on the page. */
  previews: M.FileHandle[];
}

/** Which version of a page is read. */
export interface WikiVersionOptions extends CommonOptions {
  /** The first version of a page is 0. @default the current version */
  version?: number;
}

/** Whether Synapse made the file of another one. */
export function isPreview(handle: M.FileHandle): boolean {
  return 'isPreview' in handle && handle.isPreview === true;
}

/** Implements {@link Wiki.attachments}. */
export async function listAttachments(
  ctx: Context,
  owner: WikiOwner,
  page: WikiPageRef | undefined,
  { version, signal }: WikiVersionOptions = {},
): Promise<WikiAttachments> {
  const wiki = new WikiCalls(ctx, ownerId(owner));
  const wikiId = await pageIdOf(wiki, page, { signal });
  const handles = await wiki.attachments({ wikiId, wikiVersion: version }, { signal });
  return {
    attachments: handles.filter((handle) => !isPreview(handle)),
    previews: handles.filter(isPreview),
  };
}

/**
 * The attachment of that name. Earlier versions of Synapse allowed several of one name; the newest is meant then.
 *
 * @throws {@link NotFoundError} that lists the names of the attachments.
 */
export function findAttachment(
  { attachments }: WikiAttachments,
  fileName: string,
  wikiId: string,
): M.FileHandle & { id: string } {
  const found = attachments
    .filter((handle) => handle.fileName === fileName)
    .sort((a, b) => Number(b.id) - Number(a.id))[0];
  if (found?.id !== undefined) return { ...found, id: found.id };
  const names = attachments.map((handle) => quoted(handle.fileName)).join(', ');
  const has = names === '' ? 'It has no attachments.' : `It has: ${names}.`;
  throw errorFromResponse({
    status: 404,
    method: 'GET',
    url: `/repo/v1/wiki2/${wikiId}/attachmenthandles`,
    text: `The wiki page ${wikiId} has no attachment named ${quoted(fileName)}. ${has}`,
  });
}
