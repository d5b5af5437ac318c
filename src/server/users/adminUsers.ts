import { hashPassword, weakness } from '../auth/passwords.js';
import { requiredTermsVersion } from '../auth/terms.js';
import type { Caller } from '../kernel/caller.js';
import type { Router } from '../kernel/router.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import { approveProfile } from '../verification/verificationRecords.js';
import type { World } from '../world.js';
import { redactUser } from './redactUser.js';
import { createUser, getUser } from './users.js';

/** A user that an administrator creates. */
export interface NewTestUser {
  readonly username: string;
  readonly email?: string;
  readonly password?: string;
  /** Whether the user agrees to the terms of service. @default true */
  readonly tou?: boolean;
  /** @default false */
  readonly isCertified?: boolean;
  /** Whether the profile of the user is validated. @default false */
  readonly validatedUser?: boolean;
  /** Whether the password is refused at login until it is reset. @default false */
  readonly mustResetPassword?: boolean;
}

/** Serves `/repo/v1/admin/user`, with which tests create users and act as them. */
export function adminUserRoutes(router: Router, world: World): void {
  router.extra(
    'POST',
    '/repo/v1/admin/user',
    async ({ body, caller }) => {
      requireAdmin(caller);
      const user = readNewUser(body);
      const isSimple = user.password !== undefined && weakness(user.password) !== undefined;
      return createTestUser(world, { ...user, mustResetPassword: isSimple });
    },
    { status: 201 },
  );
  router.extra('POST', '/repo/v1/admin/redact/user/{principalId}', ({ path, caller }) => {
    requireAdmin(caller);
    redactUser(world, path['principalId'] ?? '');
  });
  router.extra('GET', '/repo/v1/admin/user/{id}/token', async ({ path, caller }) => {
    requireAdmin(caller);
    const user = getUser(world, path['id'] ?? '');
    if (user === undefined) {
      throw notFound(`The user ${(path['id'] ?? '').slice(0, 100)} does not exist.`);
    }
    return {
      accessToken: await world.tokens.startSession(user.id),
      acceptsTermsOfUse: user.agreements.length > 0,
    };
  });
}

/** Creates a user and a session of the user. */
export async function createTestUser(
  world: World,
  user: NewTestUser,
): Promise<{ id: string; accessToken: string }> {
  const passwordHash = user.password === undefined ? undefined : await hashPassword(user.password);
  const { id } = world.store.transaction(() => {
    const created = createUser(world, {
      userName: user.username,
      email: user.email,
      passwordHash,
      mustResetPassword: user.mustResetPassword ?? false,
      ...(user.tou !== false && { agreedVersion: requiredTermsVersion(world) }),
      isCertified: user.isCertified ?? false,
    });
    if (user.validatedUser === true) {
      approveProfile(world, created.id);
    }
    return created;
  });
  return { id: String(id), accessToken: await world.tokens.startSession(id) };
}

function requireAdmin(caller: Caller): void {
  if (!caller.isAdmin) {
    throw forbidden('Only an administrator may create, redact or act as users.');
  }
}

function readNewUser(body: unknown): NewTestUser {
  const fields: Record<string, unknown> =
    typeof body === 'object' && body !== null ? { ...body } : {};
  const text = (name: string): string | undefined => {
    const value = fields[name];
    if (value !== undefined && value !== null && typeof value !== 'string') {
      throw badRequest(`The ${name} must be a string.`);
    }
    return value ?? undefined;
  };
  const username = text('username');
  if (username === undefined) {
    throw badRequest('The username is required.');
  }
  const email = text('email');
  const password = text('password');
  return {
    username,
    email,
    password,
    tou: fields['tou'] !== false,
    isCertified: fields['isCertified'] === true,
    validatedUser: fields['validatedUser'] === true,
  };
}
