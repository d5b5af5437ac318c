// A wiki as a folder of Markdown files: export it, edit it there, import it back and into another project.
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Project, Synapse, type WikiImport, type WikiTree } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const folder = await mkdtemp(join(tmpdir(), 'wiki-'));
const wiki = join(folder, 'wiki');
const study = await syn.store(new Project({ name: `Study ${randomUUID()}` }));
const copy = await syn.store(new Project({ name: `Copy ${randomUUID()}` }));
const handbook = await syn.store(new Project({ name: `Handbook ${randomUUID()}` }));

function printTree({ title, children }: WikiTree, indent = ''): void {
  console.log(`${indent}${title}`);
  for (const page of children) printTree(page, `${indent}  `);
}

function printImport({ pages, failures }: WikiImport): void {
  for (const { action, file, changes } of pages) console.log(action, file, changes.join(', '));
  for (const { path, error } of failures) console.log('failed', path, error.name);
}

try {
  const table = join(folder, 'hours.csv');
  await writeFile(table, 'mouse,hours\nA,12\nB,11\n');
  const home = await syn.wiki.store(study, { title: 'Home', attachments: [table] });
  const methods = await syn.wiki.store(study, {
    title: 'Methods',
    parentId: home.id,
    markdown: 'The mice slept.\n',
  });
  const markdown = `# Sleep\nSee [methods](#!Synapse:${study.id}/wiki/${methods.id}).\n`;
  await syn.wiki.store(study, { ...home, markdown });

  console.log('== Export: a file for each page, with links between the files');
  const { written } = await syn.wiki.export(study, wiki);
  console.log(written.join('\n'));
  console.log(await readFile(join(wiki, 'Home.md'), 'utf8'));

  console.log('== Edit a page, add another one, and see what an import would do');
  await writeFile(join(wiki, 'Home/Methods.md'), 'The mice slept well, [see](Results.md).\n');
  await writeFile(join(wiki, 'Home/Results.md'), '# All results\n![plot](plot.png)\n');
  await writeFile(join(wiki, 'Home/plot.png'), 'a picture');
  printImport(await syn.wiki.import(wiki, study, { dryRun: true }));

  console.log('\n== Import: only what is different is sent');
  await syn.wiki.import(wiki, study);
  printTree(await syn.wiki.tree(study));
  printImport(await syn.wiki.import(wiki, study));

  console.log('\n== A page that was changed in both places is not overwritten');
  await syn.wiki.store(study, { id: methods.id, markdown: 'The mice slept badly.\n' });
  await writeFile(join(wiki, 'Home/Methods.md'), 'The mice slept very well.\n');
  printImport(await syn.wiki.import(wiki, study));

  console.log('\n== The same folder makes the wiki of another project');
  await syn.wiki.import(wiki, copy);
  printTree(await syn.wiki.tree(copy));
  const { attachments } = await syn.wiki.attachments(copy);
  console.log(attachments.map(({ fileName }) => fileName).join(', '));

  console.log('\n== Any folder of Markdown files becomes a wiki');
  const docs = join(folder, 'docs');
  await mkdir(join(docs, 'guide'), { recursive: true });
  await writeFile(join(docs, 'README.md'), '# Handbook\n[Start](guide/start.md)\n');
  await writeFile(join(docs, 'guide/start.md'), '# Getting started\n[Back](../README.md)\n');
  await syn.wiki.import(docs, handbook);
  printTree(await syn.wiki.tree(handbook));
} finally {
  await syn.delete(study);
  await syn.delete(copy);
  await syn.delete(handbook);
  await syn.close();
  await rm(folder, { recursive: true });
}

// Output:
//   == Export: a file for each page, with links between the files
//   Home.files/hours.csv
//   Home.md
//   Home/Methods.md
//   # Sleep
//   See [methods](Home/Methods.md).
//
//   == Edit a page, add another one, and see what an import would do
//   keep Home.md
//   update Home/Methods.md text
//   create Home/Results.md
//
//   == Import: only what is different is sent
//   Home
//     Methods
//     All results
//   keep Home.md
//   keep Home/Methods.md
//   keep Home/Results.md
//
//   == A page that was changed in both places is not overwritten
//   keep Home.md
//   keep Home/Results.md
//   failed Home/Methods.md PreconditionFailedError
//
//   == The same folder makes the wiki of another project
//   Home
//     Methods
//     All results
//   hours.csv
//
//   == Any folder of Markdown files becomes a wiki
//   Handbook
//     guide
//       Getting started
