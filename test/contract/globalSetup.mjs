import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { directoryVariable } from './observe.mjs';

export default function globalSetup() {
  process.env[directoryVariable] = mkdtempSync(join(tmpdir(), 'synapseclient-contract-'));
}
