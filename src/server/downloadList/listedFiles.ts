import type * as M from '../../../generated/models.js';
import { benefactorOf } from '../access/entityAcls.js';
import { downloadActions } from '../access/downloadActions.js';
import { hasAccess } from '../access/requireAccess.js';
import { numericId } from '../entities/entityIds.js';
import {
  findEntityRecord,
  findVersionRecord,
  pathOf,
  type CurrentEntity,
} from '../entities/entityRecords.js';
import { handleTypes, type HandleRecord } from '../files/handleRecords.js';
import type { Caller } from '../kernel/caller.js';
import { limits } from '../limits.js';
import { itemsOf, type ItemRecord } from './downloadListItems.js';
import type { World } from '../world.js';

/** Largest file that goes into a package, in bytes. */
const maxPackagedFile = limits.packagedFile;

/** An existing file of the list, in the requested version. */
export interface ListedFile extends CurrentEntity {
  readonly item: ItemRecord;
  readonly handle: HandleRecord | undefined;
  /** Size in bytes, if known. */
  readonly size: number;
  /** Whether the file is small enough for a package and is stored by Synapse. */
  readonly isPackable: boolean;
}

/** The files of the caller's list that exist, in the trash or not. */
export function listedFiles(world: World, caller: Caller): ListedFile[] {
  return itemsOf(world, caller.userId).flatMap((item) => {
    const record = findEntityRecord(world, item.entityId);
    const version =
      record && findVersionRecord(world, record.id, item.versionNumber ?? record.currentVersion);
    if (record === undefined || version === undefined) {
      return [];
    }
    const handle = world.files.find(version.fields.dataFileHandleId ?? '');
    const size = (handle && 'contentSize' in handle ? handle.contentSize : undefined) ?? 0;
    const isPackable = handle?.concreteType === handleTypes.s3 && size <= maxPackagedFile;
    return [{ record, version, item, handle, size, isPackable }];
  });
}

/** The files of the caller's list that the caller may download now. */
export function availableFiles(world: World, caller: Caller): ListedFile[] {
  return listedFiles(world, caller).filter(({ record }) =>
    hasAccess(world, caller, record.id, 'DOWNLOAD'),
  );
}

/**
 * The actions that the caller must take before downloading the other files, with the number of
 * files for each.
 */
export function requiredActions(world: World, caller: Caller): M.ActionRequiredCount[] {
  const counts = new Map<string, { readonly action: M.Action; readonly count: number }>();
  for (const { record } of listedFiles(world, caller)) {
    if (hasAccess(world, caller, record.id, 'DOWNLOAD')) {
      continue;
    }
    const actions: M.Action[] = hasAccess(world, caller, record.id, 'READ')
      ? downloadActions(world, caller, record.id)
      : [
          {
            concreteType: 'org.sagebionetworks.repo.model.download.RequestDownload',
            benefactorId: numericId(benefactorOf(world, record)),
          },
        ];
    for (const action of actions) {
      const key = JSON.stringify(action);
      counts.set(key, { action, count: (counts.get(key)?.count ?? 0) + 1 });
    }
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

/** Statistics of the caller's list. */
export function listStatistics(world: World, caller: Caller): M.FilesStatisticsResponse {
  const total = itemsOf(world, caller.userId).length;
  const available = availableFiles(world, caller);
  return {
    concreteType: 'org.sagebionetworks.repo.model.download.FilesStatisticsResponse',
    totalNumberOfFiles: total,
    numberOfFilesAvailableForDownload: available.length,
    numberOfFilesAvailableForDownloadAndEligibleForPackaging: available.filter(
      ({ isPackable }) => isPackable,
    ).length,
    numberOfFilesRequiringAction: total - available.length,
    sumOfFileSizesAvailableForDownload: available.reduce((sum, { size }) => sum + size, 0),
  };
}

/** A file of the list as the API shows it. */
export function itemResult(world: World, file: ListedFile): M.DownloadListItemResult {
  const { record, item, size, isPackable, handle } = file;
  const project = pathOf(world, record)[1];
  return {
    fileEntityId: record.id,
    versionNumber: item.versionNumber,
    fileName: record.name,
    addedOn: item.addedOn,
    ...(project && { projectId: project.id, projectName: project.name }),
    createdBy: String(record.createdBy),
    createdOn: record.createdOn,
    fileSizeBytes: size,
    isEligibleForPackaging: isPackable,
    ...(handle && { fileHandleId: handle.id }),
  };
}
