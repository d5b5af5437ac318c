import { chmod, lstat, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { currentShell } from '../../src/cli/completion/currentShell.js';
import { scripts } from '../../src/cli/completion/scripts.js';
import { withBlock, withoutBlock } from '../../src/cli/completion/startupBlock.js';
import { withTempDir } from '../helpers/tempDir.js';
import { runSynapse } from './runSynapse.js';

const places: [shell: 'bash' | 'zsh' | 'fish', script: string, startup: string | undefined][] = [
  ['bash', '.local/share/bash-completion/completions/synapse', '.bashrc'],
  ['zsh', '.local/share/synapse/completion.zsh', '.zshrc'],
  ['fish', '.config/fish/completions/synapse.fish', undefined],
];

(process.platform === 'linux' ? describe : describe.skip)(
  'synapse autocomplete install, with the files of Linux (skipped on other systems)',
  () => {
    test.each(places)('of %s writes the script, once', (shell, script, startup) =>
      withTempDir(async (home) => {
        const args = ['autocomplete', 'install', '--shell', shell, '--json'];
        const first = await runSynapse(args, { home });
        const files = [script, ...(startup === undefined ? [] : [startup])];
        const paths = files.map((file) => join(home, file));
        const result = (change: string): object => ({
          shell,
          files: paths.map((path) => ({ path, change })),
        });
        expect(JSON.parse(first.stdout)).toEqual(result('created'));
        expect(await readFile(join(home, script), 'utf8')).toBe(scripts[shell]);
        const written = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
        const again = await runSynapse(args, { home });
        expect(JSON.parse(again.stdout)).toEqual(result('unchanged'));
        expect(await Promise.all(paths.map((path) => readFile(path, 'utf8')))).toEqual(written);
      }),
    );

    test.each(places)('--uninstall of %s leaves what was there before', (shell, script, startup) =>
      withTempDir(async (home) => {
        if (startup !== undefined) await writeFile(join(home, startup), 'alias x=y\n');
        await runSynapse(['autocomplete', 'install', '--shell', shell], { home });
        const args = ['autocomplete', 'install', '--shell', shell, '--uninstall'];
        const { stdout, status } = await runSynapse(args, { home });
        expect(status).toBe(0);
        expect(stdout).toContain(`Removed ${join(home, script)}\n`);
        await expect(stat(join(home, script))).rejects.toMatchObject({ code: 'ENOENT' });
        if (startup !== undefined) {
          expect(await readFile(join(home, startup), 'utf8')).toBe('alias x=y\n');
        }
        expect((await runSynapse(args, { home })).stdout).toContain(`Unchanged: `);
      }),
    );

    test('keeps the mode of a file, and a link to it', () =>
      withTempDir(async (home) => {
        await mkdir(join(home, 'dotfiles'));
        await writeFile(join(home, 'dotfiles/bashrc'), 'set -o vi');
        await chmod(join(home, 'dotfiles/bashrc'), 0o644);
        await symlink('dotfiles/bashrc', join(home, '.bashrc'));
        await runSynapse(['autocomplete', 'install', '--shell', 'bash'], { home });
        expect((await lstat(join(home, '.bashrc'))).isSymbolicLink()).toBe(true);
        expect((await stat(join(home, 'dotfiles/bashrc'))).mode & 0o777).toBe(0o644);
        expect(await readFile(join(home, '.bashrc'), 'utf8')).toMatch(/^set -o vi\n# >>> synapse/);
      }));

    test('finds the shell of the user, and says what to do next', () =>
      withTempDir(async (home) => {
        const args = ['autocomplete', 'install'];
        const found = await runSynapse(args, { home, env: { SHELL: '/usr/bin/zsh' } });
        expect(found.stdout).toContain(`Created ${join(home, '.zshrc')}\n`);
        expect(found.stderr).toBe('Open a new terminal, or run: exec zsh\n');
        const other = await runSynapse(args, { home, env: { SHELL: '/bin/tcsh' } });
        expect(other).toMatchObject({ status: 2, stdout: '' });
        expect(other.stderr).toBe(
          'synapse autocomplete install: There is no completion for /bin/tcsh. Name one of bash, zsh, fish, powershell with --shell.\n',
        );
      }));

    test('quotes the path of a home with a quote and spaces', () =>
      withTempDir(async (folder) => {
        const home = join(folder, "it's $HOME");
        await mkdir(home);
        await runSynapse(['autocomplete', 'install', '--shell', 'bash'], { home });
        expect(await readFile(join(home, '.bashrc'), 'utf8')).toContain(
          String.raw`it'\''s $HOME/.local`,
        );
      }));

    test('says what is wrong when a file cannot be written', () =>
      withTempDir(async (home) => {
        await writeFile(join(home, '.config'), 'a file');
        const args = ['autocomplete', 'install', '--shell', 'fish'];
        const { status, stdout, stderr } = await runSynapse(args, { home });
        expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
        expect(stderr).toMatch(/^synapse autocomplete install: .*\.config.*\n$/);
      }));
  },
);

describe('synapse autocomplete', () => {
  test.each(['bash', 'zsh', 'fish', 'powershell'] as const)('%s prints the script', (shell) =>
    withTempDir(async (home) => {
      const { stdout, stderr } = await runSynapse(['autocomplete', shell], { home });
      expect({ stdout, stderr }).toEqual({ stdout: scripts[shell], stderr: '' });
    }),
  );

  test('without a shell says how to install it', () =>
    withTempDir(async (home) => {
      const { stdout } = await runSynapse(['autocomplete'], { home, env: { SHELL: '/bin/bash' } });
      expect(stdout).toContain('synapse autocomplete install\n');
    }));

  test('script prints a line that may stand in a startup file', () =>
    withTempDir(async (home) => {
      const { stdout } = await runSynapse(['autocomplete', 'script', 'bash'], { home });
      expect(stdout).toBe('source <(synapse autocomplete bash)\n');
    }));
});

describe('the lines between marks', () => {
  test.each(['', 'a\n', 'a', 'a\r\nb\r\n'])('come and go, after %j', (text) => {
    const first = withBlock(text, 'line 1');
    expect(first.startsWith(text)).toBe(true);
    expect(withBlock(first, 'line 1')).toBe(first);
    const second = withBlock(`${first}more\n`, 'line 2');
    expect(second).toContain('line 2');
    expect(second).not.toContain('line 1');
    expect(second.match(/>>>/g)).toHaveLength(2);
    expect(withoutBlock(first).trimEnd()).toBe(text.trimEnd());
    expect(withoutBlock(text)).toBe(text);
  });

  test('are not found where one mark is missing', () => {
    const broken = 'a\n# >>> synapse completion >>>\nb\n';
    expect(withoutBlock(broken)).toBe(broken);
  });
});

test.each([
  ['/bin/bash', 'bash'],
  ['/usr/local/bin/fish', 'fish'],
  ['/opt/pwsh', 'powershell'],
  ['/bin/tcsh', undefined],
  [undefined, undefined],
])('the shell %s is %s', (path, shell) => {
  expect(currentShell({ SHELL: path }, 'linux')).toBe(shell);
});

test('PowerShell is the shell of Windows', () => {
  expect(currentShell({ PSModulePath: 'x' }, 'win32')).toBe('powershell');
});
