import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { AuthorizationError } from '../errors.js';
import { targetText, type TargetKind } from './accessTarget.js';
import type { AclInEffect } from './aclInEffect.js';
import { principalNames, principalText } from './principalNames.js';

/** The access type that allows to change a list. */
const changeType: Readonly<Record<TargetKind, M.ACCESS_TYPE>> = {
  entity: 'CHANGE_PERMISSIONS',
  evaluation: 'CHANGE_PERMISSIONS',
  formGroup: 'CHANGE_PERMISSIONS',
  organization: 'CHANGE_PERMISSIONS',
  team: 'UPDATE',
};

/** Names in a message. */
const maximumNames = 5;

/** The error of a change: when Synapse refuses it, with the names of those who may make it. */
export async function whoMayGrant(
  ctx: Context,
  error: unknown,
  found: AclInEffect,
  options: CallOptions,
): Promise<unknown> {
  // An error code tells of another reason, such as a user who is not certified.
  if (!(error instanceof AuthorizationError) || error.errorCode !== undefined) return error;
  // The token is the reason, not the list.
  if (ctx.scopes()?.includes('modify') === false) return error;
  const type = changeType[found.holder.kind];
  const names = await grantersOf(ctx, found, options).catch(() => []);
  if (names.length === 0) return error;
  const { status, reason, method, url, requestId, body } = error;
  return new AuthorizationError(
    `${error.message} Changing who has access to ${targetText(found.holder)} needs ${type}. Ask one who has it: ${names.join(', ')}.`,
    { status, reason, method, url, requestId, body, cause: error },
  );
}

/** Those who may change a list, as texts: at most five, and how many others there are. */
export async function grantersOf(
  ctx: Context,
  { acl, holder }: AclInEffect,
  options: CallOptions,
): Promise<string[]> {
  const type = changeType[holder.kind];
  const ids = (acl.resourceAccess ?? [])
    .filter(({ accessType }) => accessType?.includes(type))
    .flatMap(({ principalId }) => principalId ?? []);
  const shown = ids.slice(0, maximumNames);
  const names = await principalNames(ctx, shown, options);
  const texts = [...names.values()].map(principalText);
  const others = ids.length - shown.length;
  return others > 0 ? [...texts, `and ${others} more`] : texts;
}
