import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePythonNames, pythonNamesPage } from './pythonNamesPage.js';

/** `npm run docs`: writes the page that maps the names of the Python client to ours. */
const docs = join(import.meta.dirname, '../docs');
const names = parsePythonNames(readFileSync(join(docs, 'python-names.tsv'), 'utf8'));
writeFileSync(join(docs, 'python-names.md'), pythonNamesPage(names));
