// Many files at once: a manifest says where each file belongs, what its annotations are and how it was made. A plan shows what an
// upload does; a second upload has nothing to do.
import { mkdir, writeFile } from 'node:fs/promises';
import { Project, Synapse } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const project = await syn.store(new Project({ name: `Bulk upload ${Date.now()}` }));

try {
  console.log('== A directory of results');
  const files = {
    'biospecimens/fileA.txt': 'a1 a2 a3',
    'biospecimens/fileB.txt': 'b1 b2',
    'single_cell/reads.fastq': '@read1\nACGT\n+\nFFFF\n',
    'single_cell/counts.csv': 'gene,count\nBRCA1,7\n',
  };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(`study/${path.split('/')[0]}`, { recursive: true });
    await writeFile(`study/${path}`, content);
  }

  // The folders are made in Synapse, and each file gets a row.
  const { text = '', rows } = await syn.sync.generateManifest('study', project);
  console.log(`${rows} files`);

  console.log('\n== Annotations and provenance');
  const [header, ...lines] = text.trimEnd().split(/\r?\n/);
  const described = lines.map((line) => {
    const isCounts = line.includes('counts.csv');
    return `${line},${isCounts ? 'study/single_cell/reads.fastq' : ''},${isCounts ? 'Count' : ''},liver,"[1,2]"`;
  });
  const manifest = [`${header},used,activityName,tissue,batch`, ...described, ''].join('\n');
  await writeFile('manifest.csv', manifest);

  const plan = await syn.sync.planUpload('manifest.csv');
  const { actions, bytes } = plan.totals;
  console.log(`${actions.create} to create, ${bytes} bytes, ${plan.problems.length} problems`);

  const report = await plan.apply();
  console.log(
    report.done
      .map(({ name }) => name)
      .sort()
      .join(', '),
  );

  const folder = await syn.findEntityId('single_cell', project);
  const counts = (await syn.findEntityId('counts.csv', folder)) ?? '';
  console.log(await syn.getAnnotations(counts));
  console.log((await syn.getProvenance(counts))?.name);

  console.log('\n== Again: only what is different');
  await writeFile('study/biospecimens/fileB.txt', 'b1 b2 b3');
  const next = await syn.sync.planUpload('manifest.csv');
  for (const { action, name, reason } of next.items) {
    if (action !== 'skip') console.log(action, name, '-', reason);
  }
  const { done, skipped } = await next.apply();
  console.log(`${done.length} stored, ${skipped.length} unchanged`);
  const last = await syn.syncToSynapse('manifest.csv');
  console.log(`${last.done.length} stored, ${last.skipped.length} unchanged`);
} finally {
  await syn.delete(project);
  await syn.close();
}

// Output:
//   == A directory of results
//   4 files
//
//   == Annotations and provenance
//   4 to create, 51 bytes, 0 problems
//   counts.csv, fileA.txt, fileB.txt, reads.fastq
//   { tissue: [ 'liver' ], batch: [ 1, 2 ] }
//   Count
//
//   == Again: only what is different
//   updateContent fileB.txt - other content (5 B before)
//   1 stored, 3 unchanged
//   0 stored, 4 unchanged
