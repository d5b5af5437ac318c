import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { hasTerminals } from './onTerminal.js';

const command = join(import.meta.dirname, '../../bin/run.js');

/** The longest wait for something to appear, in milliseconds. */
const patience = 15_000;

/** Whether an interactive session of a shell can be tested. */
export function hasShell(shell: string): boolean {
  return hasTerminals && spawnSync(shell, ['--version']).status === 0;
}

export interface SessionOptions {
  home: string;
  env?: Readonly<Record<string, string>>;
}

/** An interactive shell on a terminal, in which something is typed. */
export class ShellSession {
  #seen = '';
  #changed: () => void = () => undefined;

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    child.stdout.on('data', (chunk: Buffer) => {
      this.#seen += chunk.toString();
      this.#changed();
    });
  }

  /**
   * Starts a shell whose `synapse` answers completion as the built command does, and otherwise prints its arguments: so a test sees
   * what the shell makes of a completed line.
   */
  static async start(shell: string, { home, env }: SessionOptions): Promise<ShellSession> {
    const programs = join(home, 'programs');
    await mkdir(programs, { recursive: true });
    const program = join(programs, 'synapse');
    await writeFile(
      program,
      `#!/bin/sh
case "$1" in complete) exec '${process.execPath}' '${command}' "$@" ;; esac
printf 'GOT'; for word; do printf '<%s>' "$word"; done; echo ' END'
`,
    );
    await chmod(program, 0o755);
    const child = spawn(
      'script',
      ['-qefc', `stty cols 120 rows 50; exec ${shell} -i`, '/dev/null'],
      {
        cwd: home,
        env: {
          PATH: `${programs}:${process.env['PATH'] ?? ''}`,
          HOME: home,
          TERM: 'xterm',
          SHELL: '/bin/sh',
          LC_ALL: 'C.UTF-8',
          NODE_DISABLE_COMPILE_CACHE: '1',
          ...env,
        },
        stdio: 'pipe',
      },
    );
    const session = new ShellSession(child);
    session.type('echo rea""dy\r');
    await session.until(/ready\s/);
    return session;
  }

  /** Types keys: text, `\t` for Tab, `\r` for Enter. */
  type(keys: string): void {
    this.child.stdin.write(keys);
  }

  /** Types keys, and returns what is shown from then on, when it matches. */
  async typeUntil(keys: string, wanted: RegExp): Promise<string> {
    this.#seen = '';
    this.type(keys);
    return this.until(wanted);
  }

  /** Completes a line, runs it, and returns the arguments that the command got. */
  async complete(line: string, shown: RegExp): Promise<string[]> {
    await this.typeUntil(`${line}\t`, shown);
    const text = await this.typeUntil('\r', /GOT.* END/s);
    const [, got = ''] = /GOT(.*) END/s.exec(text) ?? [];
    return [...got.matchAll(/<([^>]*)>/g)].map(([, word = '']) => word);
  }

  /** What the terminal received from the start of the line that `until` found last, with control sequences. */
  get raw(): string {
    return this.#seen;
  }

  async until(wanted: RegExp): Promise<string> {
    const started = Date.now();
    for (;;) {
      const shown = stripVTControlCharacters(this.#seen);
      if (wanted.test(shown)) return shown;
      if (Date.now() - started > patience) {
        throw new Error(`${String(wanted)} did not appear: ${JSON.stringify(shown)}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200);
        this.#changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async end(): Promise<void> {
    const closed = new Promise((resolve) => this.child.once('close', resolve));
    // Ends the line, and the shell.
    this.type('\u0015exit\r');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 2_000);
    await closed;
    clearTimeout(timer);
  }
}
