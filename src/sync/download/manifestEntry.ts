import type { Context } from '../../context.js';
import type { ManifestEntry, ManifestFacts } from '../manifest/manifestRow.js';
import type { DownloadItem } from './downloadItem.js';
import type { ManifestActivity } from './readActivity.js';
import type { RemoteFile } from './remoteFile.js';

/** The row of a downloaded file. */
export function manifestEntry(
  ctx: Context,
  item: DownloadItem,
  remote: RemoteFile,
  activity: ManifestActivity | undefined,
): ManifestEntry {
  const { handle, versionNumber, createdBy, createdOn, modifiedBy, modifiedOn, annotations } =
    remote;
  const facts: ManifestFacts = {
    versionNumber,
    dataFileSizeBytes: handle.contentSize,
    createdBy,
    createdOn,
    modifiedBy,
    modifiedOn,
    synapseURL: `${ctx.portal}Synapse:${remote.id}`,
    dataFileMD5Hex: handle.contentMd5?.toLowerCase(),
  };
  return { ...rowOf(item, remote), annotations, ...activity, facts };
}

/** The row of a file whose local copy is missing or differs from Synapse. Uploads skip the row. */
export function manifestError(
  item: DownloadItem,
  remote: RemoteFile,
  error: string,
): ManifestEntry {
  return { ...rowOf(item, remote), facts: { error: error.slice(0, 1_000) } };
}

function rowOf(
  { localPath = '', parentId = '' }: DownloadItem,
  { id, name, handle, parentId: own }: RemoteFile,
): ManifestEntry {
  const url = 'externalURL' in handle ? (handle.externalURL ?? '') : '';
  return {
    path: localPath,
    // That of the file, not that of a link to it.
    parentId: own ?? parentId,
    name,
    id,
    // Content of this machine that Synapse only refers to.
    synapseStore: !/^file:/i.test(url),
    contentType: handle.contentType,
  };
}
