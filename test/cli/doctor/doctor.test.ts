import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startLocalSynapse, type LocalSynapse } from '../../../src/server/index.js';
import { runSynapse, type Ended } from '../runSynapse.js';

interface Reported {
  check: string;
  level: string;
  message: string;
  advice?: string;
  details?: Record<string, unknown>;
}

let local: LocalSynapse;
let home: string;

beforeAll(async () => {
  local = await startLocalSynapse({ onWarning: () => undefined });
});
afterAll(() => local.close());

/** A home of its own for each test: nothing of one is seen by another. */
async function newHome(): Promise<string> {
  home = await mkdtemp(join(tmpdir(), 'synapse-doctor-test-'));
  homes.push(home);
  return home;
}
const homes: string[] = [];
afterAll(() => Promise.all(homes.map((one) => rm(one, { recursive: true, force: true }))));

async function doctor(
  env: Record<string, string> = {},
  args: readonly string[] = [],
): Promise<Ended & { findings: Reported[] }> {
  const ended = await runSynapse(['doctor', '--json', ...args], {
    home,
    env: { SYNAPSE_ENDPOINT: local.endpoint, LANG: 'C.UTF-8', ...env },
  });
  const { checks } = JSON.parse(ended.stdout) as { checks: Reported[] };
  return { ...ended, findings: checks };
}

const of = (findings: readonly Reported[], check: string): Reported[] =>
  findings.filter((one) => one.check === check);

