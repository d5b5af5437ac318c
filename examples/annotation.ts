// Annotations: what is known about a file, in words that can be searched.
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { File, Folder, Project, Synapse } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const project = await syn.store(new Project({ name: `Alzheimer study ${randomUUID()}` }));

try {
  const batch = await syn.store(
    new Folder({ name: 'single_cell_RNAseq_batch_1', parent: project }),
  );
  const write = async (name: string) => {
    await writeFile(name, `reads of ${name}`);
    return name;
  };
  for (const name of ['SRR12345678_R1.fastq.gz', 'SRR12345678_R2.fastq.gz']) {
    await syn.store(new File({ path: await write(name), parent: batch }));
  }

  console.log('== Add annotations to the files of a folder');
  const annotations = {
    species: 'Homo sapiens',
    dataType: 'geneExpression',
    assay: 'SCRNA-seq',
    fileFormat: 'fastq',
  };
  for await (const { id, name } of syn.getChildren(batch)) {
    const all = await syn.setAnnotations(id, annotations);
    console.log(name, Object.keys(all).length);
  }

  console.log('\n== Store new files with annotations');
  const path = await write('SRR92345678_R1.fastq.gz');
  const file = await syn.store(
    new File({
      path,
      parent: batch,
      annotations: { ...annotations, reads: 12_000, quality: [38.5, 37], run: new Date(0) },
    }),
  );
  console.log(file.annotations);

  console.log('\n== Each value has a type; each key has a list');
  const read = await syn.getAnnotations(file);
  console.log(read['reads'], read['quality'], read['run']);

  console.log('\n== Change one, add one, remove one; the others stay');
  await syn.setAnnotations(file, { quality: [38.5, 37.5], tissue: ['brain', 'blood'], run: null });
  console.log(Object.keys(await syn.getAnnotations(file)).sort());

  console.log('\n== Or change the object, and store it');
  const again = await syn.get(File, file.id, { downloadFile: false });
  again.annotations['tissue'] = ['brain'];
  await syn.store(again);
  console.log((await syn.getAnnotations(file))['tissue']);

  console.log('\n== Annotations alone make no new version');
  console.log(again.versionNumber);
} finally {
  await syn.delete(project);
  await syn.close();
}

// Output:
//   == Add annotations to the files of a folder
//   SRR12345678_R1.fastq.gz 4
//   SRR12345678_R2.fastq.gz 4
//
//   == Store new files with annotations
//   {
//     species: [ 'Homo sapiens' ],
//     dataType: [ 'geneExpression' ],
//     assay: [ 'SCRNA-seq' ],
//     fileFormat: [ 'fastq' ],
//     reads: [ 12000 ],
//     quality: [ 38.5, 37 ],
//     run: [ 1970-01-01T00:00:00.000Z ]
//   }
//
//   == Each value has a type; each key has a list
//   [ 12000 ] [ 38.5, 37 ] [ 1970-01-01T00:00:00.000Z ]
//
//   == Change one, add one, remove one; the others stay
//   [
//     'assay',
//     'dataType',
//     'fileFormat',
//     'quality',
//     'reads',
//     'species',
//     'tissue'
//   ]
//
//   == Or change the object, and store it
//   [ 'brain' ]
//
//   == Annotations alone make no new version
//   1
