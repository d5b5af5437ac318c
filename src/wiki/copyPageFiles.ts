import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { SynapseError } from '../errors.js';
import { copyFileHandles } from '../fileHandles/copyFileHandles.js';
import type { FileHandleAssociation } from '../fileHandles/openFile.js';
import type { CommonOptions } from '../options.js';
import { isPreview } from './listAttachments.js';
import type { WikiPageInfo } from './wikiPage.js';

/** File handles of one request. */
const batchSize = 100;

/** Copies of the files of a page. */
export interface PageFiles {
  markdown: string;
  attachments: string[];
}

/**
 * Copies the file handles of pages, without previews: Synapse makes those of the copies. The content is not copied.
 *
 * @returns The copies by the ids of the pages.
 * @throws {@link NotFoundError}, {@link AuthorizationError} for a file that cannot be copied.
 */
export async function copyPageFiles(
  ctx: Context,
  pages: readonly WikiPageInfo[],
  options: Pick<CommonOptions, 'signal'>,
): Promise<ReadonlyMap<string, PageFiles>> {
  const attachments = pages.flatMap(({ id, attachmentFileHandleIds }) =>
    attachmentFileHandleIds.map((fileHandleId) => associate(id, fileHandleId, 'WikiAttachment')),
  );
  const texts = pages.map(({ id, markdownFileHandleId }) =>
    associate(id, markdownFileHandleId, 'WikiMarkdown'),
  );
  const originals = [...texts, ...(await withoutPreviews(ctx, attachments, options))];
  const copies = await copyFileHandles(ctx, originals, options);
  const byPage = new Map<string, PageFiles>();
  for (const [index, { fileHandleId, associateObjectId, ...original }] of originals.entries()) {
    const { fileHandle, error } = copies[index] ?? {};
    const id = fileHandle?.id;
    if (id === undefined) throw error ?? missing(fileHandleId);
    const files = byPage.get(associateObjectId) ?? { markdown: '', attachments: [] };
    byPage.set(associateObjectId, files);
    if (original.associateObjectType === 'WikiMarkdown') files.markdown = id;
    else files.attachments.push(id);
  }
  return byPage;
}

function missing(fileHandleId: string): SynapseError {
  return new SynapseError(`Synapse gave no copy of the file handle ${fileHandleId}.`, {
    code: 'MALFORMED_RESPONSE',
  });
}

function associate(
  associateObjectId: string,
  fileHandleId: string,
  associateObjectType: M.FileHandleAssociateType,
): FileHandleAssociation {
  return { fileHandleId, associateObjectId, associateObjectType };
}

/** Pages from the first version of the API can list previews among their attachments. */
async function withoutPreviews(
  ctx: Context,
  files: readonly FileHandleAssociation[],
  { signal }: Pick<CommonOptions, 'signal'>,
): Promise<FileHandleAssociation[]> {
  const kept: FileHandleAssociation[] = [];
  for (let start = 0; start < files.length; start += batchSize) {
    const batch = files.slice(start, start + batchSize);
    const { requestedFiles } = await ctx.services.file.getFileHandleBatch(
      {
        body: {
          requestedFiles: batch,
          includeFileHandles: true,
          includePreSignedURLs: false,
        },
      },
      { signal },
    );
    // A file that cannot be read is reported when it is copied.
    const previews = new Set(
      requestedFiles.flatMap(({ fileHandle, fileHandleId }) =>
        fileHandle !== undefined && isPreview(fileHandle) ? [fileHandleId] : [],
      ),
    );
    kept.push(...batch.filter(({ fileHandleId }) => !previews.has(fileHandleId)));
  }
  return kept;
}
