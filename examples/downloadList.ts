// The download list: collect files, look at the list, and download everything with a manifest.
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { EntityView, File, Folder, Project, Synapse } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const folder = await mkdtemp(join(tmpdir(), 'download-list-'));
const study = await syn.store(new Project({ name: `Study ${randomUUID()}` }));

/** Stores a text as a file. */
async function store(parent: Project | Folder, name: string, tissue: string) {
  const path = join(await mkdtemp(join(folder, 'up-')), name);
  await writeFile(path, `Counts of ${tissue}.\n`);
  return syn.store(new File({ path, parent, annotations: { tissue: [tissue] } }));
}

try {
  const batch = await syn.store(new Folder({ name: 'batch 1', parent: study }));
  const readme = await store(study, 'readme.txt', 'all tissues');
  await store(study, 'counts.txt', 'liver');
  await store(batch, 'counts.txt', 'brain');
  const { downloadList } = syn;
  await downloadList.clear();

  console.log('== Add a file, and a folder');
  console.log((await downloadList.add([readme.id, batch])).added, 'added');

  console.log('\n== Add what a query of a view selects');
  const view = await syn.store(
    new EntityView({
      name: 'Files',
      parent: study,
      scope: [study],
      types: ['file'],
      columns: { tissue: 'STRING' },
    }),
  );
  const query = `select * from ${view.id} where tissue = 'liver'`;
  console.log((await downloadList.add(query)).added, 'added');

  console.log('\n== What cannot be added');
  const { alreadyListed, failed } = await downloadList.add([readme.id, view]);
  console.log(alreadyListed, 'on the list already,', failed.length, 'not a file');

  console.log('\n== Look at the list');
  const bySize = { sort: [{ field: 'fileSize', direction: 'DESC' }] } as const;
  for await (const { fileName, fileSizeBytes } of downloadList.list(bySize)) {
    console.log(fileName, fileSizeBytes);
  }
  const { totalNumberOfFiles, numberOfFilesRequiringAction } = await downloadList.statistics();
  console.log(totalNumberOfFiles, 'files,', numberOfFilesRequiringAction, 'wait for an action');

  console.log('\n== Download everything');
  const data = join(folder, 'data');
  await mkdir(data);
  const report = await downloadList.download(data);
  console.log(report.done.length, 'downloaded,', report.removed, 'removed from the list');
  const names = (await readdir(data)).filter((name) => name !== basename(report.manifest ?? ''));
  console.log(names.sort().join(', '));
  const [header = '', ...rows] = (await readFile(report.manifest ?? '', 'utf8')).trim().split('\n');
  const columns = header.trim().split(',').slice(-3).join(', ');
  console.log(`The manifest has ${rows.length} rows, and ends with the columns ${columns}`);

  console.log('\n== The list is empty');
  console.log((await downloadList.statistics()).totalNumberOfFiles);
} finally {
  await syn.delete(study);
  await syn.close();
  await rm(folder, { recursive: true });
}

// Output:
//   == Add a file, and a folder
//   2 added
//
//   == Add what a query of a view selects
//   1 added
//
//   == What cannot be added
//   1 on the list already, 1 not a file
//
//   == Look at the list
//   readme.txt 23
//   counts.txt 17
//   counts.txt 17
//   3 files, 0 wait for an action
//
//   == Download everything
//   3 downloaded, 3 removed from the list
//   counts(1).txt, counts.txt, readme.txt
//   The manifest has 3 rows, and ends with the columns tissue, path, error
//
//   == The list is empty
//   0
