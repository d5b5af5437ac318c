import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Synapse } from '../../src/index.js';
import {
  File,
  Folder,
  type AccessReasonKind,
  type Principal,
  type Project,
  type Stored,
  type WhyOptions,
} from '../../src/index.js';
import type * as M from '../../generated/models.js';
import { withClients } from '../entities/withClients.js';
import { sessionToken } from '../helpers/sessionToken.js';

const clients = withClients();
let admin: Synapse;
let alice: Synapse;
let bob: Synapse;
let visitor: Synapse;
/** Not certified. */
let dave: Synapse;
let project: Project & Stored;
let folder: Folder & Stored;
let file: File & Stored;
let signed: Folder & Stored;
let managed: Folder & Stored;
let locked: Folder & Stored;
let terms: number;
let request: number;
let team: string;
const base = 'org.sagebionetworks.repo.model';

async function require(body: object, subject: string): Promise<number> {
  const created = await admin.services.accessRequirement.createAccessRequirement({
    body: {
      accessType: 'DOWNLOAD',
      ...body,
      subjectIds: [{ id: subject, type: 'ENTITY' }],
    } as M.AccessRequirement,
  });
  return created.id ?? 0;
}

/** carol is in the team that may download; bob has nothing; the folders have access requirements. */
beforeAll(async () => {
  admin = await clients.open('admin');
  alice = await clients.open('alice');
  const { server } = clients;
  await alice.login({ authToken: await sessionToken(server, server.users.alice) });
  bob = await clients.open('bob');
  visitor = await clients.open();
  dave = await clients.open();
  const user = await clients.server.createUser({ username: 'dave', isCertified: false });
  await dave.login({ authToken: user.authToken });
  const { services } = alice;
  team = (await services.team.createTeam({ body: { name: 'Mouse Lab' } })).id ?? '';
  await admin.services.team.addTeamMember({
    id: team,
    principalId: clients.server.users.carol.userId,
  });
  project = await clients.project(alice);
  folder = await alice.store(new Folder({ name: 'data', parent: project }));
  const path = await clients.file('report.txt', 'x');
  file = await alice.store(new File({ path, parent: folder }));
  signed = await alice.store(new Folder({ name: 'signed', parent: folder }));
  managed = await alice.store(new Folder({ name: 'managed', parent: folder }));
  locked = await alice.store(new Folder({ name: 'locked', parent: folder }));
  await alice.access.set(project, team, { accessType: 'download' });
  await alice.access.set(project, 'PUBLIC');
  const concreteType = `${base}.TermsOfUseAccessRequirement`;
  terms = await require({ concreteType, name: 'Mouse terms', termsOfUse: 'Be kind.' }, signed.id);
  const type = `${base}.ManagedACTAccessRequirement`;
  request = await require({ concreteType: type, isCertifiedUserRequired: true }, managed.id);
  await services.accessRequirement.createLockAccessRequirement({ id: locked.id });
});

interface Asked {
  by?: () => Synapse;
  of?: () => Folder | File | Project | string;
  principal?: Principal;
  access?: WhyOptions['access'];
}

