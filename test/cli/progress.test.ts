import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { printable, printableJson, printableLines } from '../../src/cli/printable.js';
import { lastColumns } from '../../src/cli/textWidth.js';
import { createProgressView } from '../../src/cli/progressView.js';
import { ProgressBoard } from '../../src/cli/progressBoard.js';
import type { Progress } from '../../src/options.js';
import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { hasTerminals, onTerminal } from './onTerminal.js';
import { runSynapse } from './runSynapse.js';

const MiB = 1024 ** 2;

function event(path: string, bytes: number, more: Partial<Progress> = {}): Progress {
  return {
    kind: 'download',
    path,
    transferredBytes: bytes * MiB,
    totalBytes: 10 * MiB,
    state: 'progress',
    ...more,
  };
}

test('a transfer that goes on where an earlier run ended says so, also above the bars', () => {
  for (const isTTY of [false, true]) {
    const written: string[] = [];
    const stream = {
      isTTY,
      write: (line: string) => written.push(line),
    } as unknown as NodeJS.WriteStream;
    const view = createProgressView({ quiet: false, json: false, stream, environment: {} });
    view.show(event('new', 0, { state: 'start' }));
    view.show(event('half', 5, { state: 'start' }));
    view.end();
    expect(written).toEqual(['resuming half: 5.0 MiB of 10.0 MiB were transferred before\n']);
  }
});

