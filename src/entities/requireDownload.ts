import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { AuthorizationError, NoCredentialsError, UnmetAccessRestrictionError } from '../errors.js';
import type { File } from './entityClasses.js';

/**
 * Throws for a download that Synapse would refuse, with a message that explains what to do.
 *
 * @returns The file to download.
 * @throws {@link UnmetAccessRestrictionError} when the content has access requirements that the caller does not meet.
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
      `${id} (${name}) cannot be downloaded before its access requirements are met${which}: ` +
        `read and accept them, or ask for access, at ${ctx.portal}AccessRequirements:ID=${id}&TYPE=ENTITY`,
    );
  }
  const scopes = ctx.scopes();
  if (scopes !== undefined && !scopes.includes('download')) {
    throw refused(
      id,
      `The access token lacks the scope "download" (it has: ${scopes.join(', ')}), so ${id} (${name}) cannot be downloaded. ` +
        'Create a token with this scope at https://www.synapse.org under Account Settings, Personal Access Tokens, and log in with it.',
    );
  }
  // A bundle lists only the file handles that the caller may download.
  if (file.fileHandle !== undefined) return file.fileHandle;
  if (!ctx.isLoggedIn()) {
    throw new NoCredentialsError(
      `${id} (${name}) can only be downloaded by users who are logged in: call \`syn.login()\`.`,
    );
  }
  throw refused(
    id,
    `You may see ${id} (${name}) but not download it: you lack the DOWNLOAD permission. ` +
      `Its page, ${ctx.portal}Synapse:${id}, shows who created it: ask them for the permission.`,
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
