import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { jsonPage } from '../../../build/jsonPage.js';
import { namedShapes, resultShapes } from '../../../src/cli/output/resultShapes.js';
import { unknownField } from '../../../src/cli/output/unknownField.js';
import type { Ended } from '../runSynapse.js';
import { withCommands } from '../withCommands.js';
import { firstSteps, notRun, stepGroups, type Step } from './everyCommand.js';
import { shapeMismatch } from './shapeMismatch.js';

const cli = withCommands();
const root = join(import.meta.dirname, '../../..');
const { commands } = JSON.parse(readFileSync(join(root, 'dist/cli/index.json'), 'utf8')) as {
  commands: Record<string, object>;
};
const ids = Object.keys(commands);

const idOf = ([first = '', second = '']: readonly string[]): string =>
  ids.includes(`${first}:${second}`) ? `${first}:${second}` : first;

const steps = [...firstSteps, ...Object.values(stepGroups).flat()];
const ended = new Map<Step, Ended>();

const files = {
  'data/a.csv': 'a,b\n1,2\n',
  'data/b.csv': 'a,b\n3,4\n',
  'more/c.txt': 'c',
  'rows.csv': 'name,age\nx,1\ny,2\n',
  'changed.csv': 'ROW_ID,ROW_VERSION,age\n2,1,5\n',
};

beforeAll(async () => {
  const saved = new Map([['endpoint', cli.server.endpoint]]);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(cli.home, name)), { recursive: true });
    await writeFile(join(cli.home, name), content);
  }
  const runAll = async (group: readonly Step[]): Promise<void> => {
    for (const one of group) {
      const args = one.args.map((word) =>
        word.replace(/\{(\w+)\}/g, (typed, name: string) => saved.get(name) ?? typed),
      );
      const result = await cli.run([...args, '--json']);
      ended.set(one, result);
      for (const [name, member] of Object.entries(one.save ?? {})) {
        const value = JSON.parse(result.stdout) as Record<string, unknown>;
        saved.set(name, String(value[member]));
      }
    }
  };
  await runAll(firstSteps);
  const manifest = `path,parentId\n${join(cli.home, 'data/a.csv')},${saved.get('synced') ?? ''}\n`;
  await writeFile(join(cli.home, 'sync.csv'), manifest);
  await Promise.all(Object.values(stepGroups).map(runAll));
}, 400_000);

describe('the result of every command', () => {
  test('has a shape', () => {
    const withJson = ids.filter((id) => id !== 'cat' && id !== 'head');
    expect(Object.keys(resultShapes).sort()).toEqual(withJson.sort());
  });

  test('is looked at, or it is said why not', () => {
    const looked = new Set([...steps.map(({ args }) => idOf(args)), ...Object.keys(notRun)]);
    expect(ids.filter((id) => !looked.has(id))).toEqual([]);
  });

  test.each(steps.map((one) => [one.args.join(' '), one] as const))(
    'is one JSON value of its shape: %s',
    (_line, one) => {
      const { status, stdout } = ended.get(one) ?? { status: undefined, stdout: '' };
      expect(status).toBe(one.status);
      const value: unknown = JSON.parse(stdout);
      expect(shapeMismatch(resultShapes[idOf(one.args)] ?? '', value)).toBeUndefined();
      expect(stdout.endsWith('\n')).toBe(true);
    },
  );

  test('has only shapes with a name that exist', () => {
    const all = Object.values({ ...resultShapes, ...namedShapes });
    const words = new Set(all.flatMap((shape) => shape.match(/\b[A-Z]\w+/g) ?? []));
    // Members such as `isACTMember` begin in lower case.
    expect([...words].filter((name) => !(name in namedShapes))).toEqual([]);
  });

  test('is described in docs/json.md', () => {
    expect(readFileSync(join(root, 'docs/json.md'), 'utf8')).toBe(jsonPage());
  });
});

describe('a field that a result cannot have', () => {
  test.each([
    ['create', 'nmae', ['id', 'name']],
    ['list', 'annotations', expect.arrayContaining(['id', 'depth'])],
    ['create', 'id.x', []],
    ['download-list:list', 'files.id', undefined],
    ['download-list:list', 'file', ['files', 'statistics', 'actionsRequired']],
    ['show', 'annotations.anything', undefined],
    ['show', 'entity.anything', undefined],
    ['query', 'anything', undefined],
    ['wiki:list', 'children.children.nmae', ['id', 'title', 'parentId', 'children']],
    ['api', 'anything', undefined],
  ])('is known before the command runs: %s %s', (command, field, names) => {
    expect(unknownField(command, field)).toEqual(names);
  });

  test('stops the command before it does anything', async () => {
    const args = ['create', 'Project', '--name', 'Never made', '--fields', 'id,nmae'];
    const refused = await cli.run(args);
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toContain('no field nmae. There are: id, name.');
    expect((await cli.run(['list', '--jq', '.[].name'])).stdout).not.toContain('Never made');
  });
});

describe('a command that fails', () => {
  test.each([
    ['show syn999999999', 4],
    ['show', 2],
    ['show --nonsense', 2],
    ['nonsense', 2],
    ['list syn999999999', 4],
    ["query 'select * from syn999999999'", 4],
    ['get syn999999999', 4],
    ['team show 999999999', 4],
    ['wiki show syn999999999', 4],
    ['store nowhere.txt --parent-id syn1', 1],
  ])('prints nothing, and its error as a line of JSON: %s', async (line, status) => {
    const args = line.replaceAll("'", '').split(' ');
    const words = line.startsWith('query') ? ['query', args.slice(1).join(' ')] : args;
    for (const flags of [['--json'], ['--ndjson'], ['--fields=id'], ['--jq=.']]) {
      const result = await cli.run([...words, ...flags]);
      expect(result).toMatchObject({ status: expect.any(Number), stdout: '' });
      expect([flags, result.status]).toEqual([flags, status]);
      const lines = result.stderr.trimEnd().split('\n');
      const { error } = JSON.parse(lines.at(-1) ?? '') as { error: object };
      expect(error).toEqual(
        expect.objectContaining({ code: expect.any(String), message: expect.any(String) }),
      );
    }
  });
});
