import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type * as M from '../../generated/models.js';
import { checkAclContent } from '../../src/server/access/aclContent.js';
import {
  decideAccess,
  entityAccessTypes,
  isEntityAccessType,
  type AccessQuestion,
} from '../../src/server/access/decideAccess.js';
import { grantedBy } from '../../src/server/access/entityAcls.js';
import type { Caller } from '../../src/server/kernel/caller.js';
import { mayDo } from './accessModel.js';

fc.configureGlobal({ seed: 20_260_105 });

const entityTypes: M.EntityType[] = ['project', 'folder', 'file', 'table'];

/** Every situation that the rules tell apart. */
const situations = fc.record({
  accessType: fc.constantFrom(...entityAccessTypes),
  role: fc.constantFrom('admin', 'anonymous', 'certified', 'plain'),
  isCreator: fc.boolean(),
  exists: fc.boolean(),
  inTrash: fc.boolean(),
  type: fc.constantFrom(...entityTypes),
  createType: fc.option(fc.constantFrom(...entityTypes), { nil: undefined }),
  isOpenData: fc.boolean(),
  granted: fc.subarray([...entityAccessTypes]),
  isUnmet: fc.boolean(),
});

type Situation = ReturnType<typeof situations.generate>['value'];

function questionOf(situation: Situation): AccessQuestion {
  const { accessType, role, exists, inTrash, type, createType, isOpenData } = situation;
  return {
    accessType,
    user: {
      id: 7,
      isAdmin: role === 'admin',
      isAnonymous: role === 'anonymous',
      isCertified: role === 'admin' || role === 'certified',
    },
    entity: { exists, inTrash, type, createdBy: situation.isCreator ? 7 : 8, isOpenData },
    ...(createType !== undefined && { createType }),
    granted: new Set(situation.granted),
    hasUnmetRequirement: () => situation.isUnmet,
  };
}

/** What the rules say, with the parts of a situation named as they name them. */
function expected(situation: Situation): boolean {
  const { role } = situation;
  return mayDo(situation.accessType, {
    ...situation,
    isAdmin: role === 'admin',
    isAnonymous: role === 'anonymous',
    isCertified: role === 'admin' || role === 'certified',
    isProject: situation.type === 'project',
    makesProject: situation.createType === 'project',
  });
}

describe('decideAccess', () => {
  test('agrees with the rules in every situation', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        expect(decideAccess(questionOf(situation)).allowed).toBe(expected(situation));
      }),
      { numRuns: 5000 },
    );
  });

  test('never grants more when the ACL grants less', () => {
    fc.assert(
      fc.property(situations, fc.constantFrom(...entityAccessTypes), (situation, removed) => {
        const less = { ...situation, granted: situation.granted.filter((t) => t !== removed) };
        const before = decideAccess(questionOf(situation)).allowed;
        const after = decideAccess(questionOf(less)).allowed;
        expect(after && !before).toBe(false);
      }),
    );
  });

  test('asks about restrictions for downloads alone', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const asked: string[] = [];
        decideAccess({
          ...questionOf(situation),
          hasUnmetRequirement: () => {
            asked.push(situation.accessType);
            return true;
          },
        });
        expect(asked.filter((type) => type !== 'DOWNLOAD')).toEqual([]);
      }),
    );
  });

  test.each([
    ['missing before trash', { exists: false, inTrash: true }, 'notFound'],
    ['trash before permission', { inTrash: true, granted: [] }, 'inTrash'],
    ['anonymous before certification', { role: 'anonymous', accessType: 'CREATE' }, 'anonymous'],
    ['certification before the ACL', { role: 'plain', accessType: 'UPDATE' }, 'notCertified'],
    ['requirement before the ACL', { accessType: 'DOWNLOAD', isUnmet: true }, 'unmetRequirement'],
    ['the ACL last', { granted: [] }, 'lacksPermission'],
  ] as const)('gives the first reason: %s', (_name, change, because) => {
    const situation: Situation = {
      accessType: 'READ',
      role: 'certified',
      isCreator: false,
      exists: true,
      inTrash: false,
      type: 'file',
      createType: undefined,
      isOpenData: false,
      isUnmet: false,
      ...change,
      granted: 'granted' in change ? [...change.granted] : [...entityAccessTypes],
    };
    expect(decideAccess(questionOf(situation))).toEqual({ allowed: false, because });
  });

  test('knows exactly the permissions of entities', () => {
    expect(entityAccessTypes.every(isEntityAccessType)).toBe(true);
    expect(['SUBMIT', 'UPLOAD', 'read', ''].some(isEntityAccessType)).toBe(false);
  });
});

