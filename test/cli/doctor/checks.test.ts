import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { contentFindings, spaceFinding } from '../../../src/cli/doctor/cache.js';
import { ok, type Check, type Finding } from '../../../src/cli/doctor/check.js';
import { checks } from '../../../src/cli/doctor/checks.js';
import { clockFinding } from '../../../src/cli/doctor/clock.js';
import { configFindings, modeFindings } from '../../../src/cli/doctor/configuration.js';
import { connectionFinding } from '../../../src/cli/doctor/connection.js';
import { claimFindings } from '../../../src/cli/doctor/credentials.js';
import { endpointFinding } from '../../../src/cli/doctor/endpoint.js';
import { findingText } from '../../../src/cli/doctor/findingText.js';
import { installationFinding } from '../../../src/cli/doctor/installation.js';
import { certificationFinding, termsFindings } from '../../../src/cli/doctor/login.js';
import { proxyFinding } from '../../../src/cli/doctor/proxy.js';
import { runChecks } from '../../../src/cli/doctor/runChecks.js';
import { Subject } from '../../../src/cli/doctor/subject.js';
import { terminalFinding } from '../../../src/cli/doctor/terminal.js';
import { nodeFinding, oldestNode } from '../../../src/cli/doctor/versions.js';

const levels = (findings: readonly Finding[]): string[] => findings.map(({ level }) => level);

function subject(signal = new AbortController().signal): Subject {
  const client = { configPath: '/dev/null', log: () => undefined };
  return new Subject({ environment: {}, client, login: {}, version: '1', signal });
}

