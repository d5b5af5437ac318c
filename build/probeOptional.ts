import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Library from '../src/index.js';
import type * as Server from '../src/server/index.js';

/**
 * `tsx build/probeOptional.ts FOLDER`: uses what needs optional packages, with the `synapseclient` package that
 * is installed in the folder and its embedded Synapse. Prints one error per line.
 */
const [, , folder = ''] = process.argv;
const importFrom = (path: string): Promise<unknown> =>
  import(pathToFileURL(join(folder, path)).href);
const { File, Folder, Project, Synapse } = (await importFrom(
  'dist/src/index.js',
)) as typeof Library;
const { startLocalSynapse } = (await importFrom('dist/src/server/index.js')) as typeof Server;

const work = await mkdtemp(join(tmpdir(), 'synapse-probe-'));
const server = await startLocalSynapse({
  onWarning: (message) => process.stdout.write(`${message}\n`),
});
const configPath = join(work, 'config');
await writeFile(configPath, '[sftp://127.0.0.1]\nusername = me\npassword = secret\n');
const environment = {};
const syn = new Synapse({ endpoint: server.endpoint, configPath, cacheDir: work, environment });
try {
  await syn.login({ authToken: server.users.alice.authToken });
  const project = await syn.store(new Project({ name: 'Probe' }));
  const { services } = syn;

  const sftp = new File({ externalUrl: 'sftp://127.0.0.1:9/a', parent: project, name: 'a' });
  const { id } = await syn.store(sftp);
  await printError(() => syn.get(id));

  const parent = await syn.store(new Folder({ name: 'bucket', parent: project }));
  const { storageLocationId = 0 } = await services.projectSettings.createStorageLocation({
    body: {
      concreteType: 'org.sagebionetworks.repo.model.project.ExternalObjectStorageLocationSetting',
      endpointUrl: `${server.endpoint}/storage`,
      bucket: 'bucket',
    },
  });
  await services.projectSettings.createProjectSetting({
    body: {
      concreteType: 'org.sagebionetworks.repo.model.project.UploadDestinationListSetting',
      projectId: parent.id,
      settingsType: 'upload',
      locations: [storageLocationId],
    },
  });
  await printError(() => syn.store(new File({ path: configPath, parent })));

  // A file that begins like an image of one pixel.
  const image = Buffer.from('89504e470d0a1a0a0000000d494844520000000100000001', 'hex');
  const { id: fileHandleId = '' } = await syn.fileHandles.upload(image, {
    fileName: 'a.png',
    contentType: 'image/png',
  });
  await services.file.getFileHandleBatch({
    body: {
      includePreviewPreSignedURLs: true,
      requestedFiles: [
        { fileHandleId, associateObjectId: 'syn1', associateObjectType: 'FileEntity' },
      ],
    },
  });

  const query = syn.tables.query('select * from syn1');
  await printError(() => query.toArrow());
  await printError(() => query.toParquet(join(work, 'a.parquet')));
} finally {
  await syn.close();
  await server.close();
  await rm(work, { recursive: true, force: true });
}

async function printError(use: () => Promise<unknown>): Promise<void> {
  const message = await use().then(
    () => 'no error',
    (error: unknown) => (error as Error).message,
  );
  process.stdout.write(`${message}\n`);
}