describe('grantedBy', () => {
  test('unites the rows of all groups', () => {
    const acl = {
      resourceAccess: [
        { principalId: 1, accessType: ['READ'] },
        { principalId: 2, accessType: ['UPDATE', 'READ'] },
        { principalId: 3, accessType: ['DELETE'] },
      ] as const,
    };
    expect([...grantedBy(acl, new Set([1, 2]))].sort()).toEqual(['READ', 'UPDATE']);
    expect(grantedBy(acl, new Set([9])).size).toBe(0);
  });
});

describe('checkAclContent', () => {
  const caller: Caller = {
    userId: 7,
    isAnonymous: false,
    isAdmin: false,
    isCertified: true,
    groups: new Set([7, 273948, 273949, 3, 90]),
    scopes: new Set(),
  };
  const keep: M.ResourceAccess = { principalId: 7, accessType: ['READ', 'CHANGE_PERMISSIONS'] };
  const check = (rows: M.ResourceAccess[], change: Partial<Caller> = {}, createdBy = 8) =>
    checkAclContent(rows, {
      caller: { ...caller, ...change },
      createdBy,
      principalExists: (id) => id !== 404,
    });

  test('keeps one row for each principal', () => {
    expect(
      check([
        keep,
        { principalId: 9, accessType: ['READ'] },
        { principalId: 9, accessType: ['DOWNLOAD', 'READ'] },
      ]),
    ).toEqual([keep, { principalId: 9, accessType: ['READ', 'DOWNLOAD'] }]);
  });

  test.each<[string, M.ResourceAccess, number, string]>([
    ['no principal', { accessType: ['READ'] }, 400, 'Group ID is null'],
    ['no types', { principalId: 9 }, 400, 'No access types specified.'],
    ['empty types', { principalId: 9, accessType: [] }, 400, 'No access types specified.'],
    [
      'the anonymous user',
      { principalId: 273950, accessType: ['READ'] },
      400,
      'Cannot assign permissions to anonymous. To share resources with anonymous users, use the PUBLIC group id (273949)',
    ],
    [
      'more than READ for the public',
      { principalId: 273949, accessType: ['READ', 'DOWNLOAD'] },
      400,
      'Only READ permissions can be assigned to the public group',
    ],
    [
      'an unknown principal',
      { principalId: 404, accessType: ['READ'] },
      400,
      'A user, group or team with the id 404 does not exist.',
    ],
  ])('refuses %s', (_name, row, status, reason) => {
    expect(() => check([keep, row])).toThrow(expect.objectContaining({ status, message: reason }));
  });

  test('lets only certified users open downloads to everybody who is logged in', () => {
    const row: M.ResourceAccess = { principalId: 273948, accessType: ['READ', 'DOWNLOAD'] };
    expect(check([keep, row])).toHaveLength(2);
    expect(() => check([keep, row], { isCertified: false })).toThrow(
      expect.objectContaining({ status: 403, errorCode: 'USER_CERTIFICATION_REQUIRED' }),
    );
  });

  test('keeps a caller other than an admin or the creator from locking themselves out', () => {
    const rows: M.ResourceAccess[] = [{ principalId: 7, accessType: ['READ'] }];
    expect(() => check(rows)).toThrow(
      'Caller is trying to revoke their own ACL editing permissions.',
    );
    expect(check(rows, {}, 7)).toHaveLength(1);
    expect(check(rows, { isAdmin: true })).toHaveLength(1);
    expect(check([{ principalId: 90, accessType: ['CHANGE_PERMISSIONS'] }])).toHaveLength(1);
    expect(check([], {}, 7)).toEqual([]);
  });
});
