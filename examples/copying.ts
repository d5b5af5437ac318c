// Copy a project, a folder, a file. Nothing is downloaded, and a plan shows first what will be done.
import { randomUUID } from 'node:crypto';
import { File, Folder, Link, Project, Synapse, Table } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const study = await syn.store(new Project({ name: `Study ${randomUUID()}` }));
const release = await syn.store(new Project({ name: `Release ${randomUUID()}` }));

try {
  const raw = await syn.store(new Folder({ name: 'raw', parent: study }));
  const scan = await storeFile('scan1.txt', 'as measured', raw.id);
  await storeFile('scan2.txt', 'as measured as well', raw.id);
  await syn.setAnnotations(scan, { tissue: 'liver', depth: 1.5 });
  await syn.store(new Link({ name: 'best scan', parent: study, target: scan.id }));
  const mice = await syn.store(
    new Table({ name: 'mice', parent: study, columns: { tag: 'STRING', weight: 'DOUBLE' } }),
  );
  await syn.tables.append(mice, [
    { tag: 'm1', weight: 20.5 },
    { tag: 'm2', weight: 19 },
  ]);
  await syn.wiki.store(study, { title: 'Read me', markdown: `The best scan is ${scan.id}.` });

  console.log('== Look before you copy');
  console.log(String(await syn.planCopy(raw, { to: release })));

  console.log('\n== Copy the project: into another project, which exists');
  const { mapping, failures } = await syn.copy(study, { to: release });
  console.log(`${Object.keys(mapping).length} copies, ${failures.length} failures`);
  const copy = await syn.get(File, mapping[scan.id] ?? '', { downloadFile: false });
  console.log(copy.name, copy.annotations);

  console.log('\n== Links and the wiki lead to the copies, and the provenance to the originals');
  const wiki = await syn.wiki.get(release);
  console.log(wiki.markdown === `The best scan is ${copy.id}.`);
  const activity = await syn.getProvenance(copy);
  console.log(activity?.name);

  console.log('\n== The rows of the table are there');
  for await (const row of syn.tableQuery(`select * from ${mapping[mice.id]} order by tag`)) {
    console.log(row);
  }

  console.log('\n== Later: bring the copy up to date. Only what has changed is written');
  await storeFile('scan2.txt', 'measured again', raw.id);
  const later = await syn.copy(study, { to: release, updateExisting: true });
  console.log(later.done.map(({ path }) => path.split('/').at(-1)));

  console.log('\n== One version of a file, with its own provenance');
  const first = await syn.store(new Folder({ name: 'first versions', parent: release }));
  await syn.copy(scan, { to: first, version: 1, setProvenance: 'existing' });
  for await (const { name } of syn.getChildren(first)) console.log(name);

  console.log('\n== Change the name that a file is downloaded with');
  const changed = await syn.changeMetadata(copy, {
    downloadAs: 'best scan.tsv',
    contentType: 'text/tab-separated-values',
  });
  console.log(changed.name, changed.fileHandle?.fileName, changed.versionNumber);

  async function storeFile(name: string, text: string, parentId: string) {
    return syn.store(new File({ name, parentId, stream: new Blob([text]).stream() }));
  }
} finally {
  await syn.delete(study);
  await syn.delete(release);
  await syn.close();
}

// Output:
//   == Look before you copy
//   create    raw (syn1)
//   create    raw/scan1.txt (syn2) 11 B - your own file handle is used again
//   create    raw/scan2.txt (syn3) 19 B - your own file handle is used again
//   3 create: 30 B, 5 requests
//
//   == Copy the project: into another project, which exists
//   6 copies, 0 failures
//   scan1.txt { tissue: [ 'liver' ], depth: [ 1.5 ] }
//
//   == Links and the wiki lead to the copies, and the provenance to the originals
//   true
//   Copied file
//
//   == The rows of the table are there
//   { tag: 'm1', weight: 20.5 }
//   { tag: 'm2', weight: 19 }
//
//   == Later: bring the copy up to date. Only what has changed is written
//   [ 'scan2.txt' ]
//
//   == One version of a file, with its own provenance
//   scan1.txt
//
//   == Change the name that a file is downloaded with
//   scan1.txt best scan.tsv 2
