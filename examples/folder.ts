// Folders: containers in a project, or in other folders.
import { randomUUID } from 'node:crypto';
import { Folder, Project, Synapse } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const me = await syn.getUserProfile();
const project = await syn.store(new Project({ name: `Alzheimer study ${randomUUID()}` }));

try {
  console.log('== Create folders');
  for (const name of [
    'single_cell_RNAseq_batch_1',
    'single_cell_RNAseq_batch_2',
    'biospecimen_experiment_1',
    'biospecimen_experiment_2',
  ]) {
    await syn.store(new Folder({ name, parent: project }));
  }
  for await (const { name } of syn.getChildren(project)) console.log(name);

  console.log('\n== What Synapse has stored with one');
  const batch = await syn.get(Folder, { name: 'single_cell_RNAseq_batch_1', parent: project });
  console.log(batch.parentId === project.id, batch.createdBy === me.ownerId);
  console.log(batch.createdOn === batch.modifiedOn);

  console.log('\n== Folders in a folder');
  const notes = await syn.store(new Folder({ name: 'experiment_notes', parent: project }));
  await syn.store(new Folder({ name: 'notes_2023', parent: notes }));
  await syn.store(new Folder({ name: 'notes_2022', parent: notes }));

  console.log('\n== Storing one again finds it');
  const again = await syn.store(new Folder({ name: 'notes_2022', parent: notes }));
  console.log(again.id === (await syn.findEntityId('notes_2022', notes)));

  console.log('\n== Everything in the project');
  for await (const { path, folders } of syn.walk(project)) {
    console.log(
      path || '.',
      folders.map(({ name }) => name),
    );
  }
} finally {
  await syn.delete(project);
  await syn.close();
}

// Output:
//   == Create folders
//   biospecimen_experiment_1
//   biospecimen_experiment_2
//   single_cell_RNAseq_batch_1
//   single_cell_RNAseq_batch_2
//
//   == What Synapse has stored with one
//   true true
//   true
//
//   == Folders in a folder
//
//   == Storing one again finds it
//   true
//
//   == Everything in the project
//   . [
//     'biospecimen_experiment_1',
//     'biospecimen_experiment_2',
//     'experiment_notes',
//     'single_cell_RNAseq_batch_1',
//     'single_cell_RNAseq_batch_2'
//   ]
//   biospecimen_experiment_1 []
//   biospecimen_experiment_2 []
//   experiment_notes [ 'notes_2022', 'notes_2023' ]
//   experiment_notes/notes_2022 []
//   experiment_notes/notes_2023 []
//   single_cell_RNAseq_batch_1 []
//   single_cell_RNAseq_batch_2 []