test.each<[string, Asked, boolean | undefined, AccessReasonKind[], AccessReasonKind[]]>([
  ['the creator of the project', {}, true, ['grant'], []],
  ['a member of a team', { principal: 'carol' }, true, ['grant'], []],
  ['somebody without a grant', { principal: 'bob' }, false, ['noGrant'], ['noGrant']],
  [
    'somebody who may read as the public',
    { principal: 'bob', access: 'READ' },
    true,
    ['grant'],
    [],
  ],
  ['a team', { principal: 'Mouse Lab' }, true, ['grant'], []],
  ['the public, to read', { principal: 'PUBLIC', access: 'view' }, true, ['grant'], []],
  ['the public, to download', { principal: 'PUBLIC' }, false, ['login'], ['login']],
  [
    'everybody who is logged in',
    { principal: 'AUTHENTICATED_USERS' },
    false,
    ['noGrant'],
    ['noGrant'],
  ],
  ['a visitor', { by: () => visitor }, false, ['login'], ['login']],
  ['a visitor, to read', { by: () => visitor, access: 'READ' }, true, ['grant'], []],
  ['an administrator', { by: () => admin }, true, ['administrator'], []],
  [
    'somebody who is not certified, to edit',
    { principal: 'dave', access: 'UPDATE' },
    false,
    ['certification', 'noGrant'],
    ['certification', 'noGrant'],
  ],
  [
    'the caller who is not certified, to edit',
    { by: () => dave, access: 'UPDATE' },
    false,
    ['certification', 'noGrant'],
    ['certification', 'noGrant'],
  ],
  ['the creator, to do everything', { access: 'admin' }, true, ['creator', 'grant'], []],
  [
    'terms that the caller has not accepted',
    { of: () => signed },
    false,
    ['grant', 'requirement'],
    ['requirement'],
  ],
  [
    'terms that another has not accepted',
    { of: () => signed, principal: 'carol' },
    false,
    ['grant', 'requirement'],
    ['requirement'],
  ],
  [
    'terms, asked by the access team',
    { by: () => admin, of: () => signed, principal: 'carol' },
    false,
    ['grant', 'requirement'],
    ['requirement'],
  ],
  [
    'terms and no grant',
    { by: () => bob, of: () => signed },
    false,
    ['noGrant', 'requirement'],
    ['noGrant', 'requirement'],
  ],
  [
    'terms for a visitor',
    { by: () => visitor, of: () => signed },
    false,
    ['login', 'requirement'],
    ['login', 'requirement'],
  ],
  ['terms, to read', { by: () => bob, of: () => signed, access: 'READ' }, true, ['grant'], []],
  [
    'terms for a team',
    { of: () => signed, principal: 'Mouse Lab' },
    undefined,
    ['grant', 'requirement'],
    ['requirement'],
  ],
  [
    'a request that is reviewed',
    { of: () => managed },
    false,
    ['grant', 'requirement'],
    ['requirement'],
  ],
  ['a lock', { of: () => locked }, false, ['grant', 'requirement'], ['requirement']],
  ['an entity that does not exist', { of: () => 'syn999999999' }, false, ['missing'], ['missing']],
])(
  '%s',
  async (_, { by = () => alice, of = () => file, principal, access }, may, because, todo) => {
    const why = await by().access.why(of(), principal, { access });
    expect([...new Set(why.because.map(({ kind }) => kind))]).toEqual(because);
    expect(why.todo.map(({ kind }) => kind)).toEqual(todo);
    expect(why.may).toBe(may);
  },
);

describe('an explanation', () => {
  test('names the team, and the container that the permissions come from', async () => {
    const why = await alice.access.why(file, 'carol');
    const { userId } = clients.server.users.carol;
    expect(String(why)).toBe(
      [
        `carol (user ${userId}) has DOWNLOAD access to report.txt (${file.id}).`,
        'Because:',
        `  - DOWNLOAD is granted to Mouse Lab (team ${team}), which carol belongs to, by the list of ${project.name} (${project.id}), which report.txt (${file.id}) inherits.`,
      ].join('\n'),
    );
    expect(why.because).toMatchObject([
      {
        kind: 'grant',
        allows: true,
        principal: { principalId: Number(team), name: 'Mouse Lab', principalType: 'team' },
        accessTypes: ['DOWNLOAD'],
        benefactor: { id: project.id, name: project.name },
      },
    ]);
  });

  test('says who can grant the access, where, and which team has it', async () => {
    const why = await bob.access.why(file);
    const { alice: owner, bob: own } = clients.server.users;
    expect(String(why).split('\n')).toEqual([
      `bob (user ${own.userId}) does not have DOWNLOAD access to report.txt (${file.id}).`,
      'Because:',
      `  - No entry of the list of ${project.name} (${project.id}), which report.txt (${file.id}) inherits, gives DOWNLOAD to bob (user ${own.userId}), to their teams or to everybody: they have only READ.`,
      'What to do:',
      `  - Ask alice (user ${owner.userId}) to grant DOWNLOAD on ${file.id} to bob (user ${own.userId}). The access can be given to it alone, or to all of ${project.name} (${project.id}). The members of Mouse Lab (team ${team}) have it too.`,
    ]);
    expect(why.todo[0]?.principals).toMatchObject([{ name: 'alice' }]);
  });

  test('tells who may grant it that they may', async () => {
    const [todo] = (await alice.access.why(file, 'bob')).todo;
    expect(todo?.message).toMatch(/^You may grant DOWNLOAD on syn\d+ to bob/);
  });

  test('has the requirement with its page and what to do', async () => {
    const [todo] = (await alice.access.why(signed)).todo;
    expect(todo?.requirement).toMatchObject({
      id: terms,
      name: 'Mouse terms',
      kind: 'termsOfUse',
      canAccept: true,
    });
    expect(todo?.message).toBe(
      `Access requirement ${terms} ("Mouse terms"): Read it at ${todo?.url ?? ''}, and accept it there or with accessRequirements.accept(${terms}).`,
    );
    expect(todo?.url).toMatch(new RegExp(`AccessRequirement:AR_ID=${terms}$`));
    const [other] = (await alice.access.why(managed)).todo;
    expect(other?.requirement).toMatchObject({ id: request, kind: 'managed', canAccept: false });
    expect(other?.message).toContain('Only certified users can meet it.');
  });

  test('lets in once the requirement is met', async () => {
    await alice.services.accessApproval.createAccessApproval({ body: { requirementId: terms } });
    const why = await alice.access.why(signed);
    expect(why.may).toBe(true);
    expect(why.because.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^Access requirement \d+ \("Mouse terms"\) is met by alice/),
    );
  });

  test('takes four requests', async () => {
    expect(await clients.calls(() => alice.access.why(file))).toEqual([
      'userProfile.getMyUserProfile',
      'team.listUserTeamIds',
      'entityBundle.getEntityBundle',
      'userProfile.listUserGroupHeadersByIds',
    ]);
  });

  test('is data as JSON', async () => {
    const why = JSON.parse(JSON.stringify(await alice.access.why(file, 'bob'))) as object;
    expect(Object.keys(why).sort()).toEqual([
      'accessTypes',
      'because',
      'may',
      'principal',
      'target',
      'todo',
    ]);
  });
});

