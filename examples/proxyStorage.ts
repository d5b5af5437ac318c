// Files behind a proxy: Synapse knows them and signs their addresses; a server of your own gives them out.
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { File, Folder, Project, Synapse } from 'synapseclient';

// Replace these by your own. The proxy knows the key, too.
const proxyUrl = 'https://my-proxy-server.example.com';
const secretKey = process.env['MY_PROXY_SECRET_KEY'] ?? randomUUID();

const syn = new Synapse();
await syn.login();
const directory = await mkdtemp(join(tmpdir(), 'proxy-'));
const study = await syn.store(new Project({ name: `Study ${randomUUID()}` }));

/** What the proxy does with the address of a request: it checks the signature and the time. */
function isSigned(address: string): boolean {
  const { hostname, pathname, searchParams } = new URL(address);
  const signature = searchParams.get('hmacSignature');
  searchParams.delete('hmacSignature');
  const query = [...searchParams].map(([name, value]) => `${name}=${value}`).sort();
  const text = `GET ${hostname} ${pathname}?${query.join('&')}`;
  const isInTime = Number(searchParams.get('expiration')) > Date.now();
  return isInTime && signature === createHmac('sha1', secretKey).update(text).digest('hex');
}

try {
  console.log('== A proxy, for a folder');
  const folder = await syn.store(new Folder({ name: 'behind the proxy', parent: study }));
  const location = await syn.storageLocations.create({
    kind: 'proxy',
    proxyUrl,
    secretKey,
    // Who may create in the project may register files of the proxy.
    benefactorId: study,
    description: 'our proxy',
  });
  await syn.storageLocations.use(folder, location);
  // The key is not printed with the location.
  console.log(location.kind, JSON.stringify(location).includes(secretKey));

  console.log('\n== Register a file that the proxy has. It is not uploaded');
  const path = join(directory, 'sleep.csv');
  await writeFile(path, 'mouse,hours\nA,12\n');
  const handle = await syn.fileHandles.createExternal({
    kind: 'proxy',
    parent: folder,
    filePath: 'mice/sleep.csv',
    path,
  });
  const { fileName, contentType, contentSize } = handle;
  console.log(fileName, contentType, contentSize);

  console.log('\n== A file entity for it');
  const file = await syn.store(
    new File({ name: 'sleep.csv', parent: folder, dataFileHandleId: handle.id }),
  );
  const association = {
    fileHandleId: handle.id ?? '',
    associateObjectId: file.id,
    associateObjectType: 'FileEntity',
  } as const;

  console.log('\n== The address that a download goes to');
  const { requestedFiles } = await syn.services.file.getFileHandleBatch({
    body: {
      includeFileHandles: false,
      includePreSignedURLs: true,
      includePreviewPreSignedURLs: false,
      requestedFiles: [association],
    },
  });
  const address = requestedFiles[0]?.preSignedURL ?? '';
  console.log(address.split('?')[0]);
  console.log('signed with the key:', isSigned(address));
  console.log('changed:', isSigned(address.replace('sleep.csv', 'other.csv')));
} finally {
  await syn.delete(study);
  await syn.close();
  await rm(directory, { recursive: true });
}

// Output:
//   == A proxy, for a folder
//   proxy false
//
//   == Register a file that the proxy has. It is not uploaded
//   sleep.csv text/csv 17
//
//   == A file entity for it
//
//   == The address that a download goes to
//   https://my-proxy-server.example.com/proxylocal/mice/sleep.csv
//   signed with the key: true
//   changed: false
