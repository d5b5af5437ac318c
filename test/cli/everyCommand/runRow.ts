import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { startSynapse, type Ended } from '../runSynapse.js';
import type { Commands } from '../withCommands.js';
import { rowOf, wordsOf } from './rows.js';
import type { Seed } from './withSeed.js';

export interface RunRowOptions {
  commands: Commands;
  seed: Seed;
  /** What to add to the command line. */
  flags?: readonly string[];
  /** The command line, if it is not that of the row. */
  words?: readonly string[];
  /** Closes standard output before anything is read from it. */
  closed?: boolean;
}

/** Runs the command line of a row to its end. Interrupts a command that has none. */
export async function runRow(id: string, options: RunRowOptions): Promise<Ended> {
  const { line, input = '', user = 'alice', endless = false } = rowOf(id);
  const { commands, seed, flags = [], words = wordsOf(id, line, seed), closed = false } = options;
  const { endpoint, users } = commands.server;
  const child = startSynapse([...words, ...flags], {
    home: commands.home,
    env: { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: users[user].authToken },
  });
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new Error('no pipes');
  // A command that fails early does not read its input.
  stdin.on('error', () => undefined);
  stdin.end(input);
  if (closed) stdout.destroy();
  else if (endless) stdout.once('data', () => child.kill('SIGINT'));
  const [out, err, [status]] = await Promise.all([
    closed ? '' : text(stdout),
    text(stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { status, stdout: out, stderr: err };
}