describe('what the caller cannot see', () => {
  test('is told with the creator to ask', async () => {
    const own = await clients.project(alice);
    const { alice: owner, carol } = clients.server.users;
    const why = await bob.access.why(own);
    expect(why.may).toBe(false);
    expect(why.because[0]?.kind).toBe('notVisible');
    expect(why.todo[0]?.message).toBe(
      `Ask alice (user ${owner.userId}), who has created it, for access.`,
    );
    const other = await bob.access.why(own, 'carol');
    expect(other.may).toBeUndefined();
    expect(other.because[0]?.message).toBe(
      `You may not see the list of ${own.id}, so it cannot be told what carol (user ${carol.userId}) may do.`,
    );
    expect(String(other)).toContain('It is not known whether carol');
    expect((await visitor.access.why(own)).todo[0]?.message).toContain('Or log in: you are not.');
  });

  test('can be in the trash can', async () => {
    const own = await clients.project(alice);
    await alice.delete(own);
    const why = await alice.access.why(own.id);
    expect([why.may, why.because[0]?.kind]).toEqual([false, 'trash']);
    expect(why.todo[0]?.message).toContain('to restore it from the trash can');
  });
});

test('the scopes of the token count for the caller', async () => {
  const owner = await clients.open();
  await owner.login({ username: 'alice', password: 'alice-password' });
  const { token } = await owner.services.authentication.createPersonalAccessToken({
    body: { name: 'read', scope: ['view'] },
  });
  const syn = await clients.open();
  await syn.login({ authToken: token });
  const why = await syn.access.why(file);
  expect(why.may).toBe(false);
  expect(why.because).toContainEqual(expect.objectContaining({ kind: 'scope', allows: false }));
});

test('an evaluation is explained by its list', async () => {
  const { services } = alice;
  const body = { name: 'Round 1', contentSource: project.id };
  const { id: evaluation = '' } = await services.evaluation.createEvaluation({ body });
  const why = await alice.access.why({ evaluation }, 'bob');
  expect([why.may, why.accessTypes]).toEqual([false, ['SUBMIT']]);
  await alice.access.set({ evaluation }, 'bob', { accessType: 'submit' });
  const now = await alice.access.why({ evaluation }, 'bob');
  expect([now.may, now.todo]).toEqual([true, []]);
});

test.each(['nobody', 987654321])('%j is refused', async (principal) => {
  await expect(alice.access.why(file, principal)).rejects.toThrow('There is no user and no team');
});
