// Move and rename files and folders. They keep their ids, versions and annotations, so links and citations stay right.
import { randomUUID } from 'node:crypto';
import { File, Folder, Project, Synapse } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const project = await syn.store(new Project({ name: `Season ${randomUUID()}` }));

try {
  const inbox = await syn.store(new Folder({ name: 'inbox', parent: project }));
  const spring = await syn.store(new Folder({ name: 'spring', parent: project }));
  const store = (name: string) => {
    const stream = new Blob([`content of ${name}`]).stream();
    return syn.store(new File({ name, parent: inbox, stream, annotations: { checked: [true] } }));
  };
  const march = await store('march.csv');
  await store('april.csv');
  await store('notes.txt');

  console.log('== Move a file');
  const moved = await syn.move(march, spring);
  console.log(moved.id === march.id, moved.parentId === spring.id);
  console.log(await syn.getAnnotations(march.id));

  console.log('\n== Move all files of a kind');
  for await (const file of syn.getChildren(inbox, { includeTypes: ['file'] })) {
    if (file.name.endsWith('.csv')) await syn.move(file.id, spring);
  }
  await show();

  console.log('\n== Move a folder, with everything in it');
  const archive = await syn.store(new Folder({ name: 'archive', parent: project }));
  await syn.move(spring, archive);
  await show();

  console.log('\n== A name that is taken is not replaced');
  await store('march.csv');
  const taken = await syn.findEntityId('march.csv', inbox);
  try {
    await syn.move(taken ?? '', spring);
  } catch (error) {
    console.log((error as Error).name);
  }

  console.log('\n== Rename');
  const file = await syn.get(File, march.id, { downloadFile: false });
  file.name = 'first days of march.csv';
  await syn.store(file);
  await show();

  async function show() {
    for await (const { path, files } of syn.walk(project)) {
      console.log(`${path || '(project)'}:`, files.map(({ name }) => name).join(', '));
    }
  }
} finally {
  await syn.delete(project);
  await syn.close();
}

// Output:
//   == Move a file
//   true true
//   { checked: [ true ] }
//
//   == Move all files of a kind
//   (project):
//   inbox: notes.txt
//   spring: april.csv, march.csv
//
//   == Move a folder, with everything in it
//   (project):
//   archive:
//   archive/spring: april.csv, march.csv
//   inbox: notes.txt
//
//   == A name that is taken is not replaced
//   ConflictError
//
//   == Rename
//   (project):
//   archive:
//   archive/spring: april.csv, first days of march.csv
//   inbox: march.csv, notes.txt
