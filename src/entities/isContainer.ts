import type * as M from '../../generated/models.js';

/** Whether an entity can hold others in a tree of files: a project or a folder. */
export function isContainer({ type }: Pick<M.EntityHeader, 'type'>): boolean {
  return (
    type === 'org.sagebionetworks.repo.model.Project' ||
    type === 'org.sagebionetworks.repo.model.Folder'
  );
}
