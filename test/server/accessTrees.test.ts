import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import type * as M from '../../generated/models.js';
import { entityAccessTypes } from '../../src/server/access/decideAccess.js';
import { mayDo, type AccessFacts } from './accessModel.js';
import { withSessions, type Session, type Stored } from './entitySession.js';

fc.configureGlobal({ seed: 20_261_127 });

const server = withSessions();
const userNames = ['admin', 'alice', 'bob', 'carol', 'anonymous'] as const;
type UserName = (typeof userNames)[number];
const creators = ['alice', 'bob'] as const;

/** Principals that ACLs name; `team` has members that differ from tree to tree. */
const principals = [...creators, 'carol', 'team', 'certified', 'everybody', 'public'] as const;
type Principal = (typeof principals)[number];
const fixedIds = { certified: 3, everybody: 273948, public: 273949 };

type Rows = Partial<Record<Principal, M.ACCESS_TYPE[]>>;

interface Node {
  /** Which of the nodes before it this one is in; counted around. */
  readonly parent: number;
  readonly type: 'file' | 'folder';
  readonly creator: (typeof creators)[number];
  /** `undefined`: inherits. */
  readonly acl: Rows | undefined;
  readonly isOpenData: boolean;
  readonly isRestricted: boolean;
}

const types = fc.subarray([...entityAccessTypes]);
const rows: fc.Arbitrary<Rows> = fc.record(
  {
    ...Object.fromEntries(principals.map((principal) => [principal, types])),
    // Nobody gives the public more than this.
    public: fc.constant<M.ACCESS_TYPE[]>(['READ']),
  },
  { requiredKeys: [] },
);
const node: fc.Arbitrary<Node> = fc.record({
  parent: fc.nat(5),
  type: fc.constantFrom('file', 'folder'),
  creator: fc.constantFrom(...creators),
  acl: fc.option(rows, { nil: undefined }),
  isOpenData: fc.boolean(),
  isRestricted: fc.boolean(),
});
/** The first node is a project. */
const trees = fc.record({
  project: rows,
  nodes: fc.array(node, { minLength: 2, maxLength: 5 }),
  members: fc.subarray(['alice', 'bob', 'carol'] as const),
  approved: fc.subarray(['alice', 'bob', 'carol'] as const),
  trashed: fc.option(fc.nat(5), { nil: undefined, freq: 3 }),
});
type Tree = ReturnType<typeof trees.generate>['value'];

interface Placed extends Omit<Node, 'parent'> {
  readonly entity: Stored;
  readonly parent: Placed | undefined;
  readonly handleId: string | undefined;
}

let count = 0;

/** Who is meant, as a number. */
function principalId(principal: Principal, teamId: number): number {
  if (principal === 'team') return teamId;
  return principal === 'certified' || principal === 'everybody' || principal === 'public'
    ? fixedIds[principal]
    : server.userId(principal);
}

function resourceAccess(acl: Rows, teamId: number): M.ResourceAccess[] {
  return principals.flatMap((principal) => {
    const accessType = acl[principal] ?? [];
    return accessType.length === 0
      ? []
      : [{ principalId: principalId(principal, teamId), accessType }];
  });
}

async function makeTeam(members: Tree['members']): Promise<number> {
  const { admin } = server;
  const { body } = await admin.post('/team', { name: `tree team ${count}` });
  const { id } = body as { id: string };
  for (const member of members) {
    const path = `/team/${id}/member/${server.userId(member)}`;
    expect(await admin.put(path)).toMatchObject({ status: 204 });
  }
  return Number(id);
}

async function makeNodes(tree: Tree, project: Stored): Promise<Placed[]> {
  const root: Placed = {
    entity: project,
    parent: undefined,
    handleId: undefined,
    type: 'folder',
    creator: 'alice',
    acl: tree.project,
    isOpenData: false,
    isRestricted: false,
  };
  const placed = [root];
  for (const [index, one] of tree.nodes.entries()) {
    const folders = placed.filter(({ type }) => type === 'folder');
    const parent = folders[one.parent % folders.length] ?? root;
    const creator = server[one.creator];
    count += 1;
    const md5 = count.toString(16).padStart(32, '0');
    const handleId = one.type === 'file' ? await creator.createHandle(md5) : undefined;
    const entity = await creator.create(one.type, {
      name: `node ${index}`,
      parentId: parent.entity.id,
      ...(handleId !== undefined && { dataFileHandleId: handleId }),
    });
    placed.push({ ...one, entity, parent, handleId });
  }
  return placed;
}

/** Makes a tree as its creators, and then sets its rules as an administrator. */
async function plant(tree: Tree): Promise<Placed[]> {
  const { admin, alice } = server;
  count += 1;
  const teamId = await makeTeam(tree.members);
  const project = await alice.create('project', { name: `tree ${count}` });
  await setAcl(project.id, { alice: [...entityAccessTypes], bob: ['CREATE', 'READ'] }, teamId);
  const placed = await makeNodes(tree, project);
  for (const { entity, acl, isOpenData } of placed) {
    if (acl !== undefined) await setAcl(entity.id, acl, teamId);
    if (isOpenData) {
      const path = `/entity/${entity.id}/datatype?type=OPEN_DATA`;
      expect(await admin.put(path)).toMatchObject({ status: 200 });
    }
  }
  await restrict(
    placed.filter(({ isRestricted }) => isRestricted),
    tree.approved,
  );
  return placed;
}

