// Sharing settings: who may do what with a project and its folders, why, and how folders inherit them again.
import { randomUUID } from 'node:crypto';
import { Folder, Project, Synapse } from 'synapseclient';

const syn = new Synapse({ log: (message) => console.log(message) });
await syn.login();
const project = await syn.store(new Project({ name: `Study ${randomUUID()}` }));
const team = await syn.services.team.createTeam({ body: { name: `Mouse Lab ${randomUUID()}` } });

/** Prints a text. Names are unique, so that the program can run many times; they are shortened here. */
function show(text: string): void {
  const names = [project.name, team.name ?? ''];
  console.log(names.reduce((shown, name) => shown.replaceAll(name, name.slice(0, -37)), text));
}

try {
  const data = await syn.store(new Folder({ name: 'Research Data', parent: project }));

  console.log('== What may I do?');
  console.log((await syn.access.permissions(data)).accessTypes.join(', '));

  console.log(
    '\n== What may the team do, by the lists of the containers and by that of the folder?',
  );
  console.log(await syn.access.get(data, { principal: team }));
  console.log(await syn.access.get(data, { principal: team, checkBenefactor: false }));

  console.log('\n== Give the team access to a folder: it gets a list of its own');
  await syn.access.set(data, team, { accessType: 'download' });
  console.log(await syn.access.get(data, { principal: team }));

  console.log('\n== Less access in a folder within it');
  const sensitive = await syn.store(new Folder({ name: 'Sensitive Analysis', parent: data }));
  await syn.access.set(sensitive, team, { accessType: ['READ'] });

  console.log('\n== All lists, as a tree');
  const listing = await syn.access.list(project, { recursive: true });
  show(String(listing));
  for (const { name, entries } of listing.lists) console.log(name?.slice(0, 5), entries.length);

  console.log('\n== Add to the access that the team has, and remove all of it');
  await syn.access.set(data, team, { accessType: ['UPDATE'], overwrite: false });
  console.log(await syn.access.get(data, { principal: team }));
  await syn.access.remove(data, team);
  console.log(await syn.access.get(data, { principal: team }));

  console.log('\n== Everybody may look');
  await syn.access.set(project, 'PUBLIC');
  const why = await syn.access.why(data, 'PUBLIC', { access: 'view' });
  show(String(why));

  console.log('\n== What would be deleted for the folders to inherit again?');
  const everything = { includeContainerContent: true, recursive: true };
  show(String(await syn.access.delete(project, { ...everything, dryRun: true })));

  console.log('\n== Delete it');
  const { deleted } = await syn.access.delete(project, everything);
  console.log(deleted.map(({ name }) => name));
  show(String(await syn.access.why(data, 'PUBLIC', { access: 'view' })));
} finally {
  await syn.delete(project);
  await syn.services.team.deleteTeam({ id: team.id ?? '' });
  await syn.close();
}

// Output:
//   == What may I do?
//   READ, UPDATE, CREATE, DELETE, DOWNLOAD, MODERATE, CHANGE_PERMISSIONS, CHANGE_SETTINGS
//
//   == What may the team do, by the lists of the containers and by that of the folder?
//   []
//   []
//
//   == Give the team access to a folder: it gets a list of its own
//   syn1 inherited its permissions from syn2. It now has its own permissions.
//   [ 'READ', 'DOWNLOAD' ]
//
//   == Less access in a folder within it
//   syn3 inherited its permissions from syn1. It now has its own permissions.
//
//   == All lists, as a tree
//   Study (syn2) [project]: own list
//   │   alice (user 3400001): admin
//   └── Research Data (syn1) [folder]: own list
//       │   alice (user 3400001): admin
//       │   Mouse Lab (team 3400005): download
//       └── Sensitive Analysis (syn3) [folder]: own list
//               alice (user 3400001): admin
//               Mouse Lab (team 3400005): view
//   Study 1
//   Resea 2
//   Sensi 2
//
//   == Add to the access that the team has, and remove all of it
//   [ 'READ', 'DOWNLOAD', 'UPDATE' ]
//   []
//
//   == Everybody may look
//   PUBLIC does not have READ access to Research Data (syn1).
//   Because:
//     - No entry of the list of Research Data (syn1) gives READ to PUBLIC: they have no access at all.
//   What to do:
//     - You may grant READ on syn1 to PUBLIC (access.set).
//
//   == What would be deleted for the folders to inherit again?
//   Study (syn2) [project]: keeps its list, because a project inherits from nothing
//   └── Research Data (syn1) [folder]: list would be deleted, would inherit from syn2
//       │   - alice (user 3400001): admin
//       └── Sensitive Analysis (syn3) [folder]: list would be deleted, would inherit from syn2
//               - alice (user 3400001): admin
//               - Mouse Lab (team 3400005): view
//
//   2 lists would be deleted, 0 more would inherit from another container, 1 list kept.
//
//   == Delete it
//   [ 'Research Data', 'Sensitive Analysis' ]
//   PUBLIC has READ access to Research Data (syn1).
//   Because:
//     - READ is granted to PUBLIC by the list of Study (syn2), which Research Data (syn1) inherits.
