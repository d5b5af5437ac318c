import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { File, Project, Synapse } from '../../src/index.js';
import { withServer } from '../helpers/withServer.js';
import { runSynapse, startSynapse, type RunOptions } from './runSynapse.js';

const server = withServer();
let home: string;
let options: RunOptions;
let syn: Synapse;
let projectId: string;
let fileId: string;

const command = join(import.meta.dirname, '../../bin/run.js');

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-pipes-'));
  const { endpoint, authToken } = server.synapse;
  options = { home, env: { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken } };
  syn = new Synapse({ endpoint, environment: {}, configPath: '/dev/null', log: () => undefined });
  await syn.login({ authToken });
  projectId = (await syn.store(new Project({ name: 'Pipes' }))).id;
  await writeFile(join(home, 'a.txt'), 'a');
  fileId = (await syn.store(new File({ path: join(home, 'a.txt'), parentId: projectId }))).id;
  execFileSync('mkfifo', [join(home, 'pipe')]);
  await symlink('pipe', join(home, 'linked'));
});
afterAll(async () => {
  await syn.close();
  await rm(home, { recursive: true, force: true });
});

const onUnix = process.platform === 'win32' ? describe.skip : describe;

onUnix('what is not a file', () => {
  test.each(['pipe', 'linked', '/dev/zero', 'socket'])('is not opened: store %s', async (path) => {
    const listener = createServer();
    if (path === 'socket') await once(listener.listen(join(home, path)), 'listening');
    const ended = await runSynapse(['store', path, '--parent-id', projectId], options);
    listener.close();
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^synapse store: .* is not a regular file .*\n$/);
  });

  test.each(['pipe', 'linked'])('is not opened by the library: %s', async (name) => {
    const path = join(home, name);
    await expect(syn.store(new File({ path, parentId: projectId }))).rejects.toMatchObject({
      code: 'ARGUMENT',
      message: expect.stringContaining('is a named pipe'),
    });
    await expect(syn.fileHandles.upload(path)).rejects.toThrow('is a named pipe');
    await expect(syn.get(path)).rejects.toThrow('is a named pipe, not a Synapse id');
  });

  test.each([
    ['set-annotations', () => ['--id', projectId, '--annotations', '@pipe'], 'no program writes'],
    ['set-annotations', () => ['--id', projectId, '--annotations', '@.'], 'is a folder'],
    ['set-annotations', () => ['--id', projectId, '--annotations', '@/dev/zero'], 'no end'],
    ['store', () => ['a.txt', '--id', fileId, '--description-file', 'pipe'], 'no program writes'],
    ['list', () => [projectId, '--config-path', 'pipe'], 'no program writes'],
    ['list', () => [projectId, '--config-path', '/dev/zero'], 'no end'],
    ['api', () => ['entity.createEntity', '--body', '@pipe'], 'no program writes'],
  ])('is one error as the input of a flag: %s, %#', async (name, args, reason) => {
    const ended = await runSynapse([name, ...args()], options);
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(ended.stderr.trimEnd().split('\n')).toEqual([expect.stringContaining(reason)]);
  });
});

onUnix('a result', () => {
  test('is not written to a pipe that no program reads', async () => {
    const ended = await runSynapse(
      ['get-annotations', '--id', fileId, '--output', 'pipe'],
      options,
    );
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(ended.stderr).toContain('it is a named pipe that no program reads');
  });

  test('is written to a pipe that a program reads', async () => {
    const reader = spawn('cat', ['pipe'], { cwd: home });
    const read = text(reader.stdout);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const ended = await runSynapse(
      ['get-annotations', '--id', fileId, '--output', 'pipe'],
      options,
    );
    expect(ended).toMatchObject({ status: 0, stdout: '' });
    expect(await read).toMatch(/^\{.*\}\n$/s);
  });
});

onUnix('what a command writes', () => {
  test('is read from the pipe of the shell, whenever it comes', async () => {
    const script = `exec "$0" "$1" set-annotations --id ${fileId} --annotations @<(sleep 0.3; echo '{"from":'; sleep 0.3; echo '"a pipe"}')`;
    const child = spawn('bash', ['-c', script, process.execPath, command], {
      cwd: home,
      env: { PATH: process.env['PATH'], HOME: home, ...options.env },
    });
    const [error, ended] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect([ended[0], error]).toEqual([0, expect.stringMatching(/^Set annotations/)]);
    expect((await syn.get(fileId, { downloadFile: false })).annotations).toMatchObject({
      from: ['a pipe'],
    });
  });

  test('is read from a named pipe that it has opened', async () => {
    const writer = spawn('sh', ['-c', `(echo '{"named":'; sleep 0.3; echo '"pipe"}') > pipe`], {
      cwd: home,
    });
    const args = ['set-annotations', '--id', fileId, '--annotations', '@pipe'];
    const written = once(writer, 'close');
    // The writer waits for a reader, and the command does not wait for a writer.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await runSynapse(args, options)).toMatchObject({ status: 0 });
    expect((await syn.get(fileId, { downloadFile: false })).annotations).toMatchObject({
      named: ['pipe'],
    });
    await written;
  });

  test.each([
    ['SIGINT', () => ['set-annotations', '--id', fileId, '--annotations', '-']],
    ['SIGTERM', () => ['set-annotations', '--id', fileId, '--annotations', '@/dev/stdin']],
    ['SIGINT', () => ['store', '-', '--name', 'never.txt', '--parent-id', projectId]],
    ['SIGTERM', () => ['store', '-', '--name', 'never.txt', '--parent-id', projectId]],
  ] as const)('is waited for until %s: %#', async (signal, args) => {
    const child = startSynapse(args(), options);
    const closed = once(child, 'close');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const began = performance.now();
    child.kill(signal);
    expect((await closed)[0]).toBe(130);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
