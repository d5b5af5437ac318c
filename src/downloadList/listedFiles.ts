import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { jobListing } from './jobListing.js';
import { queryList } from './queryList.js';

/** Which files of the list are read, and in which order. */
export interface ListedFilesOptions extends Pick<CallOptions, 'signal'> {
  /** `eligibleForPackaging`: files that a package can have; `ineligibleForPackaging`: the others. @default all */
  filter?: M.AvailableFilter;
  /** What the files are sorted by; the first counts most. @default the order of the service */
  sort?: readonly M.DownloadListSort[];
}

/** A file of the download list that the caller may download. */
export type ListedFile = M.DownloadListItemResult & { fileEntityId: string };

/** Implements {@link DownloadList.list}. */
export function listedFiles(
  ctx: Context,
  { filter, sort, signal }: ListedFilesOptions,
): Listing<ListedFile> {
  const load = async (nextPageToken: string | undefined, inner: AbortSignal) => {
    const { page = [], nextPageToken: next } = await queryList(
      ctx,
      'AvailableFiles',
      {
        concreteType: 'org.sagebionetworks.repo.model.download.AvailableFilesRequest',
        nextPageToken,
        filter,
        sort: sort && [...sort],
      },
      { signal: inner },
    );
    return { page: page.flatMap(withId), nextPageToken: next };
  };
  return jobListing('downloadList.getDownloadListQueryResult', load, { signal });
}

/** The check of the answer has found the id. */
function withId(file: M.DownloadListItemResult): ListedFile[] {
  const { fileEntityId } = file;
  return fileEntityId === undefined ? [] : [{ ...file, fileEntityId }];
}
