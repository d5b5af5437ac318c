import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Project } from '../../../src/index.js';
import { withCommands } from '../withCommands.js';

const cli = withCommands();
let projectId: string;

beforeAll(async () => {
  projectId = (await cli.syn.store(new Project({ name: 'Debug' }))).id;
  await writeFile(join(cli.home, 'a.txt'), 'a');
});

describe('--debug', () => {
  test('prints each request with status and time on standard error', async () => {
    const { stdout, stderr, status } = await cli.run(['list', projectId, '--debug']);
    expect([status, stdout]).toEqual([0, expect.stringContaining(projectId)]);
    expect(stderr).toMatch(/^GET http:\/\/\S+\/repo\/v1\/userProfile -> 200 \(\d+ ms\)$/m);
    expect(stderr).toMatch(/^POST http:\/\/\S+\/repo\/v1\/entity\/children -> 200 \(\d+ ms\)$/m);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('prints events with --json, also before an error', async () => {
    const { stdout, stderr } = await cli.run(['show', 'syn999999999', '--json', '--debug']);
    expect(stdout).toBe('');
    const [first, ...rest] = stderr.split('\n').filter((line) => line.startsWith('{'));
    expect(JSON.parse(first ?? '')).toMatchObject({
      kind: 'request',
      method: 'GET',
      status: 200,
      durationMs: expect.any(Number),
    });
    expect(rest.map((line) => JSON.parse(line) as object)).toContainEqual({
      error: expect.objectContaining({ code: 'NOT_FOUND' }),
    });
  });

  test('prints the requests to file stores without their signatures', async () => {
    const stored = await cli.run(['store', 'a.txt', '--parent-id', projectId, '--debug']);
    expect(stored.stderr).toMatch(/^PUT http:\/\/\S+ -> 200 \(\d+ ms\)$/m);
    const id = /syn\d+/.exec(stored.stdout.split(projectId).join(''))?.[0] ?? '';
    const got = await cli.run(['get', id, '--debug', '--no-cache', '--download-location', 'x']);
    for (const { stderr } of [stored, got]) {
      expect(stderr).not.toMatch(/X-Amz-|[?&]signature=/i);
      expect(stderr).not.toContain(cli.server.authToken);
    }
  });

  test('prints no password and no token', async () => {
    const { alice } = cli.server.users;
    const args = ['login', '-u', alice.userName, '-p', `${alice.userName}-password`, '--debug'];
    const { stderr } = await cli.run(args);
    expect(stderr).toContain('-> ');
    expect(stderr).not.toContain(`${alice.userName}-password`);
    expect(stderr).not.toContain('eyJ');
  });

  test('is the only way to see a stack trace', async () => {
    const args = ['show', 'syn999999999'];
    expect((await cli.run(args)).stderr).not.toMatch(/^\s+at /m);
    expect((await cli.run([...args, '--debug'])).stderr).toMatch(/^\s+at /m);
  });
});
