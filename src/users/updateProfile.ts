import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { mergeUpdate } from '../api/mergeUpdate.js';
import type { Context } from '../context.js';
import { ArgumentError, PreconditionFailedError } from '../errors.js';
import { stringifyJson } from '../values/json.js';
import { quoted } from '../values/quoted.js';

/** Properties of a profile that Synapse sets. They may be given as they are, with a whole profile. */
type ComputedProperty =
  'createdOn' | 'email' | 'emails' | 'openIds' | 'tosAgreements' | 'twoFactorAuthEnabled';

/**
 * Changes of the own profile. What is absent stays as it is; `null` removes a value. With the `etag` of a profile that was read, the
 * change fails when the profile was changed since.
 */
export type ProfileChange = {
  [K in keyof Omit<M.UserProfile, ComputedProperty>]?: M.UserProfile[K] | null;
} & Pick<M.UserProfile, ComputedProperty>;

const computed: ReadonlySet<string> = new Set<ComputedProperty>([
  'createdOn',
  'email',
  'emails',
  'openIds',
  'tosAgreements',
  'twoFactorAuthEnabled',
]);

const userName = /^[A-Za-z0-9._-]{3,}$/;

/** Implements {@link Users.update}. */
export async function updateProfile(
  { services }: Context,
  change: ProfileChange,
  options: CallOptions = {},
): Promise<M.UserProfile> {
  checkUserName(change.userName);
  const { userProfile } = services;
  const { etag, ...wanted } = change;
  return mergeUpdate({
    read: () => userProfile.getMyUserProfile(options),
    change: (current) => {
      requireOwn(current, change.ownerId);
      const changed = merged(current, wanted);
      const isOutdated = typeof etag === 'string' && etag !== current.etag;
      // After a lost answer, the profile has another etag because it has the change.
      if (changed !== undefined && isOutdated) throw changedSince();
      return changed;
    },
    write: (body) => userProfile.updateMyUserProfile({ body }, options),
  });
}

function merged(
  current: M.UserProfile,
  wanted: Omit<ProfileChange, 'etag'>,
): M.UserProfile | undefined {
  const before: Record<string, unknown> = { ...current };
  const after: Record<string, unknown> = { ...current };
  for (const [name, value] of Object.entries<unknown>(wanted)) {
    if (value === undefined) continue;
    if (computed.has(name)) requireSame(name, value, before[name]);
    else if (value === null) Reflect.deleteProperty(after, name);
    else after[name] = value;
  }
  return stringifyJson(before) === stringifyJson(after) ? undefined : after;
}

function requireSame(name: string, value: unknown, current: unknown): void {
  if (stringifyJson(value) === stringifyJson(current)) return;
  throw new ArgumentError(
    `${name} cannot be changed with the profile: leave it out. Email addresses are changed on the website.`,
  );
}

function checkUserName(name: string | null | undefined): void {
  if (name === undefined || userName.test(name ?? '')) return;
  throw new ArgumentError(
    `${quoted(name)} is not a user name: it has at least 3 characters, which are letters, digits, dots, dashes and underscores.`,
  );
}

function requireOwn({ ownerId, userName: own }: M.UserProfile, wanted: unknown): void {
  if (wanted === undefined || wanted === ownerId) return;
  throw new ArgumentError(
    `The profile of user ${quoted(wanted)} cannot be changed by ${own ?? ownerId ?? 'you'}: users change their own profile only.`,
  );
}

function changedSince(): PreconditionFailedError {
  const reason = 'Your profile was changed since it was read';
  return new PreconditionFailedError(`${reason}. Get it again, and repeat the change.`, {
    status: 412,
    reason,
    method: 'PUT',
    url: '/repo/v1/userProfile',
  });
}
