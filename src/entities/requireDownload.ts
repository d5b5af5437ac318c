import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { AuthorizationError, NoCredentialsError, UnmetAccessRestrictionError } from '../errors.js';
import type { File } from './entityClasses.js';

/**
 * Refuses a download that Synapse would refuse, with what to do about it.
 *
 * @returns What there is to download.
 * @throws {@link UnmetAccessRestrictionError} when the content asks for conditions that are not met yet.
 * @throws {@link NoCredentialsError} when a login might help.
 * @throws {@link AuthorizationError} when the caller lacks the DOWNLOAD permission.
 */
export function requireDownload(
  ctx: Context,
  file: File,
  restriction: M.RestrictionInformationResponse | undefined,
): M.FileHandle {
  const { id = '', name = '' } = file;
  if (restriction?.hasUnmetAccessRequirement === true) {
    const numbers = (restriction.restrictionDetails ?? [])
      .filter(({ isApproved }) => isApproved !== true)
      .flatMap(({ accessRequirementId }) => accessRequirementId ?? []);
    const which =
      numbers.length > 0
        ? ` (access requirement${numbers.length > 1 ? 's' : ''} ${numbers.join(', ')})`
        : '';
    throw new UnmetAccessRestrictionError(
      `${id} (${name}) cannot be downloaded before its conditions are met${which}: ` +
        `read and accept them, or ask for access, at ${ctx.portal}AccessRequirements:ID=${id}&TYPE=ENTITY`,
    );
  }
  const scopes = ctx.scopes();
  if (scopes !== undefined && !scopes.includes('download')) {
    throw refused(
      id,
      `The access token lacks the scope "download" (it has: ${scopes.join(', ')}), so ${id} (${name}) cannot be downloaded. ` +
        'Make a token with it at https://www.synapse.org under Account Settings, Personal Access Tokens, and log in with that.',
    );
  }
  // Bundles list the file handles that the caller may download, and no others.
  if (file.fileHandle !== undefined) return file.fileHandle;
  if (!ctx.isLoggedIn()) {
    throw new NoCredentialsError(
      `${id} (${name}) can be downloaded by users who are logged in only: run \`synapse login\`, or call login().`,
    );
  }
  throw refused(
    id,
    `You may see ${id} (${name}) but not download it: you lack the DOWNLOAD permission. ` +
      `Its page, ${ctx.portal}Synapse:${id}, says who made it: ask them for that.`,
  );
}

function refused(id: string, message: string): AuthorizationError {
  return new AuthorizationError(message, {
    status: 403,
    reason: 'You lack DOWNLOAD access to the requested entity.',
    method: 'POST',
    url: `/repo/v1/entity/${id}/bundle2`,
  });
}