test('bars on a terminal that was made narrower are taken away with the lines that it wrapped', async () => {
  const written: string[] = [];
  const stream = { isTTY: true, columns: 60, write: (text: string) => written.push(text) };
  const view = createProgressView({
    quiet: false,
    json: false,
    stream: stream as unknown as NodeJS.WriteStream,
    environment: {},
  });
  view.show(event('x'.repeat(200), 5));
  while (written.length === 0) await setTimeout(20);
  stream.columns = 25;
  written.length = 0;
  view.end();
  // The line of the file had 59 columns, and that of the total less.
  expect(written.join('')).toMatch(/^\u001b\[[56]A\r\u001b\[J$/);
});

test('without a terminal only trouble that lasts is mentioned', () => {
  let time = 0;
  const written: string[] = [];
  const stream = {
    isTTY: false,
    write: (line: string) => written.push(line),
  } as unknown as NodeJS.WriteStream;
  const view = createProgressView({ quiet: false, json: false, stream, now: () => time });
  const retry = (at: number): void => {
    time = at;
    view.show(event('a', 1, { state: 'retry', message: 'ECONNREFUSED' }));
  };
  for (const at of [0, 1000, 4999]) retry(at);
  view.show(event('a', 2));
  retry(6000);
  expect(written).toEqual([]);
  for (const at of [10_000, 11_000, 12_000, 40_000, 41_000]) retry(at);
  view.show(event('a', 10, { state: 'done' }));
  expect(written).toEqual([
    'still trying a: ECONNREFUSED\n',
    'still trying a: ECONNREFUSED\n',
    'downloaded a\n',
  ]);
});

describe('the board', () => {
  test('has a total above a bar for each of four files', () => {
    const board = new ProgressBoard({ ascii: true });
    for (const name of ['a', 'b', 'c', 'd', 'e']) board.update(event(name, 0, { state: 'start' }));
    board.lines(0, 79);
    board.update(event('a', 5));
    board.update(event('b', 10, { state: 'done' }));
    expect(board.lines(3000, 79)).toEqual([
      '###.......... ' + ' 30% 15.0 MiB of 50.0 MiB      5.0 MiB/s ETA 0:07    1 of 5 files',
      '######....... ' + ' 50% 5.0 MiB of 10.0 MiB    a',
      '............. ' + '  0% 0 B of 10.0 MiB        c',
      '............. ' + '  0% 0 B of 10.0 MiB        d',
      '............. ' + '  0% 0 B of 10.0 MiB        e',
    ]);
    expect(board.isBusy).toBe(true);
    for (const name of ['a', 'c', 'd', 'e']) board.update(event(name, 10, { state: 'done' }));
    expect(board.isBusy).toBe(false);
  });

  test('counts only bytes that were transferred', () => {
    const board = new ProgressBoard({ ascii: true });
    board.update(event('a', 5, { kind: 'hash' }));
    expect(board.lines(0, 79)).toEqual(['######.......  50% 5.0 MiB of 10.0 MiB    checking a']);
    board.update(event('a', 10, { kind: 'hash', state: 'done' }));
    board.update(event('a', 8, { kind: 'upload', state: 'start' }));
    board.lines(0, 79);
    board.update(event('a', 8, { kind: 'upload', state: 'retry' }));
    expect(board.lines(1000, 79)).toEqual([
      '##########...  80% 8.0 MiB of 10.0 MiB           0 B/s ETA -:--',
      '##########...  80% 8.0 MiB of 10.0 MiB    retrying a',
    ]);
    board.update(event('a', 9, { kind: 'upload' }));
    expect(board.lines(2000, 79)[0]).toContain('512.0 KiB/s ETA 0:02');
    board.update(event('b', 0, { state: 'skipped' }));
    board.update(event('a', 9, { kind: 'upload', state: 'error' }));
    expect(board.lines(2000, 79)[0]).toContain('100% 9.0 MiB of 9.0 MiB');
  });

  test('has waiting files in its total', () => {
    const board = new ProgressBoard({ ascii: true });
    for (const name of ['a', 'b', 'c', 'd']) board.update(event(name, 0, { state: 'waiting' }));
    expect(board.isBusy).toBe(false);
    board.update(event('a', 0, { kind: 'hash', state: 'start' }));
    expect(board.lines(0, 79)[0]).toContain('  0% 0 B of 40.0 MiB');
    board.update(event('a', 10, { kind: 'hash', state: 'done' }));
    board.update(event('a', 10, { kind: 'upload', state: 'done' }));
    board.update(event('b', 5, { kind: 'upload' }));
    board.update(event('c', 0, { kind: 'upload', state: 'skipped' }));
    const [total] = board.lines(0, 79);
    expect(total).toContain(' 50% 15.0 MiB of 30.0 MiB');
    expect(total).toContain('2 of 4 files');
  });

  test('fits into its width', () => {
    const board = new ProgressBoard();
    const path = `${'很长的名字'.repeat(20)}.bin`;
    board.update({ kind: 'download', path, transferredBytes: 3 * MiB, state: 'start' });
    const [total, file] = board.lines(0, 79);
    expect(total).toContain(' 3.0 MiB of ? ');
    expect(total).toContain('ETA -:--');
    expect(file).toMatch(/ {2}…(很长的名字|字)+\.bin$/);
    for (const width of [20, 40, 60, 79, 200]) {
      for (const line of board.lines(0, width)) {
        expect(Array.from(line).length).toBeLessThanOrEqual(Math.max(width, 36));
      }
    }
  });
});

test('nothing that a terminal obeys comes through', () => {
  expect(printable('a\u001b[31m\u0007\n\u009b\u202eb')).toBe('a\\x1b[31m\\x07\\x0a\\x9b\\u202eb');
  expect(printableLines('one\ntwo\u001b[2J')).toBe('one\ntwo\\x1b[2J');
  const odd = { path: 'a\u001b\u009b\u202e"é' };
  expect(printableJson(odd)).toBe('{"path":"a\\u001b\\u009b\\u202e\\"é"}');
  expect(JSON.parse(printableJson(odd))).toEqual(odd);
  expect(lastColumns('/data/file.bin', 8)).toBe('…ile.bin');
  expect(lastColumns('短い名前', 5)).toBe('…名前');
  expect(lastColumns('short', 5)).toBe('short');
});

describe('synapse', () => {
  let local: LocalSynapse;
  let home: string;
  let env: Record<string, string>;
  let parent: string;
  const hostile = 'evil\u001b[31m\u0007name.bin';

  beforeAll(async () => {
    local = await startLocalSynapse({ strict: true });
    home = await mkdtemp(join(tmpdir(), 'synapse-progress-'));
    env = { SYNAPSE_ENDPOINT: local.endpoint, SYNAPSE_AUTH_TOKEN: local.authToken };
    const args = ['create', 'Project', '--name', 'Progress', '--json'];
    parent = (JSON.parse((await runSynapse(args, { home, env })).stdout) as { id: string }).id;
    await mkdir(join(home, 'files'));
    for (const name of ['one.bin', 'two.bin']) {
      await writeFile(join(home, 'files', name), Buffer.alloc(1_500_000, name));
    }
    await writeFile(join(home, hostile), Buffer.alloc(1_500_000, 'hostile'));
  });
  afterAll(async () => {
    await local.close();
    await rm(home, { recursive: true, force: true });
    expect(local.contractViolations).toEqual([]);
  });

  test('prints a line for each file where stderr is no terminal', async () => {
    const store = ['store', hostile, '--name', 'plain.bin', '--parent-id', parent];
    const first = await runSynapse(store, { home, env });
    expect(first.stderr).toBe(`uploaded ${join(home, 'evil\\x1b[31m\\x07name.bin')}\n`);
    const again = await runSynapse(store, { home, env });
    expect(again.stderr).toMatch(/^skipped .*: Synapse already has this content\n$/);
    const quiet = await runSynapse([...store, '--quiet'], { home, env });
    expect(quiet).toMatchObject({ status: 0, stderr: '' });
  });

  test('reports events as NDJSON with --json', async () => {
    const args = ['store', 'files', '--recursive', '--parent-id', parent, '--json'];
    const { stdout, stderr } = await runSynapse(args, { home, env });
    expect(JSON.parse(stdout)).toHaveLength(2);
    const events = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Progress);
    for (const name of ['one.bin', 'two.bin']) {
      const uploads = events.filter(
        ({ kind, path }) => kind === 'upload' && path === join(home, 'files', name),
      );
      expect(uploads[0]).toMatchObject({ state: 'waiting', totalBytes: 1_500_000 });
      expect(uploads[1]).toMatchObject({ state: 'start', transferredBytes: 0 });
      expect(uploads.at(-1)).toMatchObject({ state: 'done', transferredBytes: 1_500_000 });
    }
  });

  (hasTerminals ? test : test.skip)(
    'draws bars on a terminal, and takes them away at the end',
    async () => {
      const args = ['get', parent, '--recursive', '--no-cache', '--download-location', 'got'];
      local.conditions.set({ faults: [{ path: '/storage/*', bytesPerSecond: 1_000_000 }] });
      const { status, screen, raw } = await onTerminal(args, [], {
        home,
        env: { ...env, LANG: 'C.UTF-8' },
      });
      local.conditions.reset();
      expect(status).toBe(0);
      expect(screen).toMatch(/[█░]+ +\d+% .* of 4\.3 MiB .*\/s ETA .* of 3 files/);
      expect(screen).toMatch(/[█░]+ +\d+% .* of 1\.4 MiB .*one\.bin/);
      const left = finalScreen(raw);
      expect(left.filter((line) => !line.startsWith('Creating '))).toEqual([
        expect.stringMatching(/^3 downloaded \(4\.3 MiB\) in \d/),
        '',
      ]);
      expect(left.filter((line) => line.startsWith('Creating '))).toHaveLength(3);
    },
  );
});

/** What a terminal shows in the end, of a text that moves the cursor up and erases, and nothing else. */
function finalScreen(raw: string): string[] {
  const lines = [''];
  let row = 0;
  for (const token of raw.match(/\u001b\[\??\d*[a-zA-Z]|[^\u001b\r\n]+|\r|\n/g) ?? []) {
    const up = /^\u001b\[(\d+)A$/.exec(token);
    if (up) row -= Number(up[1]);
    else if (token === '\u001b[J') lines.splice(row, lines.length, '');
    else if (token === '\n') lines[(row += 1)] ??= '';
    else if (token !== '\r' && !token.startsWith('\u001b')) lines[row] = token;
  }
  return lines;
}
