import type { File } from '../../src/index.js';
import { EntityView, Folder, type Project, type Stored, type Synapse } from '../../src/index.js';
import { requireTerms, storeText } from '../downloadList/listWorld.js';
import type { Clients } from '../entities/withClients.js';
import { sessionToken } from '../helpers/sessionToken.js';

/** Files of the analyst's list that can be downloaded. */
export const downloads = 200;

/** What is on a server before an analyst, bob, begins to collect files. */
export interface ListWorld {
  alice: Synapse;
  bob: Synapse;
  study: string;
  view: string;
  /** Its first version is wanted too, beside the current one. */
  revised: string;
  /** Wanted in the current version too, beside the one that the folder gives. */
  followed: string;
  single: string;
  unwanted: string;
  /** Its terms of use are not accepted yet. */
  closed: string;
  requirement: number;
  /** Only its owner may see it. */
  hidden: string;
  /** Deleted after it was put on the list. */
  doomed: string;
  /** Every id, by a name that is the same on each server. */
  ids: Record<string, string>;
}

const originals = 10;
const inStudy = 130;
const inArchive = 57;

/**
 * Stores a study of nested folders, an archive that a view shows, and single files. Many files have the same name. The copies are
 * made by the service, so that they have file handles of their own without an upload for each.
 */
export async function storeListWorld(clients: Clients): Promise<ListWorld> {
  const [alice, bob, admin] = await Promise.all([
    clients.open('alice'),
    clients.open('bob'),
    clients.open('admin'),
  ]);
  const { server } = clients;
  await bob.login({ authToken: await sessionToken(server, server.users.bob) });
  const ids: Record<string, string> = {};
  const project = async (name: string, isShared = true): Promise<Project & Stored> => {
    const made = await clients.project(alice);
    if (isShared) await alice.access.set(made, 'bob');
    ids[name] = made.id;
    return made;
  };
  const [study, archive, extra, secret] = [
    await project('study'),
    await project('archive'),
    await project('extra'),
    await project('secret', false),
  ];
  const folders: (Folder & Stored)[] = [];
  for (const [index, parent] of [study, study, undefined, undefined].entries()) {
    const above = parent ?? folders[index - 2] ?? study;
    folders.push(await alice.store(new Folder({ name: `Batch ${index}`, parent: above })));
  }
  const stored: (File & Stored)[] = [];
  for (let index = 0; index < originals; index += 1) {
    const text = { name: `original ${index}.txt`, content: `content ${index}` };
    stored.push(await storeText(clients, alice, study, text));
  }
  const [revised, followed] = stored;
  if (revised === undefined || followed === undefined) throw new Error('no files');
  revised.path = await clients.file('original 0.txt', 'content 0, revised');
  await alice.store(revised);
  const handles = await copyHandles(alice, stored, inStudy + inArchive);
  for (const [index, dataFileHandleId] of handles.entries()) {
    const parent = index < inStudy ? folders[index % folders.length] : archive;
    const name = `copy ${index}.txt`;
    ids[name] = await createFile(alice, { name, parentId: parent?.id ?? '', dataFileHandleId });
  }
  const one = async (parent: Project & Stored, name: string): Promise<string> => {
    const file = await storeText(clients, alice, parent, { name, content: `the ${name}` });
    return (ids[name] = file.id);
  };
  const single = await one(extra, 'single.txt');
  const unwanted = await one(extra, 'unwanted.txt');
  const closed = await one(extra, 'closed.txt');
  const doomed = await one(extra, 'doomed.txt');
  const hidden = await one(secret, 'hidden.txt');
  const requirement = await requireTerms(admin, closed);
  const view = await alice.store(
    new EntityView({ name: 'Archive', parent: study, scope: [archive], types: ['file'] }),
  );
  for (const [index, { id }] of stored.entries()) ids[`original ${index}`] = id;
  return {
    alice,
    bob,
    study: study.id,
    view: view.id,
    revised: revised.id,
    followed: followed.id,
    ...{ single, unwanted, closed, requirement, hidden, doomed },
    ids: {
      ...ids,
      view: view.id,
      requirement: String(requirement),
      secretNumber: secret.id.slice('syn'.length),
    },
  };
}

/** Copies the content of files, in turn. Only a few names are used. @returns the ids of the file handles */
async function copyHandles(
  syn: Synapse,
  files: readonly (File & Stored)[],
  count: number,
): Promise<string[]> {
  // A request may name a file handle once.
  const atOnce = files.length - 1;
  const requests = Array.from({ length: count }, (_, index) => {
    const file = files[1 + (index % atOnce)];
    return {
      originalFile: {
        fileHandleId: file?.dataFileHandleId ?? '',
        associateObjectId: file?.id ?? '',
        associateObjectType: 'FileEntity' as const,
      },
      newFileName: `sample ${index % 20}.txt`,
    };
  });
  const ids: string[] = [];
  for (let from = 0; from < count; from += atOnce) {
    const body = { copyRequests: requests.slice(from, from + atOnce) };
    const { copyResults } = await syn.services.file.copyFileHandleBatch({ body });
    ids.push(...copyResults.flatMap(({ newFileHandle }) => newFileHandle?.id ?? []));
  }
  return ids;
}

async function createFile(
  syn: Synapse,
  fields: { name: string; parentId: string; dataFileHandleId: string },
): Promise<string> {
  const concreteType = 'org.sagebionetworks.repo.model.FileEntity';
  const { id = '' } = await syn.services.entity.createEntity({ body: { concreteType, ...fields } });
  return id;
}
