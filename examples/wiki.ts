// A wiki: pages with texts and attachments, their order and history, and a copy in another project.
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Project, Synapse, type WikiTree } from 'synapseclient';
import { copyWiki } from 'synapseclient/synapseutils';

const syn = new Synapse();
await syn.login();
const folder = await mkdtemp(join(tmpdir(), 'wiki-'));
const study = await syn.store(new Project({ name: `Study ${randomUUID()}` }));
const copy = await syn.store(new Project({ name: `Copy ${randomUUID()}` }));

function printTree({ title, children }: WikiTree, indent = ''): void {
  console.log(`${indent}${title}`);
  for (const page of children) printTree(page, `${indent}  `);
}

try {
  console.log('== The root page, and pages below it');
  const home = await syn.wiki.store(study, { title: 'Home', markdown: '# Sleep of mice' });
  const methods = join(folder, 'methods.md');
  await writeFile(methods, '# Methods\nThe mice slept.\n');
  const methodsPage = await syn.wiki.store(study, {
    title: 'Methods',
    parentId: home.id,
    markdown: { path: methods },
  });
  const results = await syn.wiki.store(study, { title: 'Results', parentId: home.id });
  await syn.wiki.store(study, { title: 'Night 1', parentId: results.id, markdown: 'Calm.' });
  printTree(await syn.wiki.tree(study));

  console.log('\n== Attach a file, and show it on the page');
  const table = join(folder, 'hours.csv');
  await writeFile(table, 'mouse,hours\nA,12\nB,11\n');
  await syn.wiki.store(study, {
    ...results,
    markdown: '${previewattachment?fileName=hours.csv}',
    attachments: [table],
  });
  const { attachments } = await syn.wiki.attachments(study, results);
  console.log(attachments.map(({ fileName }) => fileName).join(', '));
  const local = await syn.wiki.getAttachment(study, results, 'hours.csv', {
    downloadLocation: join(folder, 'down'),
  });
  console.log(await readFile(local, 'utf8'));

  console.log('== Change a page; its history keeps what it was');
  const links = `# Sleep of mice\nSee [methods](#!Synapse:${study.id}/wiki/${methodsPage.id}).`;
  await syn.wiki.store(study, { markdown: links });
  for await (const { version } of syn.wiki.history(study)) console.log(`version ${version}`);
  console.log((await syn.wiki.get(study, { version: 0 })).markdown);

  console.log('\n== Restore a version, and the one after it');
  await syn.wiki.restore(study, home, 0);
  console.log((await syn.wiki.get(study)).markdown);
  await syn.wiki.restore(study, home, 1);

  console.log('\n== Put the pages into an order');
  await syn.wiki.setOrderHint(study, [home.id, results.id, methodsPage.id]);
  printTree(await syn.wiki.tree(study));

  console.log('\n== Copy the wiki: links lead to the copies');
  const copies = await copyWiki(syn, study, copy);
  printTree(await syn.wiki.tree(copy));
  const copied = copies.find(({ copyOf }) => copyOf === methodsPage.id);
  const { markdown } = await syn.wiki.get(copy);
  console.log(markdown.includes(`${copy.id}/wiki/${copied?.id})`));

  console.log('\n== Delete a page with the pages below it');
  await syn.wiki.delete(study, results);
  printTree(await syn.wiki.tree(study));
} finally {
  await syn.delete(study);
  await syn.delete(copy);
  await syn.close();
  await rm(folder, { recursive: true });
}

// Output:
//   == The root page, and pages below it
//   Home
//     Methods
//     Results
//       Night 1
//
//   == Attach a file, and show it on the page
//   hours.csv
//   mouse,hours
//   A,12
//   B,11
//
//   == Change a page; its history keeps what it was
//   version 1
//   version 0
//   # Sleep of mice
//
//   == Restore a version, and the one after it
//   # Sleep of mice
//
//   == Put the pages into an order
//   Home
//     Results
//       Night 1
//     Methods
//
//   == Copy the wiki: links lead to the copies
//   Home
//     Results
//       Night 1
//     Methods
//   true
//
//   == Delete a page with the pages below it
//   Home
//     Methods
