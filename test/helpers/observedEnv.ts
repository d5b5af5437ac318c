import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What a process that serves needs to take part in the report on the contract at the end of a test run. */
export function observedEnv(): Record<string, string> {
  const name = 'SYNAPSE_CONTRACT_DIRECTORY';
  const directory = process.env[name];
  const script = join(import.meta.dirname, '../contract/observeProcess.mjs');
  return directory === undefined
    ? {}
    : { [name]: directory, NODE_OPTIONS: `--import ${pathToFileURL(script).href}` };
}
