import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  File,
  Folder,
  Md5MismatchError,
  NoCredentialsError,
  type Progress,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { findKnownKeys } from '../../src/storages/sftp/knownHosts.js';
import { startSynapse } from '../cli/runSynapse.js';
import { withClients } from '../entities/withClients.js';
import { useLocation } from './locations.js';
import { noSshServer, startSshServer, type SshServer } from './sshServer.js';

const clients = withClients();
const mebibyte = 1024 * 1024;

const describeWithServer = noSshServer === undefined ? describe : describe.skip;
describeWithServer(`an SFTP server${noSshServer === undefined ? '' : ` (${noSshServer})`}`, () => {
  let server: SshServer;
  let syn: Synapse;
  let folder: Folder & Stored;
  let configPath: string;

  async function config(...lines: string[]): Promise<string> {
    return clients.file('config', ['[sftp://127.0.0.1]', ...lines].join('\n'));
  }

  beforeAll(async () => {
    server = await startSshServer();
    const key = `private_key = ${server.privateKey}`;
    configPath = await config(key, `known_hosts = ${server.knownHosts}`);
    syn = await clients.open('alice', { configPath });
    folder = await syn.store(new Folder({ name: 'sftp', parent: await clients.project(syn) }));
    await useLocation(syn, folder.id, {
      concreteType: 'org.sagebionetworks.repo.model.project.ExternalStorageLocationSetting',
      uploadType: 'SFTP',
      url: `sftp://127.0.0.1:${server.port}${server.folder}/up%20loads`,
      supportsSubfolders: true,
      banner: 'Our own server',
    });
  });
  afterAll(() => server.close());

  test('gives back the file that it took', async () => {
    const content = randomBytes(3 * mebibyte + 11);
    const path = await clients.file('some (file).bin', content);
    await utimes(path, 1_500_000_000, 1_500_000_000);
    const events: Progress[] = [];
    const onProgress = (event: Progress) => void events.push(event);
    const stored = await syn.store(new File({ path, parent: folder }), { onProgress });
    expect(clients.notes).toContain('Our own server');
    const { fileHandle } = stored;
    expect(fileHandle).toMatchObject({
      concreteType: 'org.sagebionetworks.repo.model.file.ExternalFileHandle',
      fileName: 'some (file).bin',
      contentMd5: createHash('md5').update(content).digest('hex'),
      contentSize: content.length,
    });
    const { externalURL = '' } = fileHandle as { externalURL?: string };
    expect(externalURL).toMatch(/\/up%20loads\/.*sftp\/[0-9a-f-]{36}\/some%20\(file\)\.bin$/);
    const remote = decodeURIComponent(new URL(externalURL).pathname);
    expect((await readFile(remote)).equals(content)).toBe(true);
    expect((await stat(remote)).mtimeMs).toBe(1_500_000_000_000);
    expect(await readdir(dirname(remote))).toEqual(['some (file).bin']);
    expect(events.at(-1)).toMatchObject({ state: 'done', transferredBytes: content.length });

    const reader = await clients.open('alice', { configPath });
    const file = (await reader.get(stored.id)) as File;
    expect((await readFile(file.path ?? '')).equals(content)).toBe(true);
    expect((await buffer(await reader.download(stored.id))).equals(content)).toBe(true);
    const part = await buffer(await reader.download(stored.id, { range: { start: 5, end: 9 } }));
    expect(part).toEqual(content.subarray(5, 9));
    // Neither is what is there already sent again.
    const calls = await clients.calls(() => reader.store(new File({ path, parent: folder })));
    expect(calls).not.toContain('file.createExternalFileHandle');
  });

  test('goes on where a connection broke', async () => {
    const content = randomBytes(24 * mebibyte);
    const path = await clients.file('broken.bin', content);
    let cuts = 0;
    const states: string[] = [];
    const onProgress = ({ kind, state, transferredBytes }: Progress) => {
      if (kind === 'hash') return;
      states.push(state);
      if (state !== 'progress' || transferredBytes < 5 * mebibyte || cuts > 0) return;
      cuts += 1;
      server.cutConnections();
    };
    const { id } = await syn.store(new File({ path, parent: folder }), { onProgress });
    expect(states).toContain('retry');
    cuts = 0;
    states.length = 0;
    const reader = await clients.open('alice', { configPath });
    const file = (await reader.get(id, { onProgress })) as File;
    expect(states).toContain('retry');
    expect((await readFile(file.path ?? '')).equals(content)).toBe(true);
  });

  test('goes on where an upload was killed', async () => {
    const content = randomBytes(32 * mebibyte);
    const path = await clients.file('killed.bin', content);
    const cacheDir = join(clients.folder, 'killed-cache');
    const { endpoint, users } = clients.server;
    const child = startSynapse(
      [
        ...['store', path, '--parent-id', folder.id, '--config-path', configPath],
        ...['--limit-rate', '16M', '--cache-dir', cacheDir],
      ],
      {
        home: clients.folder,
        env: {
          SYNAPSE_ENDPOINT: endpoint,
          SYNAPSE_AUTH_TOKEN: users.alice.authToken,
        },
      },
    );
    const ended = once(child, 'close');
    const there = async (): Promise<number> => {
      const names = await readdir(server.folder, { recursive: true });
      const part = names.find((name) => name.endsWith('.part'));
      return part === undefined ? 0 : (await stat(join(server.folder, part))).size;
    };
    while ((await there()) < 12 * mebibyte) await setTimeout(5);
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    const events: Progress[] = [];
    const user = await clients.open('alice', { configPath, cacheDir });
    const file = new File({ path, parent: folder });
    const { id } = await user.store(file, { onProgress: (event) => void events.push(event) });
    const first = events.find(({ kind, state }) => kind === 'upload' && state === 'start');
    expect(first?.transferredBytes).toBeGreaterThanOrEqual(11 * mebibyte);
    expect(await there()).toBe(0);
    expect((await buffer(await user.download(id))).equals(content)).toBe(true);
    expect(await readdir(join(cacheDir, '.uploads'))).toEqual([]);
  });

  test('is sent and read no faster than is allowed', async () => {
    const path = await clients.file('slow.bin', randomBytes(2 * mebibyte));
    const user = await clients.open('alice', { configPath, limitRate: 2 * mebibyte });
    const started = performance.now();
    const { id } = await user.store(new File({ path, parent: folder }));
    const stored = performance.now();
    await buffer(await user.download(id));
    // What is moved last need not be waited for, nor the credit for late timers.
    expect(stored - started).toBeGreaterThan(500);
    expect(performance.now() - stored).toBeGreaterThan(300);
  });

  test('keeps nothing of an upload that is stopped', async () => {
    const path = await clients.file('stopped.bin', randomBytes(8 * mebibyte));
    const stop = new AbortController();
    const reason = new Error('enough');
    const onProgress = ({ state }: Progress) => {
      if (state === 'progress') stop.abort(reason);
    };
    const storing = syn.store(new File({ path, parent: folder }), {
      onProgress,
      signal: stop.signal,
    });
    await expect(storing).rejects.toBe(reason);
    const all = await readdir(server.folder, { recursive: true });
    expect(all.filter((name) => /\.part$|stopped/.test(name))).toEqual([]);
  });

  test('gives no file whose bytes are not those that were stored', async () => {
    const path = await clients.file('changed.txt', 'as it was');
    const { id, fileHandle } = await syn.store(new File({ path, parent: folder }));
    const { externalURL = '' } = fileHandle as { externalURL?: string };
    await writeFile(decodeURIComponent(new URL(externalURL).pathname), 'as it is!');
    const reader = await clients.open('alice', { configPath });
    const downloadLocation = dirname(await clients.file('other', ''));
    await expect(reader.get(id, { downloadLocation })).rejects.toThrow(Md5MismatchError);
    expect(await readdir(downloadLocation)).toEqual(['other']);
    await expect(reader.download(id).then(buffer)).rejects.toThrow(Md5MismatchError);
  });

  test('is not talked to before it is known to be the right one', async () => {
    const path = await clients.file('secret.txt', 'secret');
    const store = async (...lines: string[]) => {
      const user = await clients.open('alice', {
        configPath: await config(`private_key = ${server.privateKey}`, ...lines),
      });
      return user.store(new File({ path, parent: folder }));
    };
    const empty = await clients.file('known_hosts', '');
    const unknown = store(`known_hosts = ${empty}`);
    await expect(unknown).rejects.toMatchObject({ code: 'HOST_KEY' });
    await expect(unknown).rejects.toThrow(`its key is ${server.fingerprint}`);
    const other = execFileSync('ssh-keygen', ['-y', '-f', server.privateKey], { encoding: 'utf8' });
    const wrong = await clients.file('known_hosts', `[127.0.0.1]:${server.port} ${other}`);
    const changed = store(`known_hosts = ${wrong}`);
    await expect(changed).rejects.toMatchObject({ code: 'HOST_KEY' });
    await expect(changed).rejects.toThrow('is not the known key');
    await expect(store('host_key = SHA256:wrong')).rejects.toThrow('is not the known key');
    expect((await store(`host_key = ${server.fingerprint}`)).id).toMatch(/^syn/);
  });

  test('takes a private key whose passphrase is the password', async () => {
    const path = await clients.file('with-key.txt', 'with a key');
    const privateKey = await clients.file('locked_key', await readFile(server.privateKey));
    await chmod(privateKey, 0o600);
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'open sesame', '-f', privateKey]);
    const store = async (password: string) => {
      const known = `known_hosts = ${server.knownHosts}`;
      const lines = [`private_key = ${privateKey}`, `password = ${password}`, known];
      const user = await clients.open('alice', { configPath: await config(...lines) });
      return user.store(new File({ path, parent: folder }));
    };
    await expect(store('wrong')).rejects.toMatchObject({ code: 'SFTP_LOGIN' });
    expect((await store('open sesame')).id).toMatch(/^syn/);
  });

  test('goes on with a download that was stopped', async () => {
    const content = randomBytes(24 * mebibyte);
    const path = await clients.file('resumed.bin', content);
    const { id } = await syn.store(new File({ path, parent: folder }));
    const reader = await clients.open('alice', { configPath });
    const downloadLocation = dirname(await clients.file('resumed', ''));
    const stop = new AbortController();
    const onProgress = ({ state, transferredBytes }: Progress) => {
      if (state === 'progress' && transferredBytes > 20 * mebibyte) stop.abort();
    };
    const { signal } = stop;
    const stopped = reader.get(id, { downloadLocation, onProgress, signal });
    await expect(stopped).rejects.toThrow('aborted');
    const events: Progress[] = [];
    const file = (await reader.get(id, {
      downloadLocation,
      ifCollision: 'overwrite.local',
      onProgress: (event) => void events.push(event),
    })) as File;
    const first = events.find(({ state }) => state === 'start');
    expect(first?.transferredBytes).toBe(16 * mebibyte);
    expect((await readFile(file.path ?? '')).equals(content)).toBe(true);
  });

  test('says how to log in', async () => {
    const path = await clients.file('login.txt', 'login');
    const known = `known_hosts = ${server.knownHosts}`;
    const saved = process.env['SSH_AUTH_SOCK'];
    delete process.env['SSH_AUTH_SOCK'];
    try {
      const nobody = await clients.open('alice', { configPath: await config(known) });
      const storing = nobody.store(new File({ path, parent: folder }));
      await expect(storing).rejects.toThrow(NoCredentialsError);
      await expect(storing).rejects.toThrow('[sftp://127.0.0.1]');
    } finally {
      if (saved !== undefined) process.env['SSH_AUTH_SOCK'] = saved;
    }
    const password = ['username = nobody', 'password = hunter2'];
    const user = await clients.open('alice', { configPath: await config(known, ...password) });
    const refused = await user.store(new File({ path, parent: folder })).catch((e: unknown) => e);
    expect(refused).toMatchObject({ code: 'SFTP_LOGIN' });
    expect(String(refused)).not.toContain('hunter2');
  });
});

