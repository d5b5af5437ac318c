import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { callOptions } from '../options.js';
import { idOf } from '../values/ids.js';

/** A setting, or its id. */
export type ProjectSettingRef = string | { id?: string | undefined };

/** Implements {@link ProjectSettings.delete}. */
export async function deleteProjectSetting(
  ctx: Context,
  setting: ProjectSettingRef,
  options: CallOptions = {},
): Promise<void> {
  const { projectSettings } = ctx.services;
  await projectSettings.deleteProjectSetting({ id: idOf(setting) }, callOptions(options));
}
