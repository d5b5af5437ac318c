import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll } from '@jest/globals';
import { Activity, File, Folder, formatLock, Project, Synapse, Table } from '../../../src/index.js';
import { startLocalSynapse } from '../../../src/server/index.js';
import { withCommands, type Commands } from '../withCommands.js';

/** What a command line can name: ids of a server that has one of everything, and local files. */
export type Seed = Readonly<Record<string, string>>;

/** The command line with a server that has one of everything. `seed()` is what there is, once the tests run. */
export function withSeed(): { commands: Commands; seed: () => Seed } {
  const commands = withCommands();
  let seed: Seed = {};
  beforeAll(async () => {
    await writeFiles(commands.home);
    const stored = await storeEntities(commands.syn);
    const more = await Promise.all([
      storeTables(commands.syn, stored),
      makeTeams(commands),
      makeChallenge(commands.syn, stored),
      writeTexts(commands, stored),
      collectFiles(commands, stored),
      makeServerData(commands.home),
    ]);
    seed = Object.assign({ ...stored }, ...more) as Seed;
    await writeDerivedFiles(commands, seed);
  });
  return { commands, seed: () => seed };
}

const files: Readonly<Record<string, string>> = {
  'counts.csv': 'gene,count\nApoe,3\n',
  'new.csv': 'gene,count\nTrem2,7\n',
  'visits.csv': 'patient,age\np1,41\np2,52\n',
  'token.txt': 'a token\n',
  'annotations.json': '{"tissue": "liver"}',
  'results/a.txt': 'a\n',
  'results/sub/b.txt': 'b\n',
  'pages/Home.md': '# Home\n\nText\n',
};

async function writeFiles(home: string): Promise<void> {
  for (const folder of ['results/sub', 'pages']) {
    await mkdir(join(home, folder), { recursive: true });
  }
  for (const [path, text] of Object.entries(files)) await writeFile(join(home, path), text);
}

const entities = [
  'project',
  'folder',
  'other',
  'file',
  'doomed',
  'moving',
  'restored',
  'labelled',
  'bucketFolder',
  'wikiTarget',
  'changing',
];

type Entities = Record<'project' | 'file' | 'changing', string> & Seed;

async function storeEntities(syn: Synapse): Promise<Entities> {
  const { id: project } = await syn.store(new Project({ name: 'Mouse study' }));
  const folderNamed = async (name: string): Promise<string> =>
    (await syn.store(new Folder({ name, parent: project }))).id;
  const folder = await folderNamed('raw');
  const other = await folderNamed('other');
  // Commands that delete, move or change something have their own folder: others run at the same time and read the rest.
  const changing = await folderNamed('changing');
  const fileNamed = async (
    name: string,
    text = `content of ${name}\n`,
    parent = folder,
  ): Promise<string> => {
    const stream = new Blob([text]).stream();
    return (await syn.store(new File({ name, parent, stream }))).id;
  };
  const file = await fileNamed('counts.csv', files['counts.csv']);
  const restored = await fileNamed('restored.txt');
  await fileNamed('restored.txt', 'second version\n');
  await syn.setAnnotations(file, { tissue: 'liver' });
  await syn.setProvenance(file, new Activity({ name: 'Count' }).used(restored));
  const bucketFolder = await folderNamed('bucket');
  await syn.dois.mint(restored, { creators: ['Alice Example'], titles: 'Restored' });
  await syn.favorites.add(folder);
  const location = await syn.storageLocations.create({
    kind: 'externalS3',
    bucket: 'lab-data',
    stsEnabled: true,
  });
  await syn.storageLocations.use(bucketFolder, location);
  return {
    project,
    folder,
    other,
    file,
    restored,
    bucketFolder,
    location: String(location.storageLocationId),
    doomed: await fileNamed('doomed.txt', 'doomed\n', changing),
    moving: await fileNamed('moving.txt', 'moving\n', changing),
    labelled: await fileNamed('labelled.txt', 'labelled\n', changing),
    wikiTarget: await folderNamed('wiki target'),
    changing,
  };
}

const tables = ['table', 'appended', 'updated', 'upserted', 'shortened', 'altered', 'snapped'];

/** Whether a value of the seed is a Synapse id. */
export function isEntity(name: string): boolean {
  return entities.includes(name) || tables.includes(name);
}

async function storeTables(syn: Synapse, { project }: Entities): Promise<Seed> {
  const tableNamed = async (name: string): Promise<string> => {
    const columns = [
      { name: 'patient', columnType: 'STRING' as const, maximumSize: 20 },
      { name: 'age', columnType: 'INTEGER' as const },
    ];
    const { id } = await syn.store(new Table({ name, parent: project, columns }));
    await syn.tables.append(id, [
      { patient: 'p1', age: 41 },
      { patient: 'p2', age: 52 },
    ]);
    return id;
  };
  return byName(tables, tableNamed);
}

