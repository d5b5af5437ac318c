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
  for await (const version of syn.versions.list(first)) {
    const { versionNumber, versionLabel, versionComment = '', contentSize } = version;
    console.log(versionNumber, versionLabel, versionComment, `${contentSize} bytes`);
  }

  console.log('\n== Get an old one: with the version in the id, or as an option');
  const old = await syn.get(File, `${first.id}.1`, { downloadLocation: 'old' });
  console.log(old.versionLabel, JSON.stringify(await readFile(old.path, 'utf8')));
  const again = await syn.get(File, first.id, { version: 1, downloadFile: false });
  console.log(again.versionLabel);

  console.log('\n== Go back to it: its content becomes the newest version');
  const comment = 'the second measurement was of another mouse';
  const { versionNumber, changed } = await syn.versions.restore(first, 1, { comment });
  console.log(versionNumber, changed);
  const repeated = await syn.versions.restore(first, 1);
  console.log(repeated.versionNumber, repeated.changed);

  console.log('\n== Change label and comment of the current version');
  const current = await syn.versions.update(first.id, { label: 'v1.0' });
  console.log(current.versionNumber, current.versionLabel);
  const refused = await syn.versions
    .update(`${first.id}.1`, { label: 'first' })
    .catch((error: unknown) => String(error).split(': ').at(-1));
  console.log(refused);

  console.log('\n== Delete one version');
  await syn.versions.delete(first.id, 2);
  const left = await syn.versions.list(first).toArray();
  console.log(left.map(({ versionNumber }) => versionNumber));
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
//   3 [ 'content' ]
//   3 []
//
//   == Change label and comment of the current version
//   3 v1.0
//   Synapse changes those of the current version only, which is 3.
//
//   == Delete one version
//   [ 3, 1 ]
