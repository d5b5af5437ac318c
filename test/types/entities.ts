// Compiled, never run: a line that should not compile and does fails the type check, as does one the other way round.
import {
  File,
  Folder,
  isA,
  Link,
  Project,
  type Entity,
  type GetOptions,
  type Stored,
  type Synapse,
} from '../../src/index.js';

export async function aClassNarrowsTheResult(syn: Synapse): Promise<unknown[]> {
  const file = await syn.get(File, 'syn1');
  const path: string = file.path;
  const id: string = file.id;
  const version: number | undefined = file.versionNumber;
  const folder: Folder & Stored = await syn.get(Folder, { name: 'raw', parent: 'syn1' });
  const project: Project & Stored = await syn.get(Project, 'syn1', { signal: undefined });
  const link: Link & Stored = await syn.get(Link, folder);
  // @ts-expect-error a folder has no path
  const none: unknown = folder.path;
  // @ts-expect-error there is no such class
  const other = await syn.get(Date, 'syn1');
  return [path, id, version, project.alias, link.linksTo?.targetId, none, other];
}

export async function aDownloadedFileHasAPath(syn: Synapse, options: GetOptions): Promise<void> {
  const located = await syn.get(File, 'syn1', { downloadLocation: 'data', version: 2 });
  const replaced = await syn.get(File, 'syn1', { ifCollision: 'overwrite.local' });
  const paths: string[] = [located.path, replaced.path];
  const without = await syn.get(File, 'syn1', { downloadFile: false });
  const kept = await syn.get(File, 'syn1', { downloadLocation: '.', ifCollision: 'keep.local' });
  const unknown = await syn.get(File, 'syn1', options);
  for (const file of [without, kept, unknown]) {
    // @ts-expect-error nothing may have been downloaded
    paths.push(file.path);
    if (file.path !== undefined) paths.push(file.path);
  }
  // @ts-expect-error misspelled option
  await syn.get(File, 'syn1', { downloadlocation: 'data' });
}

export async function anyEntityIsNarrowed(syn: Synapse): Promise<string | undefined> {
  const got = await syn.get('syn1');
  const union: Entity & Stored = got;
  // @ts-expect-error only files have it
  const path: unknown = got.path;
  if (got instanceof File) return got.path;
  if (got.concreteType === 'org.sagebionetworks.repo.model.Link') return got.linksTo?.targetId;
  if (isA(got, 'TableEntity')) return got.columnIds?.[0];
  // @ts-expect-error misspelled option
  await syn.get('syn1', { downloadlocation: 'data' });
  return `${got.name} ${String(path)} ${union.id}`;
}

export async function storingKeepsTheClass(syn: Synapse): Promise<string> {
  const project = await syn.store(new Project({ name: 'Study' }));
  const file = await syn.store(new File({ path: 'a.csv', parent: project }));
  return `${project.id} ${file.id} ${file.etag} ${file.path ?? ''}`;
}

export async function principalsAndAccess(syn: Synapse): Promise<void> {
  await syn.setPermissions('syn1', 'PUBLIC');
  await syn.setPermissions('syn1', 'bob', { accessType: 'edit' });
  await syn.setPermissions('syn1', 3400001, { accessType: ['READ', 'DOWNLOAD'] });
  await syn.setPermissions('syn1', await syn.users.get('bob'), { accessType: 'READ' });
  await syn.setPermissions('syn1', await syn.services.team.getTeam({ id: '1' }));
  await syn.getAcl('syn1', { principal: 'AUTHENTICATED_USERS' });
  // @ts-expect-error misspelled access type
  await syn.setPermissions('syn1', 'bob', { accessType: ['REED'] });
  // @ts-expect-error misspelled word
  await syn.setPermissions('syn1', 'bob', { accessType: 'veiw' });
  // @ts-expect-error the principal is missing
  await syn.setPermissions('syn1', undefined);
}
