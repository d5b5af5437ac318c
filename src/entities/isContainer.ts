import type * as M from '../../generated/models.js';

/** Whether an entity is a project or a folder. */
export function isContainer({ type }: Pick<M.EntityHeader, 'type'>): boolean {
  return (
    type === 'org.sagebionetworks.repo.model.Project' ||
    type === 'org.sagebionetworks.repo.model.Folder'
  );
}
