import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { File, Project, type Stored } from '../../src/index.js';
import { withCommands } from './withCommands.js';

const commands = withCommands();
const run: typeof commands.run = (...args) => commands.run(...args);
let project: Project & Stored;
beforeAll(async () => {
  project = await commands.syn.store(new Project({ name: 'Provenance' }));
});

let count = 0;
async function newFile(content?: string): Promise<{ id: string; path: string }> {
  count += 1;
  const path = `file-${count}.txt`;
  await writeFile(join(commands.home, path), content ?? `content ${count}`);
  const file = new File({ path: join(commands.home, path), parent: project });
  return { id: (await commands.syn.store(file)).id, path };
}

describe('set-provenance', () => {
  test('records ids, URLs and local files, and says what it did', async () => {
    const [file, input, code] = [await newFile(), await newFile(), await newFile()];
    const done = await run([
      'set-provenance',
      '--id',
      file.id,
      '--name',
      'Größe',
      '--description',
      'of all',
      '--used',
      input.path,
      'https://example.org/a',
      '--executed',
      `${code.id}.1`,
      '--limitSearch',
      project.id,
    ]);
    const activity = await commands.syn.getProvenance(file.id);
    expect(done.stdout).toBe(`Set provenance record ${activity?.id} on entity ${file.id}\n`);
    expect(activity).toMatchObject({
      name: 'Größe',
      description: 'of all',
      used: [
        { reference: { targetId: input.id, targetVersionNumber: 1 }, wasExecuted: false },
        { url: 'https://example.org/a', wasExecuted: false },
        { reference: { targetId: code.id, targetVersionNumber: 1 }, wasExecuted: true },
      ],
    });
  }, 60_000);

  test('writes the record as Python does: to standard output, or to a file', async () => {
    const file = await newFile();
    const shown = await run(['set-provenance', '--id', file.id, '--name', 'Größe', '-o']);
    expect(shown.stdout).toMatch(
      /^\{"id": "\d+", "etag": .*"name": "Gr\\u00f6\\u00dfe", "used": \[\]\}\n$/,
    );
    const kept = await run([
      'set-provenance',
      file.id,
      '--used',
      'syn1',
      '--output',
      'record.json',
    ]);
    expect([kept.status, kept.stdout]).toEqual([0, '']);
    const record: unknown = JSON.parse(await readFile(join(commands.home, 'record.json'), 'utf8'));
    expect(record).toEqual(await commands.syn.getProvenance(file.id));
  }, 60_000);

  test('takes empty lists, and one item twice', async () => {
    const file = await newFile();
    const none = await run(['set-provenance', '--id', file.id, '--used', '--executed']);
    expect(none.status).toBe(0);
    await run(['set-provenance', '--id', file.id, '--used', file.path, `${file.id}.1`]);
    expect((await commands.syn.getProvenance(file.id))?.used).toHaveLength(1);
  }, 60_000);

  test('refuses what cannot be used, and records nothing', async () => {
    const file = await newFile();
    const bad = await run(['set-provenance', '--id', file.id, '--used', 'nonsense']);
    expect([bad.status, bad.stdout]).toEqual([2, '']);
    expect(bad.stderr).toContain('"nonsense" cannot be used');
    await writeFile(join(commands.home, 'unknown.txt'), 'nobody has this');
    const unknown = await run(['set-provenance', '--id', file.id, '--used', 'unknown.txt']);
    expect(unknown.status).toBe(4);
    expect((await run(['set-provenance', '--name', 'x'])).status).toBe(2);
    expect((await run(['set-provenance', '--id', `${file.id}.1`])).stderr).toContain(
      `write ${file.id}`,
    );
    expect(await commands.syn.getProvenance(file.id)).toBeUndefined();
  }, 60_000);
});

