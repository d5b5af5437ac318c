// A whole project at once: its folders become directories, and a manifest says what the files are. A second download has nothing to
// do, and what was changed here is not lost.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { Project, Synapse } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const project = await syn.store(new Project({ name: `Bulk download ${Date.now()}` }));

try {
  const files = {
    'biospecimens/fileA.txt': 'a1 a2 a3',
    'single_cell/batch_1/counts.csv': 'gene,count\nBRCA1,7\n',
    'readme.txt': 'What this is.',
  };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(`source/${path.split('/').slice(0, -1).join('/')}`, { recursive: true });
    await writeFile(`source/${path}`, content);
  }
  await syn.syncToSynapse('source', project);

  console.log('== Everything');
  const plan = await syn.sync.planDownload(project, 'copy');
  console.log(`${plan.totals.actions.create} to create, ${plan.totals.bytes} bytes`);
  await plan.apply();
  const names = await readdir('copy', { recursive: true });
  for (const name of names.sort()) console.log(name);

  console.log('\n== The manifest');
  const [header = ''] = (await readFile('copy/manifest.csv', 'utf8')).split(/\r?\n/);
  console.log(header.split(',').slice(0, 4).join(', '));

  console.log('\n== Again');
  const again = await syn.syncFromSynapse(project, 'copy');
  console.log(`${again.failures.length} failed, ${again.bytes} bytes`);

  console.log('\n== A file that was changed here stays');
  await writeFile('copy/readme.txt', 'My own words.');
  const { failures } = await syn.syncFromSynapse(project, 'copy');
  console.log(`${failures.length} conflict`);
  console.log(await readFile('copy/readme.txt', 'utf8'));
} finally {
  await syn.delete(project);
  await syn.close();
}

// Output:
//   == Everything
//   6 to create, 40 bytes
//   SYNAPSE_METADATA_MANIFEST.tsv
//   biospecimens
//   biospecimens/SYNAPSE_METADATA_MANIFEST.tsv
//   biospecimens/fileA.txt
//   biospecimens/manifest.csv
//   manifest.csv
//   readme.txt
//   single_cell
//   single_cell/SYNAPSE_METADATA_MANIFEST.tsv
//   single_cell/batch_1
//   single_cell/batch_1/SYNAPSE_METADATA_MANIFEST.tsv
//   single_cell/batch_1/counts.csv
//   single_cell/batch_1/manifest.csv
//   single_cell/manifest.csv
//
//   == The manifest
//   path, parentId, name, ID
//
//   == Again
//   0 failed, 0 bytes
//
//   == A file that was changed here stays
//   1 conflict
//   My own words.
