import { requiredTermsVersion } from '../auth/terms.js';
import type { PatRecord } from '../auth/tokenService.js';
import type { World } from '../world.js';
import { putMembership } from './memberships.js';
import { createPrincipal, findPrincipalByAlias, fixedPrincipals } from './principals.js';
import { createUser } from './users.js';

/** Name of the token that a new server gives each seeded user. */
const seedTokenName = 'local';

/** The users of a new server. */
export type SeedUserName = 'admin' | 'alice' | 'bob' | 'carol';

interface Seed {
  readonly userName: SeedUserName;
  readonly firstName: string;
  readonly lastName: string;
  readonly isCertified: boolean;
  readonly id?: number;
  /** Hash of the password `<userName>-password`, precomputed to shorten the start. */
  readonly passwordHash: string;
}

const seeds: readonly Seed[] = [
  {
    userName: 'admin',
    firstName: 'Ada',
    lastName: 'Admin',
    isCertified: true,
    id: fixedPrincipals.admin,
    passwordHash:
      'abc44ffd6bb0b42e11756a6fbba8173d:660b7f33f5c17456553776bf7e1f069ea71188d580aa8273c07342006e526db4',
  },
  {
    userName: 'alice',
    firstName: 'Alice',
    lastName: 'Example',
    isCertified: true,
    passwordHash:
      '76d5768577519d8b68da970c3f65e46b:b1d16f3173d5d417b3805d151dd02f6dfd1f5389de7903a1adcb6a2a8db4c247',
  },
  {
    userName: 'bob',
    firstName: 'Bob',
    lastName: 'Example',
    isCertified: true,
    passwordHash:
      '5215f05c910e33848a3768b33ed6766c:c95bc09dc68823a2ed9a8daa02ef83df9a5011f52c439381dbbaf4e26989ffd5',
  },
  {
    userName: 'carol',
    firstName: 'Carol',
    lastName: 'Example',
    isCertified: false,
    passwordHash:
      '9e6002e5e6da2993c0a12495ab97eddc:51ed7c7f1cdc8e4b1bb8b415c48c777f983308f47041165b382ee1ad3dd5e92c',
  },
];

/** An account that tests of the Python client invite to teams. It cannot log in. */
const invitedAccount = 'DPETestUser2';

const groups: readonly (readonly [id: number, name: string])[] = [
  [fixedPrincipals.administrators, 'Administrators'],
  [fixedPrincipals.certifiedUsers, 'CERTIFIED_USERS'],
  [fixedPrincipals.trustedMessengers, 'Trusted Message Senders'],
  [fixedPrincipals.reportGroup, 'Synapse Report Team'],
  [fixedPrincipals.testingGroup, 'TESTING_USERS'],
  [fixedPrincipals.authenticatedUsers, 'AUTHENTICATED_USERS'],
  [fixedPrincipals.public, 'PUBLIC'],
  [fixedPrincipals.accessAndCompliance, 'Synapse Access and Compliance Team'],
  [fixedPrincipals.sage, 'Sage Bionetworks'],
];

/** A seeded user with a token. */
export interface SeededUser {
  readonly userName: SeedUserName;
  readonly userId: number;
  /** Absent when the user has deleted it. */
  readonly pat: PatRecord | undefined;
}

/**
 * Creates the built-in principals and first users of a new server, or loads them from an existing
 * one.
 */
export function seedUsers(world: World): SeededUser[] {
  if (findPrincipalByAlias(world, 'anonymous') === undefined) {
    world.store.transaction(() => createSeeds(world));
  }
  return seeds.map(({ userName, id }) => {
    // Users may have been renamed, but the order of their ids does not change.
    const userId = id ?? seedIds(world).get(userName) ?? 0;
    const pat = world.tokens.patsOf(userId).find(({ name }) => name === seedTokenName);
    return { userName, userId, pat };
  });
}

/** Ids of the seeded accounts, by their original names. */
export function seedIds(world: World): Map<string, number> {
  const collection = world.store.collection<number>('seedUsers');
  return new Map(collection.entries());
}

function createSeeds(world: World): void {
  createPrincipal(world, {
    id: fixedPrincipals.anonymous,
    name: 'anonymous',
    isIndividual: true,
  });
  for (const [id, name] of groups) {
    createPrincipal(world, { id, name, isIndividual: false });
  }
  for (const { userName, ...seed } of seeds) {
    const { id } = createUser(world, {
      ...seed,
      userName,
      agreedVersion: requiredTermsVersion(world),
    });
    world.store.collection<number>('seedUsers').put(userName, id);
    world.tokens.createPat({
      userId: id,
      name: seedTokenName,
      scopes: ['view', 'download', 'modify'],
      userInfoClaims: {},
    });
  }
  const invited = createUser(world, {
    userName: invitedAccount,
    agreedVersion: requiredTermsVersion(world),
  });
  world.store.collection<number>('seedUsers').put(invitedAccount, invited.id);
  putMembership(world, {
    groupId: fixedPrincipals.administrators,
    userId: fixedPrincipals.admin,
    isAdmin: true,
  });
}
