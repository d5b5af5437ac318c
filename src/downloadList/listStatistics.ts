import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { queryList } from './queryList.js';

/** How many files are on a download list, and how many of them can be downloaded. */
export type DownloadListStatistics = Required<Omit<M.FilesStatisticsResponse, 'concreteType'>>;

/** Implements {@link DownloadList.statistics}. */
export async function listStatistics(
  ctx: Context,
  { signal }: Pick<CallOptions, 'signal'>,
): Promise<DownloadListStatistics> {
  const found = await queryList(
    ctx,
    'FilesStatistics',
    { concreteType: 'org.sagebionetworks.repo.model.download.FilesStatisticsRequest' },
    { signal },
  );
  return {
    totalNumberOfFiles: found.totalNumberOfFiles ?? 0,
    numberOfFilesAvailableForDownload: found.numberOfFilesAvailableForDownload ?? 0,
    numberOfFilesAvailableForDownloadAndEligibleForPackaging:
      found.numberOfFilesAvailableForDownloadAndEligibleForPackaging ?? 0,
    numberOfFilesRequiringAction: found.numberOfFilesRequiringAction ?? 0,
    sumOfFileSizesAvailableForDownload: found.sumOfFileSizesAvailableForDownload ?? 0,
  };
}
