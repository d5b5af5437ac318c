// Files: content with a name, in a folder or project.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { File, Folder, Project, Synapse, type Stored } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const project = await syn.store(new Project({ name: `Alzheimer study ${randomUUID()}` }));

try {
  console.log('== Upload several files');
  const local = {
    biospecimen_experiment_1: ['fileA.txt', 'fileB.txt'],
    biospecimen_experiment_2: ['fileC.txt', 'fileD.txt'],
    single_cell_RNAseq_batch_1: ['SRR12345678_R1.fastq.gz', 'SRR12345678_R2.fastq.gz'],
  };
  const stored: (File & Stored)[] = [];
  for (const [directory, names] of Object.entries(local)) {
    const folder = await syn.store(new Folder({ name: directory, parent: project }));
    await mkdir(directory, { recursive: true });
    for (const name of names) {
      const path = join(directory, name);
      await writeFile(path, `${name} of ${directory}`);
      stored.push(await syn.store(new File({ path, parent: folder })));
    }
  }
  console.log(stored.length);

  console.log('\n== What Synapse has stored with one');
  const [first] = stored;
  console.log(first?.name, first?.versionNumber, first?.contentType);
  console.log(
    first?.fileHandle?.concreteType.split('.').at(-1),
    first?.createdOn === first?.modifiedOn,
  );

  console.log('\n== All folders and files of the project');
  for await (const { path, files } of syn.walk(project)) {
    console.log(
      path || '.',
      files.map(({ name }) => name),
    );
  }

  console.log('\n== Download one: into the cache, into a directory, or as a stream');
  const id = first?.id ?? '';
  console.log((await syn.get(File, id)).path === first?.path);
  const { path } = await syn.get(File, id, { downloadLocation: 'download' });
  console.log(await readFile(path, 'utf8'));
  for await (const chunk of await syn.download(id)) console.log(String(chunk));

  console.log('\n== Only what is known about it');
  const known = await syn.get(File, id, { downloadFile: false });
  console.log(known.name, known.path);

  console.log('\n== A file elsewhere on the web');
  const page = await syn.store(
    new File({ name: 'paper.html', externalUrl: 'https://example.org/paper', parent: project }),
  );
  console.log(page.externalUrl);

  console.log('\n== Another name, another name for downloads, another content type: no upload');
  const changed = await syn.changeMetadata(id, {
    name: 'Sample A',
    downloadAs: 'sample-a.csv',
    contentType: 'text/csv',
  });
  console.log(changed.name, changed.fileHandle?.contentType, changed.versionNumber);
  const renamed = await syn.get(File, id, { downloadLocation: 'renamed' });
  console.log(renamed.path.split(/[/\\]/).at(-1));
} finally {
  await syn.delete(project);
  await syn.close();
}

// Output:
//   == Upload several files
//   6
//
//   == What Synapse has stored with one
//   fileA.txt 1 text/plain
//   S3FileHandle true
//
//   == All folders and files of the project
//   . []
//   biospecimen_experiment_1 [ 'fileA.txt', 'fileB.txt' ]
//   biospecimen_experiment_2 [ 'fileC.txt', 'fileD.txt' ]
//   single_cell_RNAseq_batch_1 [ 'SRR12345678_R1.fastq.gz', 'SRR12345678_R2.fastq.gz' ]
//
//   == Download one: into the cache, into a directory, or as a stream
//   true
//   fileA.txt of biospecimen_experiment_1
//   fileA.txt of biospecimen_experiment_1
//
//   == Only what is known about it
//   fileA.txt undefined
//
//   == A file elsewhere on the web
//   https://example.org/paper
//
//   == Another name, another name for downloads, another content type: no upload
//   Sample A text/csv 2
//   sample-a.csv
