// Versions of a file: new content makes one, and each can be had again.
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { File, Project, Synapse } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const project = await syn.store(new Project({ name: `Growth ${randomUUID()}` }));

try {
  const store = async (content: string, options = {}) => {
    await writeFile('weights.csv', content);
    return syn.store(new File({ path: 'weights.csv', parent: project }), options);
  };

  console.log('== New content makes a new version');
  const first = await store('mouse,grams\n1,21\n', { versionLabel: 'day 1' });
  const second = await store('mouse,grams\n1,23\n', {
    versionLabel: 'day 8',
    versionComment: 'measured again after a week',
  });
  console.log(first.id === second.id, second.versionNumber);

  console.log('\n== The same content does not');
  const same = await store('mouse,grams\n1,23\n');
  console.log(same.versionNumber);

  console.log('\n== List the versions, the newest first');
  for await (const version of syn.paginate('entity.listEntityVersions', { id: first.id })) {
    const { versionNumber, versionLabel, versionComment = '', contentSize } = version;
    console.log(versionNumber, versionLabel, versionComment, `${contentSize} bytes`);
  }

  console.log('\n== Get an old one: with the version in the id, or as an option');
  const old = await syn.get(File, `${first.id}.1`, { downloadLocation: 'old' });
  console.log(old.versionLabel, JSON.stringify(await readFile(old.path, 'utf8')));
  const again = await syn.get(File, first.id, { version: 1, downloadFile: false });
  console.log(again.versionLabel);

  console.log('\n== Go back to it: its content becomes the newest version');
  await syn.store(new File({ path: old.path, name: 'weights.csv', parent: project }), {
    versionComment: 'the second measurement was of another mouse',
  });
  const current = await syn.get(File, first.id, { downloadFile: false });
  console.log(current.versionNumber, current.versionComment);

  console.log('\n== Delete one version');
  await syn.delete(`${first.id}.2`);
  for await (const { versionNumber } of syn.paginate('entity.listEntityVersions', {
    id: first.id,
  })) {
    console.log(versionNumber);
  }
} finally {
  await syn.delete(project);
  await syn.close();
}

// Output:
//   == New content makes a new version
//   true 2
//
//   == The same content does not
//   2
//
//   == List the versions, the newest first
//   2 day 8 measured again after a week 17 bytes
//   1 day 1  17 bytes
//
//   == Get an old one: with the version in the id, or as an option
//   day 1 "mouse,grams\n1,21\n"
//   day 1
//
//   == Go back to it: its content becomes the newest version
//   3 the second measurement was of another mouse
//
//   == Delete one version
//   3
//   1
