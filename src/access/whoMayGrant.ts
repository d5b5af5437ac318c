import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { targetText } from './accessTarget.js';
import type { AclInEffect } from './aclInEffect.js';
import { principalNames } from './principalNames.js';
import { changeType, someNames } from './whyGrants.js';
import { withMessage } from '../api/withMessage.js';
import { isMissingPermission } from '../users/isMissingPermission.js';

/** The error of a change: when Synapse refuses it, with the names of those who may make it. */
export async function whoMayGrant(
  ctx: Context,
  error: unknown,
  found: AclInEffect,
  options: CallOptions,
): Promise<unknown> {
  if (!isMissingPermission(ctx, error)) return error;
  const type = changeType[found.holder.kind];
  const names = await grantersOf(ctx, found, options).catch(() => '');
  if (names === '') return error;
  return withMessage(
    error,
    `${error.message} Changing who has access to ${targetText(found.holder)} needs ${type}. Ask ${names}, who has it.`,
  );
}

/** Those who may change a list, in a message. */
async function grantersOf(
  ctx: Context,
  { acl, holder }: AclInEffect,
  options: CallOptions,
): Promise<string> {
  const type = changeType[holder.kind];
  const ids = (acl.resourceAccess ?? [])
    .filter(({ accessType }) => accessType?.includes(type))
    .flatMap(({ principalId }) => principalId ?? []);
  const names = await principalNames(ctx, ids, options);
  return someNames([...names.values()]);
}