describe('the checks', () => {
  const hanging: Check = {
    name: 'hanging',
    title: 'Hanging',
    timeout: 20,
    run: () => new Promise(() => undefined),
  };
  const broken: Check = {
    name: 'broken',
    title: 'Broken',
    run: () => {
      throw new Error('no luck');
    },
  };
  const good: Check = { name: 'good', title: 'Good', run: () => [ok('fine')] };

  test('do not disturb each other: one that hangs or throws is a problem of its own', async () => {
    const results = [];
    for await (const { check, findings, timedOut } of runChecks(
      [hanging, broken, good],
      subject(),
    )) {
      results.push([check.name, levels(findings), timedOut]);
    }
    expect(results).toEqual([
      ['hanging', ['problem'], true],
      ['broken', ['problem'], false],
      ['good', ['ok'], false],
    ]);
  });

  test('end at Ctrl-C', async () => {
    const controller = new AbortController();
    const slow = { ...hanging, timeout: 60_000 };
    const running = runChecks([slow], subject(controller.signal)).next();
    controller.abort(new Error('stopped'));
    await expect(running).rejects.toThrow('stopped');
  });

  test('have names of their own', () => {
    const names = checks.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('the configuration file', () => {
  const findings = (text: string): Finding[] => configFindings(Buffer.from(text), '/c');

  test.each([
    ['', []],
    ['[default]\nusername=me\nauthtoken=abc\n', []],
    ['[profile lab]\nauthtoken=abc\n[sftp://x]\nusername=a\npassword=b\n[debug]\n', []],
    ['[https://s3.amazonaws.com/bucket]\nprofile_name=x\n', []],
    ['[default]\npassword=abc\n', ['note']],
    ['[authentication]\nusername=me\napikey=abc\n', ['note']],
    ['[defualt]\nauthtoken=abc\n', ['note']],
    ['[default]\nauth_token=abc\n', ['note']],
    ['[default]\nauthtoken="abc"\n', ['problem']],
    ['[default]\nauthtoken=\n', ['problem']],
    ['[default]\nauthtoken=<token>\n', ['problem']],
  ])('%j has %j', (text, expected) => {
    expect(levels(findings(text))).toEqual(['ok', ...expected]);
  });

  test.each([
    'x=1\n',
    '[default]\n[default]\n',
    '[transfer]\nmax_threads=many\n',
    '\ufeff[default]\n',
  ])('that no client can read is a problem: %j', (text) => {
    expect(levels(findings(text))).toEqual(['problem']);
  });

  test('suggests the right spelling, and shows no secret', () => {
    const text = JSON.stringify([
      ...findings('[defualt]\nx=1\n[cache]\nlocaton=/x\n[default]\npassword=hunter22\n'),
    ]);
    expect(text).toContain('Did you mean [default]?');
    expect(text).toContain('Did you mean location?');
    expect(text).not.toContain('hunter22');
  });

  test.each([
    [0o600, 'authtoken=x', []],
    [0o644, 'location=/x', []],
    [0o644, '  authtoken : x', ['problem']],
    [0o640, 'password=x', ['problem']],
    [0o666, '', ['problem']],
  ])('with mode %o and %j has %j', (mode, text, expected) => {
    expect(levels(modeFindings(mode, Buffer.from(text), '/c'))).toEqual(expected);
  });

  test('advice can be pasted for any path', () => {
    const [finding] = modeFindings(0o644, Buffer.from('authtoken=x'), "/it's here");
    expect(finding?.advice).toBe(String.raw`Run: chmod 600 '/it'\''s here'`);
  });
});

describe('policies', () => {
  test('the oldest Node.js is that of package.json', () => {
    const file = join(import.meta.dirname, '../../../package.json');
    const { engines } = JSON.parse(readFileSync(file, 'utf8')) as { engines: { node: string } };
    expect(engines.node).toBe(`>=${oldestNode}`);
    const node = (version: string): string => nodeFinding(version, '').level;
    expect([
      node('20.18.0'),
      node('18.20.0'),
      node('20.19.0'),
      node('24.1.0'),
      node('23.1.0'),
    ]).toEqual(['problem', 'problem', 'ok', 'ok', 'note']);
  });

  test('other commands of the same name are mentioned', () => {
    const own = { path: '/a/synapse', isOwn: true, isPython: false };
    const python = { path: '/b/synapse', isOwn: false, isPython: true };
    expect(installationFinding([own], '/a').level).toBe('ok');
    expect(installationFinding([own, python], '/a').message).toContain('also the Python client');
    expect(installationFinding([python, own], '/a').message).toContain('is the Python client');
    expect(installationFinding([], '/a').level).toBe('note');
  });

  test('free space', () => {
    const level = (bytes: number): string => spaceFinding(bytes, '/').level;
    expect([level(1e6), level(5e8), level(5e10)]).toEqual(['problem', 'note', 'ok']);
  });

  test('a cache that could not be counted in time says so', () => {
    const content = { files: 2, bytes: 10, damaged: ['/m'], isComplete: false };
    const [size, damaged] = contentFindings('/c', content);
    expect(size?.message).toContain('more than 10 B in 2 files');
    expect(damaged?.level).toBe('note');
  });

  test('tokens that expire, or that lack scopes', () => {
    const token = (claims: object): string =>
      `eyJ.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
    const scope = ['view', 'download', 'modify'];
    const now = Date.UTC(2026, 0, 1);
    const at = (days: number): object => ({ exp: now / 1000 + days * 86_400, access: { scope } });
    const of = (claims: object): string[] => levels(claimFindings(token(claims), now));
    expect(of(at(-1))).toEqual(['problem']);
    expect(of(at(1))).toEqual(['note']);
    expect(of(at(100))).toEqual(['ok']);
    expect(of({ access: { scope: ['view'] } })).toEqual(['note']);
    expect(of({ access: { scope: ['download'] } })).toEqual(['problem']);
    expect(levels(claimFindings('opaque', now))).toEqual([]);
  });

  test('proxies that are set, used or not', () => {
    const https = new URL('https://synapse.example.org');
    const finding = (environment: Record<string, string>): Finding =>
      proxyFinding(https, environment);
    expect(finding({}).level).toBe('ok');
    const used = finding({ HTTPS_PROXY: 'http://me:hunter22@proxy.example.org:3128' });
    expect(used).toMatchObject({
      level: 'ok',
      details: { proxy: 'http://proxy.example.org:3128' },
    });
    expect(used.message).not.toContain('hunter22');
    expect(finding({ HTTP_PROXY: 'http://p:1' })).toMatchObject({
      level: 'note',
      advice: expect.stringContaining('HTTPS_PROXY'),
    });
    expect(finding({ HTTPS_PROXY: 'http://p:1', NO_PROXY: 'example.org' }).level).toBe('note');
    expect(finding({ HTTPS_PROXY: 'gopher://p' }).level).toBe('problem');
  });

  test('an endpoint that is not encrypted is noted, unless it is this machine', () => {
    expect(endpointFinding('http://synapse.example.org', 'x').level).toBe('note');
    expect(endpointFinding('http://127.0.0.1:8080', 'x').level).toBe('ok');
    expect(endpointFinding('https://synapse.example.org', 'x').level).toBe('ok');
  });

  test('faults of the connection have advice for their cause', () => {
    const fault = (code: string): Finding =>
      connectionFinding({
        kind: 'fault',
        url: 'https://synapse.example.org/repo/v1/version',
        fault: { kind: 'fault', code, sent: 'no', outlook: 'permanent' },
      });
    expect(fault('CERT_NOT_YET_VALID').advice).toContain('clock');
    expect(fault('SELF_SIGNED_CERT_IN_CHAIN').advice).toContain('SSL_CERT_FILE');
    expect(fault('ENOTFOUND').advice).toContain('Check the endpoint');
    expect(fault('PROXY_407').advice).toContain('NO_PROXY');
  });

  test('slow and failing servers', () => {
    const answer = {
      kind: 'answer' as const,
      url: 'https://synapse.example.org/repo/v1/version',
      status: 200,
      serverTime: undefined,
      localTime: 0,
      firstMs: 100,
      nextMs: 50,
      version: '500',
      location: undefined,
    };
    expect(connectionFinding(answer).level).toBe('ok');
    expect(connectionFinding({ ...answer, nextMs: 3000 }).level).toBe('note');
    expect(connectionFinding({ ...answer, status: 503, version: undefined }).advice).toContain(
      'maintenance',
    );
    expect(clockFinding(answer).level).toBe('skipped');
  });

  test('the account', () => {
    expect([certificationFinding(true).level, certificationFinding(false).level]).toEqual([
      'ok',
      'note',
    ]);
    expect(levels(termsFindings('MUST_AGREE_NOW'))).toEqual(['problem']);
    expect(levels(termsFindings('MUST_AGREE_SOON'))).toEqual(['note']);
    expect(levels(termsFindings('UP_TO_DATE'))).toEqual(['ok']);
    expect(termsFindings(undefined)).toEqual([]);
  });

  test('a locale without UTF-8 is noted', () => {
    expect(terminalFinding({ LANG: 'C' }, 80).level).toBe('note');
    expect(terminalFinding({ LANG: 'C', LC_ALL: 'en_US.UTF-8' }, 80).level).toBe('ok');
  });
});

test('what people see fits the terminal, with the advice below', () => {
  const finding: Finding = {
    level: 'problem',
    message: 'The clock of this machine is 3 hours behind that of Synapse.',
    advice: 'Set the clock, and turn on its synchronization.',
  };
  expect(findingText('Clock', finding, 50)).toBe(
    [
      'PROBLEM  Clock: The clock of this machine is 3',
      '         hours behind that of Synapse.',
      '         Set the clock, and turn on its',
      '         synchronization.',
    ].join('\n'),
  );
  expect(findingText('Clock', finding, undefined).split('\n')).toHaveLength(2);
});
