import type { Context } from '../context.js';
import { AuthorizationError } from '../errors.js';
import type { CallOptions } from '../../generated/services.js';

/** Bytes. For smaller files, uploading is faster than checking first. */
const worthAsking = 8 * 1024 * 1024;

/** The file to upload, and its destination. */
export interface IntendedUpload {
  /** The file that gets a new version; absent for a new file. */
  fileId: string | undefined;
  parentId: string;
  /** Bytes. */
  size: number;
}

/**
 * Checks before an upload whether the caller may store the file.
 *
 * @throws {@link AuthorizationError} that names the missing scope, permission or certification.
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/permissions.html
 */
export async function requireUpload(
  ctx: Context,
  { fileId, parentId, size }: IntendedUpload,
  options: CallOptions,
): Promise<void> {
  const id = fileId ?? parentId;
  const scopes = ctx.scopes();
  if (scopes !== undefined && !scopes.includes('modify')) {
    throw refused(
      id,
      `The access token lacks the scope "modify" (it has: ${scopes.join(', ')}), so nothing can be stored in ${id}. ` +
        'Create a token with this scope at https://www.synapse.org under Account Settings, Personal Access Tokens, and log in with it.',
    );
  }
  if (size <= worthAsking) return;
  const can = await ctx.services.entity.getEntityPermissions({ id }, options);
  if (fileId === undefined ? can.canAddChild : can.canEdit) return;
  const needed = fileId === undefined ? 'CREATE' : 'UPDATE';
  throw refused(
    id,
    can.isCertifiedUser === false && can.isCertificationRequired !== false
      ? `Only certified users may store files in Synapse, and you are not one: take the quiz that your account settings at ${ctx.portal} lead to.`
      : `You may not store anything in ${id}: you lack the ${needed} permission. Its page, ${ctx.portal}Synapse:${id}, shows who created it: ask them for the permission.`,
  );
}

function refused(id: string, message: string): AuthorizationError {
  return new AuthorizationError(message, {
    status: 403,
    reason: 'You may not store anything there.',
    method: 'GET',
    url: `/repo/v1/entity/${id}/permissions`,
  });
}
