import type * as M from '../../../generated/models.js';
import { badRequest, conflict, notFound } from '../kernel/serviceError.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';
import { certify } from './certification.js';
import {
  createPrincipal,
  fixedPrincipals,
  getPrincipal,
  renamePrincipal,
  type PrincipalRecord,
} from './principals.js';

/** Names that a user may choose. */
const userNamePattern = /^[A-Za-z0-9._-]{3,}$/;

/** A user with profile and login data. */
export interface UserRecord {
  readonly id: number;
  /** The editable part of the profile; the rest is computed. */
  readonly profile: Omit<M.UserProfile, 'emails' | 'ownerId' | 'twoFactorAuthEnabled' | 'userName'>;
  readonly emails: readonly string[];
  readonly notificationEmail?: string;
  /** Created by `hashPassword`; absent for users without a password. */
  readonly passwordHash?: string;
  /** Time when the user set the password; absent for one that the owner of the server set. */
  readonly passwordModifiedOn?: string;
  /** Whether the password is too simple for a login, and must be reset by mail. */
  readonly mustResetPassword?: boolean;
  /** Time of the last login with a password. */
  readonly authenticatedOn?: string;
  readonly agreements: readonly { readonly agreedOn: string; readonly version: string }[];
}

/** All users by id. */
export function users(world: World): Collection<UserRecord> {
  return world.store.collection<UserRecord>('users');
}

export function getUser(world: World, id: number | string): UserRecord | undefined {
  return users(world).get(String(id));
}

function byEmail(world: World): Index<UserRecord> {
  return users(world).index('email', ({ emails }) => emails.map((email) => email.toLowerCase()));
}

export function findUserByEmail(world: World, email: string): UserRecord | undefined {
  return byEmail(world).first(email.toLowerCase());
}

/** The properties of a new user. */
export interface NewUser {
  readonly userName: string;
  readonly firstName?: string;
  readonly lastName?: string;
  /** @default `<userName>@example.org` */
  readonly email?: string;
  readonly passwordHash?: string;
  /** When the user, and not the owner of the server, chose the password. */
  readonly passwordModifiedOn?: string;
  /** @default false */
  readonly mustResetPassword?: boolean;
  /** @default false */
  readonly isCertified?: boolean;
  /** The version of the terms of service that the user agreed to, if any. */
  readonly agreedVersion?: string;
  /** @default the next free id */
  readonly id?: number;
}

/** Adds a user. @throws 400 for a bad name, 409 when name or e-mail is taken */
export function createUser(world: World, user: NewUser): UserRecord {
  requireUserName(user.userName);
  const email = user.email ?? `${user.userName}@example.org`;
  requireFreeEmail(world, email);
  const id = createPrincipal(world, {
    name: user.userName,
    isIndividual: true,
    id: user.id,
  });
  const createdOn = world.timestamp();
  const record: UserRecord = {
    id,
    profile: {
      etag: world.uuid(),
      createdOn,
      firstName: user.firstName,
      lastName: user.lastName,
    },
    emails: [email],
    notificationEmail: email,
    passwordHash: user.passwordHash,
    passwordModifiedOn: user.passwordModifiedOn,
    ...(user.mustResetPassword === true && { mustResetPassword: true }),
    agreements:
      user.agreedVersion === undefined
        ? []
        : [{ agreedOn: createdOn, version: user.agreedVersion }],
  };
  users(world).put(String(id), record);
  if (user.isCertified === true) {
    certify(world, id);
  }
  return record;
}

/** Changes a user's name. @throws 400 for a bad name, 409 when it is taken */
export function renameUser(world: World, id: number, userName: string): void {
  requireUserName(userName);
  renamePrincipal(world, id, userName);
}

function requireUserName(userName: string): void {
  if (!userNamePattern.test(userName)) {
    throw badRequest(
      `Invalid user name: '${userName}'. User names may only contain letters, numbers, underscores, hyphens and periods, and have at least 3 characters.`,
    );
  }
}

/** Whether a text may be an e-mail address. */
export function isEmail(text: string): boolean {
  return /^[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,63}$/i.test(text);
}

/** 404 for an address that does not belong to a user. */
export function noEmail(userId: number, email: string): Error {
  return notFound(`Cannot find alias for ${userId} matching ${email.slice(0, 200)}`);
}

function requireFreeEmail(world: World, email: string): void {
  if (!isEmail(email)) {
    throw badRequest(`Invalid email address: '${email}'.`);
  }
  if (findUserByEmail(world, email) !== undefined) {
    throw conflict(`The email address ${email} is already used.`);
  }
}

/** Changes fields of a user. */
export function updateUser(world: World, id: number, change: Partial<UserRecord>): void {
  const user = getUser(world, id);
  if (user !== undefined) {
    users(world).put(String(id), { ...user, ...change });
  }
}

/**
 * A profile as other users see it, or with `isSelf` as its owner does. `undefined` when there is no
 * such user.
 */
export function userProfile(
  world: World,
  id: number | string,
  { isSelf, twoFactorAuthEnabled }: { isSelf: boolean; twoFactorAuthEnabled?: boolean },
): M.UserProfile | undefined {
  const principal = getPrincipal(world, id);
  const user = getUser(world, id);
  if (principal === undefined || user === undefined) {
    return undefined;
  }
  const { notificationSettings, preferences, ...shown } = user.profile;
  return {
    ownerId: String(principal.id),
    userName: principal.name,
    ...shown,
    ...(isSelf && {
      emails: [...user.emails],
      notificationSettings: notificationSettings ?? {
        sendEmailNotifications: true,
        markEmailedMessagesAsRead: false,
      },
      ...(preferences && { preferences }),
      twoFactorAuthEnabled: twoFactorAuthEnabled ?? false,
    }),
  };
}

/** The profile of the anonymous user, which `GET /userProfile` gives to callers without a token. */
export function anonymousProfile(world: World): M.UserProfile {
  const principal = getPrincipal(world, fixedPrincipals.anonymous);
  return {
    ownerId: String(fixedPrincipals.anonymous),
    userName: 'anonymous',
    ...(principal && { createdOn: principal.createdOn, etag: principal.etag }),
  };
}

/** The header of a user, group or team. */
export function userGroupHeader(world: World, principal: PrincipalRecord): M.UserGroupHeader {
  const profile = getUser(world, principal.id)?.profile;
  return {
    ownerId: String(principal.id),
    userName: principal.name,
    isIndividual: principal.isIndividual,
    ...(profile?.firstName !== undefined && { firstName: profile.firstName }),
    ...(profile?.lastName !== undefined && { lastName: profile.lastName }),
  };
}
