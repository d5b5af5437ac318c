import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePythonCommands, pythonCommandsPage } from './pythonCommandsPage.js';

/** `npm run docs`: writes the page that maps the commands and flags of the Python client to ours. */
const docs = join(import.meta.dirname, '../docs');
const rows = parsePythonCommands(readFileSync(join(docs, 'python-cli.tsv'), 'utf8'));
writeFileSync(join(docs, 'python-cli.md'), pythonCommandsPage(rows));
