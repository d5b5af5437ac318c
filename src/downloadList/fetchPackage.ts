import type { Context } from '../context.js';
import { downloadFileHandle } from '../fileHandles/downloadFileHandle.js';
import type { CommonOptions } from '../options.js';

/** How {@link DownloadList.package} packs. */
export interface DownloadListPackageOptions extends CommonOptions {
  /** The path of the ZIP file to create. Missing folders are created. @default 'package.zip' in the working directory */
  destination?: string;
  /** Whether to replace an existing file. @default false */
  overwrite?: boolean;
  /** Whether the package has a manifest of its files. @default true */
  includeManifest?: boolean;
}

/** Implements {@link DownloadList.package}. */
export async function fetchPackage(
  ctx: Context,
  options: DownloadListPackageOptions = {},
): Promise<string> {
  const { destination = 'package.zip', overwrite, includeManifest = true } = options;
  const { signal, onProgress } = options;
  const { resultFileHandleId } = await ctx.http.runJob(
    {
      concreteType: 'org.sagebionetworks.repo.model.download.DownloadListPackageRequest',
      includeManifest,
    },
    {},
    { signal, onProgress },
  );
  return downloadFileHandle(ctx, resultFileHandleId, {
    destination,
    overwrite,
    signal,
    onProgress,
  });
}