async function setAcl(id: string, acl: Rows, teamId: number): Promise<void> {
  const { admin } = server;
  const path = `/entity/${id}/acl`;
  const current = await admin.get(path);
  const body = { ...(current.body as object), id, resourceAccess: resourceAccess(acl, teamId) };
  const answer =
    current.status === 404 ? await admin.post(path, body) : await admin.put(path, body);
  expect(answer.status).toBeLessThan(300);
}

async function restrict(nodes: readonly Placed[], approved: Tree['approved']): Promise<void> {
  if (nodes.length === 0) return;
  const answer = await server.admin.post('/accessRequirement', {
    concreteType: 'org.sagebionetworks.repo.model.TermsOfUseAccessRequirement',
    accessType: 'DOWNLOAD',
    subjectIds: nodes.map(({ entity }) => ({ id: entity.id, type: 'ENTITY' })),
    termsOfUse: 'Be kind.',
  });
  expect(answer).toMatchObject({ status: 201 });
  const { id: requirementId } = answer.body as { id: number };
  for (const user of approved) {
    const approval = await server[user].post('/accessApproval', { requirementId });
    expect(approval).toMatchObject({ status: 201 });
  }
}

function lineOf(placed: Placed): Placed[] {
  return placed.parent === undefined ? [placed] : [placed, ...lineOf(placed.parent)];
}

/** What the rules need to know about a user and a node. */
function factsOf(
  tree: Tree,
  placed: Placed,
  user: UserName,
  trashed: Placed | undefined,
): AccessFacts {
  const line = lineOf(placed);
  const acl = line.find((one) => one.acl !== undefined)?.acl ?? {};
  const isIn: Record<Principal, boolean> = {
    alice: user === 'alice',
    bob: user === 'bob',
    carol: user === 'carol',
    team: tree.members.some((member) => member === user),
    certified: user === 'alice' || user === 'bob',
    everybody: user !== 'anonymous',
    public: true,
  };
  const isRestricted = line.some((one) => one.isRestricted);
  return {
    exists: true,
    inTrash: line.some((one) => one === trashed),
    isAdmin: user === 'admin',
    isAnonymous: user === 'anonymous',
    isCertified: user !== 'carol' && user !== 'anonymous',
    isCreator: placed.creator === user,
    isProject: placed.parent === undefined,
    makesProject: false,
    isOpenData: placed.isOpenData,
    isUnmet: isRestricted && !tree.approved.some((approved) => approved === user),
    granted: principals.flatMap((principal) => (isIn[principal] ? (acl[principal] ?? []) : [])),
  };
}

async function downloads(session: Session, { entity, handleId }: Placed): Promise<boolean> {
  const { body } = await session.post('/file/v1/fileHandle/batch', {
    includePreSignedURLs: true,
    requestedFiles: [
      {
        fileHandleId: handleId,
        associateObjectId: entity.id,
        associateObjectType: 'FileEntity',
      },
    ],
  });
  return (body as M.BatchFileResult).requestedFiles[0]?.preSignedURL !== undefined;
}

async function check(placed: Placed, user: UserName, facts: AccessFacts): Promise<void> {
  const session = server[user];
  const may = (type: Parameters<typeof mayDo>[0]) => mayDo(type, facts);
  const { id } = placed.entity;
  const read = (await session.get(`/entity/${id}`)).status;
  const permissions = await session.get(`/entity/${id}/permissions`);
  if (facts.inTrash) {
    expect([user, id, read, permissions.status]).toEqual([user, id, 404, 404]);
    return;
  }
  expect([user, id, read]).toEqual([user, id, may('READ') ? 200 : 403]);
  expect([user, id, permissions.body]).toMatchObject([
    user,
    id,
    {
      canView: may('READ'),
      canEdit: may('UPDATE'),
      canAddChild: may('CREATE'),
      canChangePermissions: may('CHANGE_PERMISSIONS'),
      canChangeSettings: may('CHANGE_SETTINGS'),
      canDelete: may('DELETE'),
      canDownload: may('DOWNLOAD'),
      canModerate: may('MODERATE'),
    },
  ]);
  if (placed.handleId !== undefined) {
    // Whoever made the content may always have it back.
    const expected = may('DOWNLOAD') || facts.isCreator;
    expect([user, id, await downloads(session, placed)]).toEqual([user, id, expected]);
  }
}

test('a user may do exactly what the rules say in any tree of entities', async () => {
  await fc.assert(
    fc.asyncProperty(trees, async (tree) => {
      const placed = await plant(tree);
      const trashed = tree.trashed === undefined ? undefined : placed[1 + tree.trashed];
      if (trashed !== undefined) await server.admin.delete(`/entity/${trashed.entity.id}`);
      for (const one of placed) {
        for (const user of userNames) await check(one, user, factsOf(tree, one, user, trashed));
      }
    }),
    { numRuns: 12 },
  );
});
