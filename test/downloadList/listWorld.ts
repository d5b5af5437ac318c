import { File, type Folder, type Project, type Stored, type Synapse } from '../../src/index.js';
import type { Clients } from '../entities/withClients.js';

/** Stores a text as a file. */
export async function storeText(
  clients: Pick<Clients, 'file'>,
  syn: Synapse,
  parent: (Project | Folder) & Stored,
  { name, content }: { name: string; content: string },
): Promise<File & Stored> {
  const path = await clients.file(name, content);
  return syn.store(new File({ path, parent, name }));
}

/** Lets only those who accept terms download a file. @returns the id of the requirement */
export async function requireTerms(admin: Synapse, id: string): Promise<number> {
  const requirement = await admin.services.accessRequirement.createAccessRequirement({
    body: {
      concreteType: 'org.sagebionetworks.repo.model.TermsOfUseAccessRequirement',
      subjectIds: [{ id, type: 'ENTITY' }],
      accessType: 'DOWNLOAD',
      name: 'Terms',
      termsOfUse: 'Be nice.',
    },
  });
  return requirement.id ?? 0;
}

/** What is on the list of a user, as `syn12` or `syn12.3`, sorted. */
export async function listedKeys(syn: Synapse): Promise<string[]> {
  const files = await syn.downloadList.list().toArray();
  return files
    .map(({ fileEntityId, versionNumber }) =>
      versionNumber === undefined ? fileEntityId : `${fileEntityId}.${versionNumber}`,
    )
    .sort();
}
