import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { MalformedResponseError } from '../errors.js';

const names = {
  AvailableFiles: 'org.sagebionetworks.repo.model.download.AvailableFilesResponse',
  ActionRequired: 'org.sagebionetworks.repo.model.download.ActionRequiredResponse',
  FilesStatistics: 'org.sagebionetworks.repo.model.download.FilesStatisticsResponse',
} as const;

type Details<K extends keyof typeof names> = Extract<
  M.QueryResponseDetails,
  { concreteType: (typeof names)[K] }
>;

/** Asks about the download list of the caller, with a job. */
export async function queryList<K extends keyof typeof names>(
  ctx: Context,
  kind: K,
  requestDetails: M.QueryRequestDetails,
  options: { signal?: AbortSignal | undefined },
): Promise<Details<K>> {
  const { responseDetails: details } = await ctx.http.runJob(
    {
      concreteType: 'org.sagebionetworks.repo.model.download.DownloadListQueryRequest',
      requestDetails,
    },
    {},
    options,
  );
  if (isKind(details, kind)) return details;
  throw new MalformedResponseError({
    operation: 'downloadList.getDownloadListQueryResult',
    field: 'responseDetails.concreteType',
    expected: names[kind],
    actual: String(details?.concreteType),
  });
}

function isKind<K extends keyof typeof names>(
  details: M.QueryResponseDetails | undefined,
  kind: K,
): details is Details<K> {
  return details?.concreteType === names[kind];
}
