// What the README of the Python client showed in 2019: log in once, read a matrix, copy, and walk. It needs a keychain, and the
// variables NAME and PASSWORD.
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { File, Folder, Project, Synapse } from 'synapseclient';
import * as synapseutils from 'synapseclient/synapseutils';

const { NAME: username = '', PASSWORD: password = '' } = process.env;

console.log('== Log in with a password, and remember it');
const first = new Synapse();
const { userName, remembered } = await first.login({ username, password, rememberMe: true });
console.log(userName, remembered);
await first.close();

console.log('\n== From then on, without arguments');
const syn = new Synapse();
const login = await syn.login();
console.log(login.userName, login.source);

const project = await syn.store(new Project({ name: `README of 2019 ${randomUUID()}` }));
const destination = await syn.store(new Project({ name: `A copy ${randomUUID()}` }));
const folder = await mkdtemp(join(tmpdir(), 'readme-'));

try {
  const written = join(folder, 'matrix.tsv');
  await writeFile(written, matrixText());
  const stored = await syn.store(
    new File({ path: written, parent: project, description: 'Expression of four genes' }),
  );

  console.log('\n== A matrix of 100 x 4, and its properties');
  const matrix = await syn.get(File, stored.id, { downloadLocation: join(folder, 'download') });
  console.log(matrix.name);
  console.log(matrix.description);
  console.log(matrix.path.slice(folder.length));

  console.log('\n== A dictionary with an entry for each column');
  const text = await readFile(matrix.path, 'utf8');
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const labels = header.split('\t');
  const rows = lines.map((line) => line.split('\t').map(Number));
  const data = Object.fromEntries(
    labels.map((label, column) => [label, rows.map((row) => row[column] ?? NaN)]),
  );
  for (const [label, values] of Object.entries(data)) {
    console.log(label, values.length, values.slice(0, 3));
  }

  console.log('\n== Numeric arrays');
  const columns = labels.map((_, column) => Float64Array.from(rows, (row) => row[column] ?? NaN));
  for (const values of columns) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    console.log(values.constructor.name, values.length, 'mean', mean.toFixed(3));
  }

  console.log('\n== Copy a folder, and a wiki');
  const raw = await syn.store(new Folder({ name: 'raw', parent: project }));
  await syn.move(stored.id, raw);
  const copied = await synapseutils.copy(syn, raw, { destinationId: destination.id });
  console.log(Object.keys(copied).length, 'copied');
  await syn.wiki.store(project, { title: 'Four genes', markdown: `See ${stored.id}.` });
  const pages = await synapseutils.copyWiki(syn, project, destination);
  console.log(pages.length, 'page');

  console.log('\n== Walk');
  for await (const [dirpath, dirnames, filenames] of synapseutils.walk(syn, destination)) {
    console.log(
      dirpath[0].startsWith('A copy'),
      dirnames.map(([name]) => name),
      filenames.map(([name]) => name),
    );
  }
} finally {
  await rm(folder, { recursive: true });
  await syn.delete(project);
  await syn.delete(destination);
  await syn.logout();
  await syn.close();
}

/** A header and 100 rows, separated by tabs. */
function matrixText(): string {
  const rows = Array.from({ length: 100 }, (_, row) =>
    Array.from({ length: 4 }, (_, column) => ((row * 37 + column * 11) % 101) / 8).join('\t'),
  );
  return `${['TP53', 'BRCA1', 'EGFR', 'MYC'].join('\t')}\n${rows.join('\n')}\n`;
}

// Output:
//   == Log in with a password, and remember it
//   alice true
//
//   == From then on, without arguments
//   alice keychain
//
//   == A matrix of 100 x 4, and its properties
//   matrix.tsv
//   Expression of four genes
//   /download/matrix.tsv
//
//   == A dictionary with an entry for each column
//   TP53 100 [ 0, 4.625, 9.25 ]
//   BRCA1 100 [ 1.375, 6, 10.625 ]
//   EGFR 100 [ 2.75, 7.375, 12 ]
//   MYC 100 [ 4.125, 8.75, 0.75 ]
//
//   == Numeric arrays
//   Float64Array 100 mean 6.232
//   Float64Array 100 mean 6.219
//   Float64Array 100 mean 6.205
//   Float64Array 100 mean 6.191
//
//   == Copy a folder, and a wiki
//   2 copied
//   1 page
//
//   == Walk
//   true [ 'raw' ] []
//   true [] [ 'matrix.tsv' ]
