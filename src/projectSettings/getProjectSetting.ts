import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { callOptions } from '../options.js';
import { nameMissingPermission } from '../storageLocations/uploadSetting.js';
import { containerOf, type EntityRef } from '../values/ids.js';
import { quoted } from '../values/quoted.js';

const types = ['upload', 'external_sync', 'requester_pays'] as const;

/** The type of a setting. */
export type ProjectSettingType = (typeof types)[number];

/** Implements {@link ProjectSettings.get}. */
export async function getProjectSetting(
  ctx: Context,
  container: EntityRef,
  type: ProjectSettingType = 'upload',
  options: CallOptions = {},
): Promise<M.ProjectSetting | undefined> {
  const projectId = containerOf(container);
  if (!types.includes(type)) {
    throw new ArgumentError(
      `${quoted(type)} is not a type of project settings: use ${types.join(', ')}.`,
    );
  }
  // The API description has lost the other two, which older clients ask for.
  const args = { projectId, type: type as M.ProjectSettingsType };
  const { projectSettings } = ctx.services;
  try {
    const setting = await projectSettings.getProjectSettingByType(args, callOptions(options));
    return setting || undefined;
  } catch (error) {
    throw await nameMissingPermission(ctx, error, projectId, 'READ');
  }
}
