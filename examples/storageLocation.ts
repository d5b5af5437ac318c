// Storage locations: a project whose folders keep their files in buckets, on servers and behind a proxy.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { File, Folder, Project, Synapse, type StorageLocationInput } from 'synapseclient';

// For Synapse itself, replace these by your own. A bucket needs a file owner.txt with your user name.
const bucket = 'my-synapse-bucket';
const googleBucket = 'my-gcs-bucket';
const secretKey = process.env['MY_PROXY_SECRET_KEY'] ?? randomUUID();

const syn = new Synapse();
await syn.login();
const directory = await mkdtemp(join(tmpdir(), 'storage-'));
const study = await syn.store(new Project({ name: `Study ${randomUUID()}` }));

async function folder(name: string): Promise<string> {
  return (await syn.store(new Folder({ name, parent: study }))).id;
}

/** Where uploads to a container go, without the ids, which differ each time. */
async function show(id: string): Promise<void> {
  const { locations, setBy } = await syn.storageLocations.of(id);
  const types = locations.map(({ uploadType, description = 'Synapse' }) => {
    return `${uploadType} (${description})`;
  });
  const where = setBy === undefined ? 'not set' : setBy.id === id ? 'set here' : 'inherited';
  console.log(`${types.join(', then ')}: ${where}`);
}

try {
  console.log('== An S3 bucket of your own, for a folder');
  const s3 = await syn.storageLocations.create({
    kind: 'externalS3',
    bucket,
    baseKey: 'synapse-data',
    description: 'our bucket',
  });
  const raw = await folder('raw');
  await show(raw);
  await syn.storageLocations.use(raw, s3);
  await show(raw);

  console.log('\n== Uploads go there; nothing else changes');
  const path = join(directory, 'counts.csv');
  await writeFile(path, 'gene,count\na,1\n');
  const file = await syn.store(new File({ path, parent: raw }));
  console.log(file.fileHandle?.storageLocationId === s3.storageLocationId);
  const { locations = [] } = await syn.storageLocations.usage(study);
  for (const { storageLocationId, sumFileBytes } of locations) {
    console.log(storageLocationId === s3.storageLocationId ? 'bucket' : 'Synapse', sumFileBytes);
  }

  console.log('\n== Other kinds');
  const kinds: StorageLocationInput[] = [
    { kind: 'externalGoogleCloud', bucket: googleBucket, baseKey: 'synapse-data' },
    { kind: 'externalSftp', url: 'sftp://files.example.org/upload', supportsSubfolders: true },
    { kind: 'externalHttps', url: 'https://files.example.org/data' },
    { kind: 'externalObjectStore', endpointUrl: 'https://objects.example.org', bucket: 'lab' },
    { kind: 'proxy', proxyUrl: 'https://proxy.example.org', secretKey, benefactorId: study },
  ];
  for (const input of kinds) {
    const location = await syn.storageLocations.create({ ...input, description: input.kind });
    const id = await folder(input.kind);
    await syn.storageLocations.use(id, location);
    await show(id);
  }

  console.log('\n== Read a location again');
  const again = await syn.storageLocations.get(s3);
  console.log(again.kind, 'bucket' in again && again.bucket, 'baseKey' in again && again.baseKey);

  console.log('\n== A location never changes: create another one, and use that');
  const same = await syn.storageLocations.create({
    kind: 'externalS3',
    bucket,
    baseKey: 'synapse-data',
    description: 'our bucket',
  });
  console.log(same.storageLocationId === s3.storageLocationId);
  const second = await syn.storageLocations.create({
    kind: 'externalS3',
    bucket,
    baseKey: 'synapse-data-v2',
    description: 'our bucket, version 2',
  });
  await syn.storageLocations.use(raw, second);
  await show(raw);

  console.log('\n== Several locations: users of the website can choose');
  await syn.storageLocations.use(raw, 1, { add: true });
  await show(raw);

  console.log('\n== For the whole project; a folder can go back to the storage of Synapse');
  await syn.storageLocations.use(study, s3);
  await syn.storageLocations.reset(raw);
  await show(raw);
  await syn.storageLocations.use(raw, null);
  await show(raw);

  console.log('\n== A folder with temporary credentials for AWS tools');
  const { folderId } = await syn.storageLocations.createS3Folder({
    parent: study,
    folderName: 'aligned',
    bucket,
    baseKey: 'aligned',
    stsEnabled: true,
    description: 'with credentials',
  });
  await show(folderId);
  const token = await syn.storageLocations.getStsToken(folderId, { permission: 'read_write' });
  console.log(token.bucket, token.baseKey);
} finally {
  await syn.delete(study);
  await syn.close();
  await rm(directory, { recursive: true });
}

// Output:
//   == An S3 bucket of your own, for a folder
//   S3 (Synapse): not set
//   S3 (our bucket): set here
//
//   == Uploads go there; nothing else changes
//   true
//   Synapse 0
//   bucket 15
//
//   == Other kinds
//   GOOGLECLOUDSTORAGE (externalGoogleCloud): set here
//   SFTP (externalSftp): set here
//   HTTPS (externalHttps): set here
//   S3 (externalObjectStore): set here
//   PROXYLOCAL (proxy): set here
//
//   == Read a location again
//   externalS3 my-synapse-bucket synapse-data
//
//   == A location never changes: create another one, and use that
//   true
//   S3 (our bucket, version 2): set here
//
//   == Several locations: users of the website can choose
//   S3 (our bucket, version 2), then S3 (Synapse): set here
//
//   == For the whole project; a folder can go back to the storage of Synapse
//   S3 (our bucket): inherited
//   S3 (Synapse): set here
//
//   == A folder with temporary credentials for AWS tools
//   S3 (with credentials): set here
//   my-synapse-bucket aligned
