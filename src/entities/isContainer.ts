import type * as M from '../../generated/models.js';
import { folderType, projectType } from './entityTypes.js';

/** Whether an entity is a project or a folder. */
export function isContainer({ type }: Pick<M.EntityHeader, 'type'>): boolean {
  return type === projectType || type === folderType;
}
