import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandSnapshot } from './commandSnapshot.js';
import { commandsPage } from './commandsPage.js';
import { domainCommands } from './domainCommands.js';
import { jsonPage } from './jsonPage.js';
import { manPage } from './manPage.js';
import { readCommands } from './readCommands.js';

/** `npm run docs:commands`: writes the pages about the command line, and the list of all commands and flags. */
const root = join(import.meta.dirname, '..');
const line = readCommands();
mkdirSync(join(root, 'man'), { recursive: true });
writeFileSync(join(root, 'test/fixtures/commands.txt'), commandSnapshot(line.commands));
writeFileSync(join(root, 'docs/commands.md'), commandsPage(line, domainCommands));
writeFileSync(join(root, 'docs/json.md'), jsonPage());
writeFileSync(join(root, 'man/synapse.1'), manPage(line));
