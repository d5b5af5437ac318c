// Projects: the containers that data, people and their work belong to.
import { randomUUID } from 'node:crypto';
import { ConflictError, Project, Synapse } from 'synapseclient';

const syn = new Synapse();
const { userName } = await syn.login();
const me = await syn.getUserProfile();

console.log('== Create a project: its name is unique in all of Synapse');
const name = `Alzheimer study ${randomUUID()}`;
const project = await syn.store(new Project({ name, description: 'Samples of 2026' }));

try {
  console.log(project.name === name, project.id);

  console.log('\n== What Synapse has stored with it');
  console.log(project.createdBy === me.ownerId, userName);
  console.log(project.createdOn === project.modifiedOn);

  console.log('\n== Get it again: by its id, or by its name');
  const byId = await syn.get(Project, project.id);
  const byName = await syn.get(Project, { name });
  console.log(byId.name === name, byName.id === project.id);
  console.log((await syn.findEntityId(name)) === project.id);

  console.log('\n== Storing it again under its name changes it');
  const again = await syn.store(new Project({ name, annotations: { disease: "Alzheimer's" } }));
  console.log(again.id === project.id, again.description, again.annotations);
  const taken = await syn
    .store(new Project({ name }), { createOrUpdate: false })
    .catch((error: unknown) => error instanceof ConflictError);
  console.log('taken:', taken);

  console.log('\n== Change it');
  again.description = 'Samples of 2026 and 2027';
  await syn.store(again);
  console.log((await syn.get(Project, project.id)).description);
} finally {
  await syn.delete(project);
  await syn.close();
}

// Output:
//   == Create a project: its name is unique in all of Synapse
//   true syn1
//
//   == What Synapse has stored with it
//   true alice
//   true
//
//   == Get it again: by its id, or by its name
//   true true
//   true
//
//   == Storing it again under its name changes it
//   true Samples of 2026 { disease: [ "Alzheimer's" ] }
//   taken: true
//
//   == Change it
//   Samples of 2026 and 2027
