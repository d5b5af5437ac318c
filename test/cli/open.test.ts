import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { browserCommand } from '../../src/cli/browserCommand.js';
import { withCommands } from './withCommands.js';

const commands = withCommands();

/** A browser that writes its arguments to a file. */
async function recorder(): Promise<{ browser: string; calls: () => Promise<string> }> {
  const browser = join(commands.home, 'browser.sh');
  const file = join(commands.home, 'opened.txt');
  await writeFile(file, '');
  await writeFile(browser, `#!/bin/sh\nprintf '%s\\n' "$@" >> '${file}'\n`);
  await chmod(browser, 0o755);
  return { browser, calls: () => readFile(file, 'utf8') };
}

const production = { SYNAPSE_ENDPOINT: 'https://repo-prod.prod.sagebase.org' };

describe('synapse open', () => {
  test.each([
    [['syn5'], 'https://www.synapse.org/Synapse:syn5'],
    [['syn5.2'], 'https://www.synapse.org/Synapse:syn5.2'],
    [['syn5', '--page', '77'], 'https://www.synapse.org/Wiki:syn5/ENTITY/77'],
    [['syn5', '--url'], 'https://www.synapse.org/Synapse:syn5'],
  ])('prints the address without a terminal, and sends no request: %j', async (args, url) => {
    const { status, stdout, stderr } = await commands.run(['open', ...args], { env: production });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `${url}\n`, stderr: '' });
  });

  test('takes the web site of the server, or of the configuration file', async () => {
    const { endpoint } = commands.server;
    const own = await commands.run(['open', 'syn5']);
    expect(own.stdout).toBe(`${endpoint}/Synapse:syn5\n`);
    const config = join(commands.home, 'portal.synapseConfig');
    await writeFile(config, '[endpoints]\nportalEndpoint=https://portal.example.org/x\n');
    const other = await commands.run(['open', 'syn5', '--config-path', config], { env: {} });
    expect(other.stdout).toBe('https://portal.example.org/x/Synapse:syn5\n');
  });

  test('finds teams and users by their names', async () => {
    const { endpoint } = commands.server;
    const team = await commands.syn.teams.create({ name: 'Open lab' });
    const outputs = [
      await commands.run(['open', '--team', 'Open lab']),
      await commands.run(['open', '--user', 'bob', '--json']),
    ];
    const { ownerId } = await commands.syn.users.get('bob');
    expect(outputs[0]?.stdout).toBe(`${endpoint}/Team:${team.id}\n`);
    expect(JSON.parse(outputs[1]?.stdout ?? '')).toEqual({
      url: `${endpoint}/Profile:${ownerId}`,
      opened: false,
    });
  });

  test.each(['open', 'onweb'])('starts $BROWSER and prints nothing to stdout: %s', async (name) => {
    const { browser, calls } = await recorder();
    const env = { ...production, BROWSER: browser };
    const { status, stdout } = await commands.run([name, 'syn5'], { env });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(await calls()).toBe('https://www.synapse.org/Synapse:syn5\n');
  });

  test('prints the address when the browser cannot be started', async () => {
    const env = { ...production, BROWSER: join(commands.home, 'no-browser') };
    const { status, stdout, stderr } = await commands.run(['open', 'syn5'], { env });
    expect(status).toBe(0);
    expect(stdout).toBe('https://www.synapse.org/Synapse:syn5\n');
    expect(stderr).toContain('No browser was started: there is no program');
  });

  test.each([
    [[], 'Missing ID'],
    [['syn1', '--team', 'x'], 'give one of them'],
    [['syn1', '--page', 'x?y'], '--page takes the number'],
    [['--user', 'bob', '--page', '3'], '--page takes the number'],
  ])('explains what it does not take: %j', async (args, message) => {
    const { status, stdout, stderr } = await commands.run(['open', ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe('the browser', () => {
  const url = 'https://www.synapse.org/Synapse:syn5?a=1&b=2';
  test.each<[NodeJS.Platform, Record<string, string>, string[] | undefined]>([
    ['linux', {}, undefined],
    ['linux', { DISPLAY: ':0' }, ['xdg-open', url]],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, ['xdg-open', url]],
    ['linux', { WSL_DISTRO_NAME: 'Debian' }, ['wslview', url]],
    [
      'linux',
      { BROWSER: 'firefox --new-tab:chromium', DISPLAY: ':0' },
      ['firefox', '--new-tab', url],
    ],
    ['linux', { BROWSER: 'show --to=%s -v' }, ['show', `--to=${url}`, '-v']],
    ['linux', { BROWSER: 'none', DISPLAY: ':0' }, undefined],
    ['darwin', {}, ['open', url]],
    ['darwin', { SSH_CONNECTION: '1' }, undefined],
    ['win32', {}, ['rundll32', 'url.dll,FileProtocolHandler', url]],
    ['win32', { BROWSER: 'C:\\Program Files\\b.exe' }, ['C:\\Program Files\\b.exe', url]],
  ])('of %s with %j is %j', (platform, environment, expected) => {
    const found = browserCommand(url, { platform, environment });
    expect(found && [found.command, ...found.args]).toEqual(expected);
  });

  test('that runs in the terminal is waited for', () => {
    const find = (BROWSER: string): boolean | undefined =>
      browserCommand(url, { platform: 'linux', environment: { BROWSER } })?.isText;
    expect([find('/usr/bin/w3m'), find('lynx'), find('firefox')]).toEqual([true, true, false]);
  });
});
