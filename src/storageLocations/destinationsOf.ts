import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { AuthorizationError } from '../errors.js';
import { callOptions } from '../options.js';
import { currentOf, type EntityRef } from '../values/ids.js';
import { readUploadSetting } from './uploadSetting.js';

/** A storage location that uploads to a container can go to. */
export interface UploadLocation extends M.UploadDestinationLocation {
  /**
   * The bucket, the base key or the address, and the banner. An address of an SFTP or web server is made for one file: each reading
   * gives another. Absent for a proxy, to which no client uploads.
   */
  destination?: M.UploadDestination;
}

/** Where uploads to a project or folder go, and why. */
export interface UploadLocations {
  /** The id of the container. */
  id: string;
  /** The project that it is, or is in. */
  projectId: string;
  /** The locations; uploads go to the first one. */
  locations: UploadLocation[];
  /** The nearest container with a setting: itself, or one above. Absent when none has one: uploads go to the storage of Synapse. */
  setBy?: M.EntityHeader;
  /** Its setting. */
  setting?: M.ProjectSetting;
  /** A container on the way up whose setting the caller may not read, so that it is not known which one applies. */
  unreadable?: M.EntityHeader;
}

/** Implements {@link StorageLocations.of}. */
export async function destinationsOf(
  ctx: Context,
  container: EntityRef,
  options: CallOptions = {},
): Promise<UploadLocations> {
  const id = currentOf(container, 'storage locations apply to all versions');
  const call = callOptions(options);
  const [{ list }, { path }] = await Promise.all([
    ctx.services.file.listUploadDestinationLocations({ id }, call),
    ctx.services.entity.getEntityPath({ id }, call),
  ]);
  const [locations, origin] = await Promise.all([
    Promise.all(list.map((location) => withDestination(ctx, id, location, call))),
    findSetting(ctx, path, call),
  ]);
  return { id, projectId: path[1]?.id ?? id, locations, ...origin };
}

async function withDestination(
  { services: { file } }: Context,
  id: string,
  location: M.UploadDestinationLocation,
  call: CallOptions,
): Promise<UploadLocation> {
  // The service has no destination for proxies.
  if (location.uploadType === 'PROXYLOCAL') return location;
  const { storageLocationId } = location;
  return {
    ...location,
    destination: await file.getUploadDestination({ id, storageLocationId }, call),
  };
}

const containers = /\.(?:Project|Folder)$/;

/** Reads the settings from the entity upwards, until there is one. */
async function findSetting(
  ctx: Context,
  path: readonly M.EntityHeader[],
  call: CallOptions,
): Promise<Pick<UploadLocations, 'setBy' | 'setting' | 'unreadable'>> {
  // The first one is the root of all projects, which has no settings.
  for (const header of path.slice(1).toReversed()) {
    if (!containers.test(header.type)) continue;
    try {
      const setting = await readUploadSetting(ctx, header.id, call);
      if (setting !== undefined) return { setBy: header, setting };
    } catch (error) {
      if (error instanceof AuthorizationError) return { unreadable: header };
      throw error;
    }
  }
  return {};
}