describe('get-provenance', () => {
  test('prints the record of a version with sorted keys', async () => {
    const file = await newFile();
    await commands.syn.setProvenance(file.id, {
      name: 'é',
      used: 'syn1.1',
      executed: 'https://e.org',
    });
    await writeFile(join(commands.home, file.path), 'other');
    await commands.syn.store(new File({ path: join(commands.home, file.path), parent: project }));
    const shown = await run(['get-provenance', '--id', file.id, '--version', '1']);
    const activity = (await commands.syn.getProvenance(`${file.id}.1`)) ?? {};
    expect(JSON.parse(shown.stdout)).toEqual(activity);
    expect(shown.stdout).toContain(
      [
        '  "name": "\\u00e9",',
        '  "used": [',
        '    {',
        '      "concreteType": "org.sagebionetworks.repo.model.provenance.UsedEntity",',
        '      "reference": {',
        '        "targetId": "syn1",',
        '        "targetVersionNumber": 1',
        '      },',
        '      "wasExecuted": false',
        '    },',
      ].join('\n'),
    );
    const kept = await run(['get-provenance', `${file.id}.1`, '-o', 'one.json']);
    expect(kept.stdout).toBe('');
    expect(JSON.parse(await readFile(join(commands.home, 'one.json'), 'utf8'))).toEqual(activity);
  }, 60_000);

  test('is an error with its own status when there is none', async () => {
    const file = await newFile();
    const none = await run(['get-provenance', '--id', file.id]);
    expect([none.status, none.stdout]).toEqual([4, '']);
    expect(none.stderr).toContain(`No activity is recorded for ${file.id}`);
    expect((await run(['get-provenance', 'syn999999999'])).status).toBe(4);
  }, 60_000);
});

describe('associate', () => {
  test('finds the files of a directory, and saves their downloads', async () => {
    const folder = join(commands.home, 'tree');
    await mkdir(join(folder, 'süb'), { recursive: true });
    const [one, two] = [await newFile('in the tree'), await newFile('below')];
    await writeFile(join(folder, 'a.txt'), 'in the tree');
    await writeFile(join(folder, 'none.txt'), 'only here');
    await writeFile(join(folder, 'süb', 'b.txt'), 'below');
    await symlink('a.txt', join(folder, 'link.txt'));
    await symlink('..', join(folder, 'süb', 'up'));
    const done = await run(['associate', 'tree', '-r', '--limitSearch', project.id]);
    expect(done.stdout).toBe(
      `${one.id}.1\ttree/a.txt\n${one.id}.1\ttree/link.txt\n${two.id}.1\ttree/süb/b.txt\n`,
    );
    expect(done.stderr).toBe('WARNING: The file tree/none.txt is not available in Synapse\n');
    expect(done.status).toBe(0);
    commands.server.requests.clear();
    expect((await run(['get', two.id, '--download-location', 'out'])).status).toBe(0);
    const calls = Object.keys(commands.server.requests.counts());
    expect(calls).not.toContain('file.getFileHandleBatch');
  }, 60_000);

  test('lists as JSON what it found, and what Synapse does not have', async () => {
    const file = await newFile('for json');
    const found = await run(['associate', file.path, '--json']);
    expect(JSON.parse(found.stdout)).toEqual([{ path: file.path, id: file.id, versionNumber: 1 }]);
    await writeFile(join(commands.home, 'syn1'), 'the name of an id');
    const missing = await run(['associate', 'syn1', '--json']);
    expect(JSON.parse(missing.stdout)).toEqual([{ path: 'syn1' }]);
  }, 60_000);

  test('names what cannot be read, with the rest done', async () => {
    const folder = join(commands.home, 'broken');
    await mkdir(folder);
    const file = await newFile('not broken');
    await writeFile(join(folder, 'ok.txt'), 'not broken');
    await symlink('nowhere', join(folder, 'dead'));
    const done = await run(['associate', 'broken', '--recursive']);
    expect([done.status, done.stdout]).toEqual([5, `${file.id}.1\tbroken/ok.txt\n`]);
    expect(done.stderr).toContain('broken/dead');
  }, 60_000);

  test('refuses a directory without --recursive, and an unknown container', async () => {
    await mkdir(join(commands.home, 'empty'), { recursive: true });
    const folder = await run(['associate', 'empty']);
    expect([folder.status, folder.stdout]).toEqual([2, '']);
    expect(folder.stderr).toContain('--recursive');
    expect((await run(['associate', 'empty', '-r'])).stdout).toBe('');
    expect((await run(['associate', 'nowhere'])).status).toBe(1);
    const unknown = await run(['associate', 'empty', '-r', '--limit-search', 'syn999999999']);
    expect(unknown.status).toBe(4);
  }, 60_000);
});
