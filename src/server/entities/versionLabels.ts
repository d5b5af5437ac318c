import type * as M from '../../../generated/models.js';
import { badRequest } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import type { World } from '../world.js';
import { entityTables } from './entityRecords.js';

/** Label and comment of the current version of a table, which is not a snapshot yet. */
export const inProgress = 'in progress';
/** Maximum number of versions of an entity. */
export const maxVersions = limits.versions;

const maxLength = limits.versionText;

/** Label and comment that a body gives to the version. @throws 400 when one is too long */
export function checkVersionText(body: M.Entity): { label?: string; comment?: string } {
  const label = 'versionLabel' in body ? body.versionLabel : undefined;
  const comment = 'versionComment' in body ? body.versionComment : undefined;
  checkLength('label', label);
  checkLength('comment', comment);
  return {
    ...(label !== undefined && label !== '' && { label }),
    ...(comment !== undefined && { comment }),
  };
}

/** @throws 400 when the text is too long */
export function checkLength(what: 'comment' | 'label', text: string | undefined): void {
  if (text !== undefined && text.length > maxLength) {
    throw badRequest(`Version ${what} must be ${maxLength} characters or less`);
  }
}

/** @throws 400 when another version of the entity has the label */
export function checkLabelIsFree(
  world: World,
  entityId: string,
  version: { readonly number: number; readonly label: string },
): void {
  const isTaken = entityTables(world)
    .versionsOf.find(entityId)
    .some(({ number, label }) => label === version.label && number !== version.number);
  if (isTaken) {
    throw badRequest(
      `The label '${version.label}' has already been used for a version of this entity`,
    );
  }
}