/** A server that answers every request in the same way. */
async function withAnswer<T>(
  answer: Parameters<typeof createServer>[1],
  use: (url: string) => Promise<T>,
): Promise<T> {
  const server: Server = createServer({}, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function closedPort(): Promise<string> {
  return withAnswer(undefined, (url) => Promise.resolve(url));
}

describe('a setup that works', () => {
  test('has no problem, and exits with 0', async () => {
    await newHome();
    const { status, findings, stderr } = await doctor({ SYNAPSE_AUTH_TOKEN: local.authToken });
    expect(findings.filter(({ level }) => level === 'problem')).toEqual([]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(of(findings, 'login')[0]).toMatchObject({ level: 'ok', details: { userName: 'alice' } });
    expect(of(findings, 'clock')).toMatchObject([{ level: 'ok' }]);
  });

  test('never shows the token', async () => {
    await newHome();
    await writeFile(
      join(home, '.synapseConfig'),
      `[default]\nauthtoken=${local.authToken}\npassword=hunter22\n`,
      { mode: 0o644 },
    );
    const outputs = await Promise.all([
      doctor({ SYNAPSE_AUTH_TOKEN: 'eyJwrong.eyJtoken.sig' }),
      doctor({ http_proxy: 'http://me:hunter22@127.0.0.1:1' }),
      runSynapse(['doctor', '--password', local.authToken], { home, env: {} }),
    ]);
    for (const { stdout, stderr } of outputs) {
      expect(stdout + stderr).not.toContain(local.authToken);
      expect(stdout + stderr).not.toMatch(/hunter22|eyJwrong/);
    }
  });
});

describe('without a token', () => {
  test('there is a note on how to log in, and no problem', async () => {
    await newHome();
    const { status, findings } = await doctor();
    expect(status).toBe(0);
    expect(of(findings, 'credentials')).toMatchObject([
      { level: 'note', advice: expect.stringContaining('synapse config') },
    ]);
    expect(of(findings, 'login')).toMatchObject([{ level: 'skipped' }]);
  });

  test('a profile that does not exist is a problem', async () => {
    await newHome();
    const { status, findings } = await doctor({}, ['--profile', 'lab']);
    expect(status).toBe(1);
    expect(of(findings, 'credentials')).toMatchObject([
      { level: 'problem', message: expect.stringContaining('"lab"') },
    ]);
  });
});

describe('a token that Synapse refuses', () => {
  test.each([
    ['environment', { SYNAPSE_AUTH_TOKEN: 'wrong' }, '', 'SYNAPSE_AUTH_TOKEN'],
    ['config', {}, '[default]\nauthtoken = wrong\n', '`synapse config`'],
  ])('is a problem with the way to replace it: %s', async (_, env, config, advice) => {
    await newHome();
    await writeFile(join(home, '.synapseConfig'), config, { mode: 0o600 });
    const { status, findings } = await doctor(env);
    expect(status).toBe(1);
    expect(of(findings, 'login')).toMatchObject([
      { level: 'problem', message: expect.stringContaining('refuses the token') },
    ]);
    expect(of(findings, 'login')[0]?.advice).toContain(advice);
  });
});

describe('the configuration file', () => {
  test('a damaged one is a problem with its line, and the other checks go on', async () => {
    await newHome();
    await writeFile(join(home, '.synapseConfig'), 'authtoken=x\n', { mode: 0o600 });
    const { status, findings } = await doctor();
    expect(status).toBe(1);
    expect(of(findings, 'configuration')).toMatchObject([
      { level: 'problem', message: expect.stringContaining('line 1') },
    ]);
    expect(of(findings, 'connection')).toMatchObject([{ level: 'ok' }]);
  });

  test('a folder in its place, and one that is named but missing, are problems', async () => {
    await newHome();
    const path = join(home, 'none');
    const missing = await doctor({}, ['--config-path', path]);
    await mkdir(join(home, '.synapseConfig'));
    const folder = await doctor();
    for (const { status, findings } of [missing, folder]) {
      expect(status).toBe(1);
      expect(of(findings, 'configuration')).toMatchObject([{ level: 'problem' }]);
    }
  });

  test('permissions that let others read the token are a problem', async () => {
    await newHome();
    const path = join(home, '.synapseConfig');
    await writeFile(path, `[default]\nauthtoken=${local.authToken}\n`);
    await chmod(path, 0o644);
    const { status, findings } = await doctor();
    expect(status).toBe(1);
    expect(of(findings, 'configuration')).toContainEqual(
      expect.objectContaining({ level: 'problem', advice: `Run: chmod 600 ${path}` }),
    );
  });
});

describe('the cache', () => {
  test('reports its size and its damaged maps', async () => {
    await newHome();
    const folder = join(home, '.synapseCache', '5', '5');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, '.cacheMap'), '{"half');
    await writeFile(join(folder, 'data.txt'), 'data');
    const { status, findings } = await doctor();
    expect(status).toBe(0);
    expect(of(findings, 'cache')[0]).toMatchObject({ level: 'ok', details: { files: 1 } });
    expect(of(findings, 'cache')[1]).toMatchObject({ level: 'note', details: { damaged: 1 } });
  });

  test('a file in its place is a problem', async () => {
    await newHome();
    await writeFile(join(home, '.synapseCache'), '');
    const { status, findings } = await doctor();
    expect(status).toBe(1);
    expect(of(findings, 'cache')).toMatchObject([
      { level: 'problem', advice: expect.stringContaining('SYNAPSE_CACHE_DIR') },
    ]);
  });
});

describe('the network', () => {
  test('a closed port is a problem, and what needs the server is skipped', async () => {
    await newHome();
    const env = { SYNAPSE_ENDPOINT: await closedPort(), SYNAPSE_AUTH_TOKEN: 'any' };
    const { status, findings } = await doctor(env);
    expect(status).toBe(1);
    expect(of(findings, 'connection')).toMatchObject([
      { level: 'problem', details: { code: 'ECONNREFUSED' } },
    ]);
    for (const check of ['clock', 'login']) {
      expect(of(findings, check)).toMatchObject([{ level: 'skipped' }]);
    }
  });

  test('a name that does not exist is a problem', async () => {
    await newHome();
    const { status, findings } = await doctor({ SYNAPSE_ENDPOINT: 'https://none.invalid' });
    expect(status).toBe(1);
    expect(of(findings, 'dns')).toMatchObject([{ level: 'problem' }]);
    expect(of(findings, 'connection')).toMatchObject([{ level: 'problem' }]);
  });

  test('an endpoint that is no address is a problem', async () => {
    await newHome();
    const { status, findings } = await doctor({ SYNAPSE_ENDPOINT: 'synapse.example.org' });
    expect(status).toBe(1);
    expect(of(findings, 'endpoint')).toMatchObject([{ level: 'problem' }]);
  });

  test('a page of a network that asks to sign in is not taken for Synapse', async () => {
    await newHome();
    const portal = (_: unknown, response: { writeHead: (...all: unknown[]) => { end(): void } }) =>
      response.writeHead(302, { location: 'http://sign-in.example.org/' }).end();
    const { status, findings } = await withAnswer(portal as never, (url) =>
      doctor({ SYNAPSE_ENDPOINT: url }),
    );
    expect(status).toBe(1);
    expect(of(findings, 'connection')).toMatchObject([
      { level: 'problem', advice: expect.stringContaining('sign-in page') },
    ]);
  });

  test('a proxy that refuses, and one that is not an address, are problems', async () => {
    await newHome();
    const refusing = await closedPort();
    const target = { SYNAPSE_ENDPOINT: 'http://synapse.example.org' };
    const refused = await doctor({ ...target, http_proxy: refusing });
    const invalid = await doctor({ ...target, http_proxy: 'ftp://me:hunter22@x' });
    expect([refused.status, invalid.status]).toEqual([1, 1]);
    expect(of(refused.findings, 'connection')[0]?.message).toContain('Cannot connect to the proxy');
    expect(of(refused.findings, 'dns')).toMatchObject([{ level: 'skipped' }]);
    expect(of(invalid.findings, 'proxy')).toMatchObject([{ level: 'problem' }]);
    expect(invalid.stdout).not.toContain('hunter22');
  });

  test('a certificate file that does not exist is a problem', async () => {
    await newHome();
    const { status, findings } = await doctor({ SSL_CERT_FILE: join(home, 'none.pem') });
    expect(status).toBe(1);
    expect(of(findings, 'certificates')).toMatchObject([
      { level: 'problem', message: expect.stringContaining('none.pem') },
    ]);
  });

  test('a server that does not answer ends the wait', async () => {
    await newHome();
    const began = performance.now();
    const { status, findings } = await withAnswer(
      () => undefined,
      (url) => doctor({ SYNAPSE_ENDPOINT: url }),
    );
    expect(status).toBe(1);
    expect(of(findings, 'connection')).toMatchObject([{ level: 'problem' }]);
    expect(performance.now() - began).toBeLessThan(20_000);
  }, 30_000);
});

describe('the clock', () => {
  test.each([
    [-3_600_000, 'problem', 'ahead of'],
    [3_600_000, 'problem', 'behind'],
    [120_000, 'note', 'behind'],
  ])('is compared with that of the server: %d ms', async (offset, level, word) => {
    await newHome();
    const answer = (
      _: unknown,
      response: { setHeader: (...all: string[]) => void; end: (text: string) => void },
    ) => {
      response.setHeader('date', new Date(Date.now() + offset).toUTCString());
      response.end('{"version":"1"}');
    };
    const { findings } = await withAnswer(answer as never, (url) =>
      doctor({ SYNAPSE_ENDPOINT: url }),
    );
    expect(of(findings, 'clock')).toMatchObject([
      { level, message: expect.stringContaining(word) },
    ]);
  });
});

describe('what people see', () => {
  test('each line has a level, and advice is indented below', async () => {
    await newHome();
    const { stdout, status } = await runSynapse(['doctor'], {
      home,
      env: { SYNAPSE_ENDPOINT: local.endpoint },
    });
    expect(status).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.at(-1)).toMatch(/^No problems, \d+ notes?\.$/);
    for (const line of lines.slice(0, -2)) expect(line).toMatch(/^(?:OK|Note|PROBLEM|-| {9})/);
  });
});
