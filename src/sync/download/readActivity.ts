import type * as M from '../../../generated/models.js';
import { getProvenance } from '../../provenance/getProvenance.js';
import type { DownloadItem } from './downloadItem.js';
import type { DownloadRun } from './downloadRun.js';
import type { DownloadedBefore } from './lastManifest.js';
import type { RemoteFile } from './remoteFile.js';

/** How a file was made, as a manifest says it. */
export type ManifestActivity = DownloadedBefore['activity'];

/**
 * The provenance of a file for its manifest. Where the file was not read, because a view has it, this is one request a file; it is
 * saved for the versions that the last manifest has.
 *
 * @returns `undefined` when the manifest is not to have it.
 */
export async function readActivity(
  { ctx, settings, last, options }: DownloadRun,
  item: DownloadItem,
  { id, versionNumber, activity: known }: RemoteFile,
): Promise<ManifestActivity | undefined> {
  if (settings.manifest === 'suppress' || !settings.includeActivity) return undefined;
  if (known !== undefined) return known === null ? undefined : activityCells(known);
  const before = last
    .of(id)
    .find((each) => each.path === item.localPath && each.versionNumber === versionNumber);
  if (before !== undefined) return before.activity;
  const { signal } = options;
  const activity = await getProvenance(ctx, { id }, { version: versionNumber, signal });
  return activity && activityCells(activity);
}

function activityCells({ name, description, used = [] }: M.Activity): ManifestActivity {
  const textsOf = (wasExecuted: boolean): string[] =>
    used
      .filter((each) => (each.wasExecuted ?? false) === wasExecuted)
      .flatMap((each) => usedText(each) ?? []);
  return {
    used: textsOf(false),
    executed: textsOf(true),
    activityName: name,
    activityDescription: description,
  };
}

/** `syn1.2`, or a URL. */
function usedText(used: M.Used): string | undefined {
  if ('url' in used) return used.url;
  if (!('reference' in used)) return undefined;
  const { targetId, targetVersionNumber: version } = used.reference ?? {};
  return version === undefined ? targetId : `${targetId ?? ''}.${version}`;
}
