import { beforeAll, describe, expect, test } from '@jest/globals';
import { Folder, Project, Synapse, type Stored } from '../../src/index.js';
import type * as M from '../../generated/models.js';
import { sessionToken } from '../helpers/sessionToken.js';
import { withCommands } from './withCommands.js';

const commands = withCommands();
let project: Project & Stored;
let raw: Folder & Stored;
let team: string;
let aliceId: string;
let bobId: string;

beforeAll(async () => {
  const { syn, server } = commands;
  aliceId = (await syn.users.get()).ownerId ?? '';
  bobId = server.users.bob.userId;
  team = (await syn.services.team.createTeam({ body: { name: 'Mouse Lab' } })).id ?? '';
  project = await syn.store(new Project({ name: 'Mouse study' }));
  raw = await syn.store(new Folder({ name: 'raw', parent: project }));
});

/** Runs as bob. */
async function asBob(args: readonly string[]): ReturnType<typeof commands.run> {
  const { endpoint, users } = commands.server;
  const token = await sessionToken(commands.server, users.bob);
  const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: token };
  return commands.run(args, { env });
}

test('access is granted, listed, explained, revoked and reset', async () => {
  const run = (args: readonly string[]): ReturnType<typeof commands.run> => commands.run(args);
  expect(await run(['access', 'grant', project.id, 'Mouse Lab', 'download'])).toMatchObject({
    status: 0,
    stdout: `Granted download on ${project.id} to Mouse Lab\n`,
  });
  const granted = await run(['access', 'grant', raw.id, 'bob', 'READ,UPDATE']);
  expect(granted.stdout).toBe(`Granted READ, UPDATE on ${raw.id} to bob\n`);
  expect(granted.stderr).toContain(`inherited its permissions from ${project.id}`);
  const owner = (await commands.syn.users.get()).userName ?? '';
  const lines = [
    `${owner} (user ${aliceId}): admin`,
    `Mouse Lab (team ${team}): download`,
    `bob (user ${bobId}): READ, UPDATE`,
  ];
  const listed = await run(['access', 'list', project.id, '-r']);
  expect(listed.stdout.trimEnd().split('\n')).toEqual([
    `Mouse study (${project.id}) [project]: own list`,
    ...lines.slice(0, 2).map((line) => `│   ${line}`),
    `└── raw (${raw.id}) [folder]: own list`,
    ...lines.map((line) => `        ${line}`),
  ]);
  const why = await asBob(['access', 'why', raw.id]);
  expect(why.stdout).toContain(
    `bob (user ${bobId}) does not have DOWNLOAD access to raw (${raw.id}).`,
  );
  expect(why.stdout).toContain('What to do:\n  - Ask ');
  expect(await run(['access', 'revoke', raw.id, 'bob'])).toMatchObject({
    stdout: `Revoked all access on ${raw.id} from bob\n`,
  });
  const dry = await run(['access', 'reset', project.id, '-r', '--dry-run']);
  expect(dry.stdout).toContain(`raw (${raw.id}) [folder]: list would be deleted`);
  const reset = await run(['access', 'reset', project.id, '-r', '--yes', '--json']);
  expect(JSON.parse(reset.stdout)).toMatchObject({
    dryRun: false,
    items: [
      { id: project.id, action: 'keep' },
      { id: raw.id, action: 'delete' },
    ],
  });
  expect((await run(['access', 'list', raw.id])).stdout).toContain(`: inherits from ${project.id}`);
});

test('a team has a list too', async () => {
  const listed = await commands.run(['access', 'list', `team:${team}`]);
  expect(listed.stdout).toContain('AUTHENTICATED_USERS: message');
  const unknown = await commands.run(['access', 'list', 'teem:5']);
  expect([unknown.status, unknown.stderr]).toEqual([
    2,
    expect.stringContaining(
      '"teem" has no sharing settings: use evaluation, team, organization, form-group',
    ),
  ]);
});

describe('what is wrong', () => {
  test.each<[string[], number, string]>([
    [['grant', 'ID', 'bobb', 'view'], 2, 'There is no user and no team named "bobb".'],
    [['grant', 'ID', 'Mouse', 'view'], 2, 'Similar: Mouse Lab (team'],
    [['grant', 'ID', 'bob', 'reed'], 2, '"reed" is not an access type: use view, download'],
    [['grant', 'ID', 'PUBLIC', 'download'], 2, 'PUBLIC cannot get DOWNLOAD on syn'],
    [['grant', 'ID', 'bob'], 2, 'Missing LEVEL'],
    [
      ['reset', 'ID'],
      2,
      'No terminal to ask for confirmation: add --yes, or --dry-run to look first.',
    ],
    [
      ['reset', 'ID', '--yes', '--type', 'files', '-r'],
      2,
      '"files" is not a type of entities: use project, folder, file',
    ],
    [['list', 'syn999999999'], 4, 'does not exist'],
    [['requirements', 'ID', '--accept', 'syn1'], 2, 'is not the id of an access requirement'],
  ])('%j ends with status %d', async (args, status, message) => {
    const line = args.map((word) => (word === 'ID' ? project.id : word));
    const ended = await commands.run(['access', ...line]);
    expect(ended.stderr.replaceAll(/\s+/g, ' ')).toContain(message);
    expect(ended.status).toBe(status);
    expect(ended.stdout).toBe('');
  });

  test('without the permission the error says who can grant it', async () => {
    await commands.syn.access.set(project, 'bob', { accessType: 'view' });
    const ended = await asBob(['access', 'grant', project.id, 'carol', 'view']);
    expect(ended.status).toBe(1);
    expect(ended.stderr.replaceAll(/\s+/g, ' ')).toContain(`needs CHANGE_PERMISSIONS. Ask `);
  });
});

test('access requirements are listed with what to do, and accepted by id', async () => {
  const admin = new Synapse({
    endpoint: commands.server.endpoint,
    environment: {},
    configPath: '/dev/null',
  });
  await admin.login({ authToken: commands.server.users.admin.authToken });
  const concreteType = 'org.sagebionetworks.repo.model.TermsOfUseAccessRequirement';
  const subjectIds = [{ id: raw.id, type: 'ENTITY' }] satisfies M.RestrictableObjectDescriptor[];
  const terms = { concreteType, accessType: 'DOWNLOAD', name: 'Mouse terms', subjectIds } as const;
  const { id = 0 } = await admin.services.accessRequirement.createAccessRequirement({
    body: terms,
  });
  await admin.close();
  const listed = await asBob(['access', 'requirements', project.id, '-r']);
  const [head, row] = listed.stdout.split('\n');
  expect(head).toMatch(/^ID +KIND +STATE +ENTITIES +NAME +PAGE$/);
  expect(row).toMatch(new RegExp(`^${id} +termsOfUse +unmet +1 +Mouse terms +http.*AR_ID=${id}$`));
  expect(listed.stderr).toContain(`accessRequirements.accept(${id})`);
  const accepted = await asBob(['access', 'requirements', raw.id, '--accept', String(id)]);
  expect(accepted.stdout).toBe(`Accepted ${id} Mouse terms\n`);
  const failed = await asBob(['access', 'requirements', raw.id, '--accept', '987']);
  expect([failed.status, failed.stdout]).toEqual([5, '']);
  const none = await asBob(['access', 'requirements', project.id, '-r']);
  expect([none.status, none.stdout]).toEqual([0, '']);
  expect(none.stderr).toContain('has no unmet access requirements');
});
