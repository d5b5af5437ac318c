// Links: an entity that is also shown in another place.
import { randomUUID } from 'node:crypto';
import { File, Folder, Link, Project, Synapse } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const name = `Atlas ${randomUUID()}`;
const project = await syn.store(new Project({ name }));

try {
  const data = await syn.store(new Folder({ name: 'data', parent: project }));
  const stream = () => new Blob(['x,y\n1,2\n']).stream();
  const cells = await syn.store(new File({ name: 'cells.csv', parent: data, stream: stream() }));
  const paper = await syn.store(new Folder({ name: 'paper', parent: project }));

  console.log('== Link to a file, to a version of it, and to a folder');
  const toFile = await syn.store(new Link({ name: 'the cells', parent: paper, target: cells.id }));
  await syn.store(new Link({ name: 'cells as published', parent: paper, target: `${cells.id}.1` }));
  await syn.store(new Link({ name: 'all data', parent: paper, target: data }));
  console.log(toFile.linksTo?.targetId === cells.id);

  console.log('\n== A link is an entity of its own, unless you follow it');
  const link = await syn.get(toFile.id);
  console.log(link.name, link instanceof Link);
  const target = await syn.get(toFile.id, { followLink: true, downloadFile: false });
  console.log(target.name, target instanceof File);

  console.log('\n== A link to a version leads to that version');
  cells.stream = new Blob(['x,y\n3,4\n']).stream();
  await syn.store(cells);
  const follow = { followLink: true, downloadFile: false };
  for (const name of ['the cells', 'cells as published']) {
    const found = await syn.get({ name, parent: paper }, follow);
    console.log(name, found instanceof File && found.versionNumber);
  }

  console.log('\n== Walk over what links lead to');
  for await (const { path, files } of syn.walk(paper, { followLinks: true })) {
    console.log(
      path || 'paper',
      files.map((file) => file.name),
    );
  }

  console.log('\n== Download what links lead to');
  const names: string[] = [];
  for await (const file of syn.sync.getDirectory(paper, 'download', {
    followLink: true,
    onLeftOut: () => {},
  })) {
    names.push(
      file.path
        ?.split(/[/\\]download[/\\]/)
        .at(-1)
        ?.replaceAll('\\', '/') ?? '',
    );
  }
  console.log(names.sort());

  console.log('\n== A link to where it is in is not followed, and you are told');
  await syn.store(new Link({ name: 'up', parent: data, target: project }));
  const told: string[] = [];
  const onSkippedLink = ({ path }: { path: string }) => void told.push(path);
  for await (const { path } of syn.walk(project, { followLinks: true, onSkippedLink })) {
    if (path.startsWith('data')) console.log(path);
  }
  console.log('not followed:', told);
} finally {
  await syn.delete(project);
  await syn.close();
}

// Output:
//   == Link to a file, to a version of it, and to a folder
//   true
//
//   == A link is an entity of its own, unless you follow it
//   the cells true
//   cells.csv true
//
//   == A link to a version leads to that version
//   the cells 2
//   cells as published 1
//
//   == Walk over what links lead to
//   paper [ 'cells as published', 'the cells' ]
//   all data [ 'cells.csv' ]
//
//   == Download what links lead to
//   [ 'all data/cells.csv', 'cells(1).csv', 'cells.csv' ]
//
//   == A link to where it is in is not followed, and you are told
//   data
//   not followed: [ 'data/up', 'paper/all data/up' ]