describe('known_hosts', () => {
  test('is read as ssh reads it', async () => {
    const text = [
      '# comment',
      'plain.org,10.0.0.? ssh-ed25519 AAAA1 note',
      '*.wild.org,!not.wild.org ssh-rsa AAAA2',
      '[plain.org]:2222 ssh-rsa AAAA3',
      '@revoked plain.org ssh-rsa AAAA4',
      '@cert-authority * ssh-rsa AAAA5',
    ].join('\n');
    const keys = (host: string, port = 22) => [...findKnownKeys(text, host, port).keys];
    expect(keys('PLAIN.org')).toEqual(['AAAA1']);
    expect(keys('10.0.0.7')).toEqual(['AAAA1']);
    expect(keys('plain.org', 2222)).toEqual(['AAAA3']);
    expect(keys('a.wild.org')).toEqual(['AAAA2']);
    expect(keys('not.wild.org')).toEqual([]);
    expect([...findKnownKeys(text, 'plain.org', 22).revoked]).toEqual(['AAAA4']);

    const hashed = await clients.file('known_hosts', 'hashed.org ssh-ed25519 AAAA6\n');
    const key = execFileSync('ssh-keygen', [
      '-q',
      '-t',
      'ed25519',
      '-N',
      '',
      '-f',
      `${hashed}.key`,
    ]);
    expect(key).toHaveLength(0);
    const made = await readFile(`${hashed}.key.pub`, 'utf8');
    await writeFile(hashed, `hashed.org ${made}`);
    execFileSync('ssh-keygen', ['-H', '-f', hashed], { stdio: 'ignore' });
    const lines = await readFile(hashed, 'utf8');
    expect(lines).toMatch(/^\|1\|/);
    expect([...findKnownKeys(lines, 'hashed.org', 22).keys]).toEqual([made.split(' ')[1]]);
    expect(findKnownKeys(lines, 'other.org', 22).keys.size).toBe(0);
  });
});

test('an address that is none of an SFTP server is not uploaded to', async () => {
  const syn = await clients.open('alice');
  const folder = await syn.store(new Folder({ name: 'https', parent: await clients.project(syn) }));
  await useLocation(syn, folder.id, {
    concreteType: 'org.sagebionetworks.repo.model.project.ExternalStorageLocationSetting',
    uploadType: 'HTTPS',
    url: 'https://files.example.org/in',
  });
  const path = await clients.file('a.txt', 'a');
  await expect(syn.store(new File({ path, parent: folder }))).rejects.toThrow(
    /of the type External/,
  );
});
