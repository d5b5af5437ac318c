import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { downloadFileHandle } from '../fileHandles/downloadFileHandle.js';
import type { CommonOptions } from '../options.js';
import { csvDescriptor, csvDialect, type CsvDialect } from '../tables/csv/csvDialect.js';

/** How {@link DownloadList.manifest} writes the manifest. */
export interface DownloadListManifestOptions extends CommonOptions, CsvDialect {
  /** The path of the file to create. Missing folders are created. @default 'manifest.csv' in the working directory */
  destination?: string;
  /** Whether to replace an existing file. @default false */
  overwrite?: boolean;
  /** Whether the first line has the names of the columns. @default true */
  header?: boolean;
}

/** Implements {@link DownloadList.manifest}. */
export async function fetchManifest(
  ctx: Context,
  options: DownloadListManifestOptions = {},
): Promise<string> {
  const { destination = 'manifest.csv', overwrite, header = true, signal, onProgress } = options;
  const id = await makeManifest(ctx, csvDescriptor(csvDialect(options), header), options);
  return downloadFileHandle(ctx, id, { destination, overwrite, signal, onProgress });
}

/** Has the service write a manifest. @returns the id of its file handle */
async function makeManifest(
  ctx: Context,
  csvTableDescriptor: M.CsvTableDescriptor,
  { signal, onProgress }: CommonOptions,
): Promise<string> {
  const { resultFileHandleId } = await ctx.http.runJob(
    {
      concreteType: 'org.sagebionetworks.repo.model.download.DownloadListManifestRequest',
      csvTableDescriptor,
    },
    {},
    { signal, onProgress },
  );
  return resultFileHandleId;
}