async function makeTeams({ syn, server }: Commands): Promise<Seed> {
  const names = ['team', 'deletedTeam', 'leftTeam', 'reducedTeam', 'requestedTeam'];
  const teams = await byName(names, async (name) => (await syn.teams.create({ name })).id);
  const bob = await clientOf(server, 'bob');
  const { reducedTeam = '', leftTeam = '', requestedTeam = '' } = teams;
  await syn.teams.invite(reducedTeam, 'bob');
  await bob.teams.join(reducedTeam);
  await syn.teams.invite(leftTeam, 'bob');
  await bob.teams.join(leftTeam);
  await syn.teams.setAdmin(leftTeam, 'bob');
  await bob.teams.request(requestedTeam);
  const { id: openTeam } = await bob.teams.create({ name: 'openTeam', canPublicJoin: true });
  await bob.close();
  return { ...teams, openTeam };
}

async function makeChallenge(syn: Synapse, { project, file }: Entities): Promise<Seed> {
  const { id: evaluation } = await syn.evaluations.create({ name: 'Round 1', project });
  const { id: submission } = await syn.submit(evaluation, file);
  const { id: doomedEvaluation } = await syn.evaluations.create({ name: 'Doomed round', project });
  return { evaluation, submission, doomedEvaluation };
}

async function writeTexts(
  { syn, server }: Commands,
  { project, changing }: Entities,
): Promise<Seed> {
  const { id: page } = await syn.wiki.store(project, { title: 'Home', markdown: '# Mouse study' });
  await syn.wiki.store(project, { id: page, markdown: '# Mouse study, changed' });
  const { id: home } = await syn.wiki.store(changing, { title: 'Changing', markdown: '# Home' });
  const { id: doomedPage } = await syn.wiki.store(changing, {
    title: 'Doomed',
    parentId: home,
    markdown: 'text',
  });
  const { id: thread } = await syn.discussions.create(project, {
    title: 'Outliers',
    text: 'What about them?',
  });
  const bob = await clientOf(server, 'bob');
  const { id: message } = await bob.messages.send({
    recipients: ['alice'],
    subject: 'Hi',
    body: 'Hello',
  });
  await bob.close();
  return { page, doomedPage, thread, message };
}

/** Lists of other users, so that commands that change a list do not change that of another command. */
async function collectFiles({ syn, server }: Commands, { file, project }: Entities): Promise<void> {
  await syn.downloadList.add([file]);
  for (const user of ['bob', 'carol'] as const) {
    await syn.access.set(project, user, { accessType: 'edit' });
    const client = await clientOf(server, user);
    await client.downloadList.add([file]);
    await client.close();
  }
}

/** Directories of servers that have ended. */
async function makeServerData(home: string): Promise<void> {
  for (const name of ['exported-data', 'reset-data']) {
    const server = await startLocalSynapse({ dataDir: join(home, name) });
    await server.close();
  }
}

async function writeDerivedFiles({ home, server, syn }: Commands, seed: Seed): Promise<void> {
  const { folder = '', file = '', submission = '' } = seed;
  const texts: Readonly<Record<string, string>> = {
    'manifest.tsv': `path\tparent\nresults/a.txt\t${folder}\n`,
    'part-1.csv': `path,parentId\nresults/a.txt,${folder}\n`,
    'part-2.csv': `path,parentId\nresults/sub/b.txt,${folder}\n`,
    'scores.csv': `id,status,score\n${submission},SCORED,0.5\n`,
    'changed.csv': 'ROW_ID,ROW_VERSION,age\n1,1,42\n',
    'login.txt': server.authToken,
    'given.lock': formatLock(await syn.sync.lock(file)),
    'files.txt': `${file}\n`,
  };
  for (const [path, text] of Object.entries(texts)) await writeFile(join(home, path), text);
}

async function clientOf(server: Commands['server'], user: 'bob' | 'carol'): Promise<Synapse> {
  const client = new Synapse({
    endpoint: server.endpoint,
    environment: {},
    configPath: '/dev/null',
    log: () => undefined,
  });
  await client.login({ authToken: server.users[user].authToken });
  return client;
}

async function byName(names: string[], make: (name: string) => Promise<string>): Promise<Seed> {
  const made: Record<string, string> = {};
  for (const name of names) made[name] = await make(name);
  return made;
}
