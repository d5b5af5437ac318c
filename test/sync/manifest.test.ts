import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type * as M from '../../generated/models.js';
import { formatDouble } from '../../src/values/doubles.js';
import type { ManifestEntry, ManifestForm } from '../../src/sync/manifest/manifestRow.js';
import { mergeManifests } from '../../src/sync/manifest/mergeManifests.js';
import { provenanceOrder } from '../../src/sync/manifest/provenanceOrder.js';
import type { ManifestEvent } from '../../src/sync/manifest/manifestEvent.js';
import { readManifest } from '../../src/sync/manifest/readManifest.js';
import { openManifest, writeManifest } from '../../src/sync/manifest/writeManifest.js';

const forms = ['csv', 'tsv'] as const;
let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synapse-manifest-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A path where no file is. */
function newPath(): string {
  count += 1;
  return join(folder, `manifest-${count}`);
}

async function eventsOf(source: string | AsyncIterable<Uint8Array>): Promise<ManifestEvent[]> {
  const events: ManifestEvent[] = [];
  for await (const event of readManifest(source)) events.push(event);
  return events;
}

async function* piecesOf(text: string | Uint8Array, length = 1): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += length) {
    yield await Promise.resolve(bytes.subarray(at, at + length));
  }
}

const rowsOf = async (text: string) =>
  (await eventsOf(piecesOf(text, 7))).flatMap(({ row }) => row ?? []);

const problemsOf = async (text: string | Uint8Array) =>
  (await eventsOf(piecesOf(text, 7))).flatMap(({ problems }) => problems);

describe('reading', () => {
  test('finds the form by the header, whatever the separator', async () => {
    const texts = {
      'path,parentId\n/a,syn1': 'csv',
      'path\tparentId\n/a\tsyn1': 'csv',
      'path,parent\n/a,syn1': 'tsv',
      '\ufeffpath\tparent\r\n/a\tsyn1\r\n': 'tsv',
      '"path","parentId"\r"/a","syn1"\r': 'csv',
    };
    for (const [text, form] of Object.entries(texts)) {
      const events = await eventsOf(piecesOf(text));
      expect(events.flatMap(({ problems }) => problems)).toEqual([]);
      expect(events[1]).toMatchObject({ form, number: 1, row: { path: '/a', parentId: 'syn1' } });
    }
  });

  test('keeps separators, quotes and line breaks of cells in quotes', async () => {
    const [row] = await rowsOf('path,parentId,name,note\n"/a,\n""b""",syn1,x y,"1,\r\n2"\n');
    expect(row).toMatchObject({ path: '/a,\n"b"', name: 'x y' });
    expect(row?.annotations['note']?.value).toEqual(['1,\r\n2']);
  });

  test('gives what a manifest of a download says of the file', async () => {
    const [row] = await rowsOf(
      'path,parentId,ID,versionNumber,dataFileSizeBytes,dataFileMD5Hex,k\n/a,syn1,syn2,3,12,abc,x\n',
    );
    expect(row).toMatchObject({
      id: 'syn2',
      facts: { versionNumber: 3, dataFileSizeBytes: 12, dataFileMD5Hex: 'abc' },
      annotations: { k: { type: 'STRING', value: ['x'] } },
    });
  });

  test('skips rows of failed downloads, and says so', async () => {
    const events = await eventsOf(piecesOf('path,parentId,error\n,syn1,no access\n/b,syn1,\n'));
    expect(events.map(({ row }) => row?.path)).toEqual([undefined, undefined, '/b']);
    expect(events[1]).toMatchObject({
      problems: [],
      warnings: [{ row: 1, column: 'error', value: 'no access' }],
      skipped: { parentId: 'syn1', facts: { error: 'no access' } },
    });
  });

  test('counts NA as a blank cell, as the Python client does, and says so', async () => {
    const [, event] = await eventsOf(piecesOf('path,parentId,k\n/a,syn1,NA\n'));
    expect(event?.row?.annotations).toEqual({});
    expect(event?.warnings).toMatchObject([{ row: 1, column: 'k', value: 'NA' }]);
  });

  test('goes on after problems, and names row, column and value of each', async () => {
    const text =
      'path,parentId,k,synapseStore,forceVersion\n' +
      ',syn1,None,maybe,\n' +
      '/b,,99999999999999999999,,0\n' +
      '/c,syn1,x,,,y\n' +
      '/d,syn1,1,True,false\n';
    expect(await problemsOf(text)).toMatchObject([
      { row: 1, column: 'path', value: '' },
      { row: 1, column: 'synapseStore', value: 'maybe' },
      { row: 2, column: 'parentId', value: '' },
      { row: 2, column: 'forceVersion', value: '0' },
      { row: 2, column: 'k', value: '99999999999999999999' },
      { row: 3, value: 'y' },
    ]);
  });

  test('names what is wrong with the whole file', async () => {
    const messages = async (text: string | Uint8Array) =>
      (await problemsOf(text)).map(({ message }) => message).join('\n');
    expect(await messages('')).toMatch(/empty/);
    expect(await messages('name,parentId\n')).toMatch(/column path is missing/);
    expect(await messages('Path,parentId\n')).toMatch(/"Path" is written in another way/);
    expect(await messages('path,name\n')).toMatch(/column parentId \(or parent\) is missing/);
    expect(await messages('path,parentId,k,k\n')).toMatch(/"k" more than once/);
    expect(await messages('path,parentId,a b\n')).toMatch(/"a b" cannot be an annotation/);
    expect(await messages('path,parentId\n"/a,syn1\n')).toMatch(/quote is not closed/);
    expect(await messages(Buffer.from('path,parentId\n', 'utf16le'))).toMatch(/UTF-16/);
    expect(await messages(Buffer.from('path,parentId\n/\xe9,syn1\n', 'latin1'))).toMatch(/UTF-8/);
  });
});

const recorded = join(import.meta.dirname, '../fixtures/manifests');

describe('manifests that the Python client wrote', () => {
  test.each(['manifest.csv', 'SYNAPSE_METADATA_MANIFEST.tsv'])('%s is read', async (name) => {
    const events = await eventsOf(join(recorded, name));
    expect(events.flatMap(({ problems, warnings }) => [...problems, ...warnings])).toEqual([]);
    const [plain, annotated, other] = events.flatMap(({ row }) => row ?? []);
    expect(plain).toMatchObject({
      path: '/data/study/plain.txt',
      parentId: 'syn10',
      id: 'syn21',
      synapseStore: true,
      contentType: 'text/plain',
      annotations: {},
    });
    expect(annotated).toMatchObject({
      path: '/data/study/annotated, "quoted".csv',
      name: 'annotated, quoted.csv',
      used: ['syn5.2', 'https://example.org/ref.fa'],
      executed: ['https://example.org/run.sh'],
      activityName: 'alignment',
      activityDescription: 'with, commas',
      annotations: annotationsOfRecorded,
    });
    expect(other).toMatchObject({
      synapseStore: false,
      annotations: {
        tissue: { type: 'STRING', value: ['brain'] },
        age: { type: 'LONG', value: ['7'] },
      },
    });
  });

  test.each(forms)('%s: what was read is written with the same cells', async (form) => {
    const name = form === 'csv' ? 'manifest.csv' : 'SYNAPSE_METADATA_MANIFEST.tsv';
    const entries = (await eventsOf(join(recorded, name))).flatMap(({ row }) => row ?? []);
    const text = await readFile(join(recorded, name), 'utf8');
    const [header = ''] = text.split('\r\n');
    const annotationKeys = header.split(form === 'csv' ? ',' : '\t').slice(10);
    const path = newPath();
    await writeManifest(path, form, entries, { annotationKeys });
    // In a column with blank cells, the Python client would read a bare whole number as a double.
    const expected = text.replaceAll(/([,\t])(41|7)(?=[,\t])/g, '$1[$2]');
    expect(await readFile(path, 'utf8')).toBe(expected);
  });
});

const annotationsOfRecorded: Record<string, M.AnnotationsValue> = {
  tissue: { type: 'STRING', value: ['liver'] },
  tags: { type: 'STRING', value: ['a,b', 'c'] },
  age: { type: 'LONG', value: ['41'] },
  ages: { type: 'LONG', value: ['1', '2', '3'] },
  score: { type: 'DOUBLE', value: ['0.5'] },
  scores: { type: 'DOUBLE', value: ['1.0', '2.5'] },
  isControl: { type: 'BOOLEAN', value: ['true'] },
  flags: { type: 'BOOLEAN', value: ['true', 'false'] },
  seen: { type: 'TIMESTAMP_MS', value: [String(Date.UTC(2023, 11, 20, 16, 55, 8))] },
  dates: {
    type: 'TIMESTAMP_MS',
    value: [String(Date.UTC(2020, 0, 1)), String(Date.UTC(2021, 0, 1, 0, 0, 0, 123))],
  },
  note: { type: 'STRING', value: ['say "hi"'] },
  unicode: { type: 'STRING', value: ['数据😀', 'é'] },
};

const characters = 'ab1,"\'[](){}\\\n\r\t ;:#-+.eExXjrRuUbBfFNTn0123456789_=\u00a0\ufeff\u2028é😀';
const special = [
  ...[
    '',
    'true',
    'FALSE',
    'None',
    'NA',
    'nan',
    '1',
    '1.0',
    '007',
    '1e5',
    '0x10',
    '1_000',
    'inf',
    '-',
    '20200101',
  ],
  ...[
    '2020-01-01',
    '2019-W01-1',
    '[a,b]',
    '[a',
    '[]',
    '""',
    "'x'",
    '(1,2)',
    '(1)',
    '{1:2}',
    '1,2',
    'say "hi", x',
    '5" pipe',
  ],
  ...[
    ' lead',
    'trail ',
    '\t',
    '1 # c',
    'b"x"',
    "r'x'",
    '1+2j',
    '...',
    '\\n',
    'a\\',
    '"',
    '"""',
    'a\r\nb',
    'a]b',
    '"a" "b"',
  ],
];
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from(characters)), maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom(...special),
);
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const double = fc.double({ noNaN: true }).map(formatDouble);
const time = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }).map(String);

function annotationArbitrary(): fc.Arbitrary<M.AnnotationsValue> {
  const of = (type: M.AnnotationsValueType, one: fc.Arbitrary<string>) =>
    fc.array(one, { minLength: 1, maxLength: 4 }).map((value) => ({ type, value }));
  return fc.oneof(
    { weight: 4, arbitrary: of('STRING', text) },
    of('LONG', fc.oneof(int64, fc.constantFrom('20200101', '2020', '0', '201901011030'))),
    of('DOUBLE', double),
    of('BOOLEAN', fc.boolean().map(String)),
    of('TIMESTAMP_MS', time),
  );
}

describe('what is written is read back', () => {
  test.each(forms)('%s: every annotation, with its type', async (form) => {
    const entry = fc.record({ a: annotationArbitrary(), b: fc.option(annotationArbitrary()) });
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 8 }), async (all) => {
        const entries = all.map(({ a, b }, index): ManifestEntry => ({
          path: `/d/${index}`,
          parentId: 'syn1',
          annotations: { a, ...(b && { b }) },
        }));
        const path = newPath();
        const { problems } = await writeManifest(path, form, entries);
        expect(problems).toEqual([]);
        const rows = (await eventsOf(path)).flatMap(({ row }) => row ?? []);
        expect(rows.map(({ annotations }) => annotations)).toEqual(
          entries.map(({ annotations }) => annotations),
        );
      }),
      { numRuns: 150 },
    );
  });

  test.each(forms)('%s: every other member of a row', async (form) => {
    const entry: ManifestEntry = {
      path: '/d/é, "x"\ty\nz.txt',
      parentId: 'syn1',
      name: "it's, (a) name.txt",
      id: 'syn2',
      synapseStore: false,
      contentType: 'text/plain; charset=utf-8',
      forceVersion: false,
      used: ['syn3.4', 'https://e.org/a,b?c="d"', '/d/other file.txt'],
      executed: ['/d/\t.sh'],
      activityName: ' a "name"',
      activityDescription: 'two\nlines',
    };
    const path = newPath();
    const { problems } = await writeManifest(path, form, [entry]);
    expect(problems).toEqual([]);
    const [row] = (await eventsOf(path)).flatMap((event) => event.row ?? []);
    expect(row).toEqual({ row: 1, annotations: {}, facts: undefined, ...entry });
  });

  test('facts are written in the form csv, and only there', async () => {
    const facts = { versionNumber: 2, dataFileMD5Hex: 'abc', error: 'it failed' };
    const entry = { path: '/d/a', parentId: 'syn1', facts };
    const [csv, tsv] = [newPath(), newPath()];
    await writeManifest(csv, 'csv', [entry]);
    await writeManifest(tsv, 'tsv', [entry]);
    expect((await eventsOf(csv))[1]?.skipped?.facts).toEqual(facts);
    expect(await readFile(tsv, 'utf8')).not.toContain('abc');
  });
});

describe('what no manifest can hold is reported, and the rest is written', () => {
  test.each<[string, Partial<ManifestEntry>, string]>([
    ['NaN', { annotations: { k: { type: 'DOUBLE', value: ['nan'] } } }, 'k'],
    ['an annotation without values', { annotations: { k: { type: 'STRING', value: [] } } }, 'k'],
    [
      'a time of no date',
      { annotations: { k: { type: 'TIMESTAMP_MS', value: ['999999999999999999'] } } },
      'k',
    ],
    [
      'an annotation with the name of a column',
      { annotations: { path: { type: 'STRING', value: ['x'] } } },
      'path',
    ],
    ['a semicolon in a URL', { used: ['https://e.org/a;b', 'syn2'] }, 'used'],
    ['a description that counts as blank', { activityDescription: 'NA' }, 'activityDescription'],
    ['a name that the Python client takes for a number', { name: '007' }, 'name'],
    ['a path with a variable', { path: '/d/$HOME/a' }, 'path'],
  ])('%s', async (_, members, column) => {
    const path = newPath();
    const entry = { path: '/d/a', parentId: 'syn1', ...members };
    const { problems, rows } = await writeManifest(path, 'csv', [entry]);
    expect(problems).toMatchObject([{ row: 1, column }]);
    expect(rows).toBe(1);
    expect(await readFile(path, 'utf8')).toContain(',syn1,');
  });
});

describe('writing', () => {
  test('leaves nothing behind when it is given up or fails', async () => {
    const directory = await mkdtemp(join(folder, 'given-up-'));
    const path = join(directory, 'manifest.csv');
    await writeFile(path, 'old');
    const manifest = openManifest(path, 'csv');
    await manifest.add({ path: '/d/a', parentId: 'syn1' });
    await manifest.abort();
    const failing = async function* (): AsyncGenerator<ManifestEntry> {
      yield await Promise.resolve({ path: '/d/a', parentId: 'syn1' });
      throw new Error('the source failed');
    };
    await expect(writeManifest(path, 'csv', failing())).rejects.toThrow('the source failed');
    expect(await readdir(directory)).toEqual(['manifest.csv']);
    expect(await readFile(path, 'utf8')).toBe('old');
  });

  test('names the path that cannot be written', async () => {
    const path = join(folder, 'nowhere', 'manifest.csv');
    await expect(writeManifest(path, 'csv', [])).rejects.toThrow(`Cannot write ${path}`);
  });

  test('100,000 rows are written and read in constant memory', async () => {
    const rowCount = 100_000;
    const entries = function* (): Generator<ManifestEntry> {
      for (let row = 0; row < rowCount; row += 1) {
        const name = `file ${row}.txt`;
        yield {
          path: `/data/a directory/${name}`,
          parentId: `syn${row % 500}`,
          name,
          id: `syn${row}`,
          used: ['syn1.2'],
          annotations: {
            tissue: { type: 'STRING', value: ['liver'] },
            age: { type: 'LONG', value: [String(row)] },
            tags: { type: 'STRING', value: ['a', 'b, c'] },
          },
        };
      }
    };
    const path = newPath();
    const { rows } = await writeManifest(path, 'csv', entries());
    expect(rows).toBe(rowCount);
    let read = 0;
    let most = 0;
    const before = process.memoryUsage().heapUsed;
    for await (const { row, problems } of readManifest(path)) {
      if (problems.length > 0) throw new Error(problems[0]?.message);
      if (row) read += 1;
      if (read % 10_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed - before);
    }
    expect(read).toBe(rowCount);
    expect(most).toBeLessThan(200 * 1024 * 1024);
  }, 60_000);
});

describe('merging', () => {
  const write = async (form: ManifestForm, entries: ManifestEntry[]): Promise<string> => {
    const path = newPath();
    await writeManifest(path, form, entries);
    return path;
  };
  const entry = (path: string, annotations: Record<string, string[]> = {}): ManifestEntry => ({
    path,
    parentId: 'syn1',
    annotations: Object.fromEntries(
      Object.entries(annotations).map(([key, value]) => [key, { type: 'LONG', value }]),
    ),
    facts: { versionNumber: 1 },
  });

  test('joins the rows and the columns of all parts; a row in two parts is one', async () => {
    const parts = [
      await write('csv', [entry('/a', { x: ['1'] }), entry('/b')]),
      await write('csv', [entry('/b'), entry('/c', { y: ['2', '3'] })]),
      await write('csv', []),
    ];
    const path = newPath();
    expect(await mergeManifests(parts, path)).toMatchObject({ path, rows: 3, problems: [] });
    const rows = (await eventsOf(path)).flatMap(({ row }) => row ?? []);
    expect(rows.map((row) => [row.path, Object.keys(row.annotations), row.facts])).toEqual([
      ['/a', ['x'], { versionNumber: 1 }],
      ['/b', [], { versionNumber: 1 }],
      ['/c', ['y'], { versionNumber: 1 }],
    ]);
  });

  test('refuses parts that contradict each other, and names all places', async () => {
    const parts = [
      await write('csv', [entry('/a', { x: ['1'] }), entry('/b', { x: ['1'] })]),
      await write('csv', [entry('/a', { x: ['2'] }), entry('/b', { x: ['2'] })]),
    ];
    const path = newPath();
    const merged = mergeManifests(parts, path);
    await expect(merged).rejects.toThrow(/row 1: row 1 of .* \/a\n.*row 2: row 2 of .* \/b/);
    await expect(readFile(path)).rejects.toThrow('ENOENT');
  });

  test('refuses parts of two forms, and parts with problems', async () => {
    const csv = await write('csv', [entry('/a')]);
    const tsv = await write('tsv', [entry('/b')]);
    await expect(mergeManifests([csv, tsv], newPath())).rejects.toThrow(/form csv.*form tsv/);
    const broken = newPath();
    await writeFile(broken, 'path,parentId,k\n/x,syn1,99999999999999999999\n');
    await expect(mergeManifests([csv, broken], newPath())).rejects.toThrow(/row 1, column k/);
    await expect(mergeManifests([], newPath())).rejects.toThrow('no manifests');
  });
});

describe('the order of rows', () => {
  const row = (path: string, ...used: string[]) => ({ path, used, executed: [] });

  test('names each circle once, and leaves out what leads into it', () => {
    const rows = [
      row('a', 'b'),
      row('b', 'c'),
      row('c', 'b'),
      row('d', 'd'),
      row('e'),
      row('f', 'a', 'e'),
    ];
    const { order, cycles } = provenanceOrder(rows);
    expect(order.map(({ path }) => path)).toEqual(['e']);
    expect(cycles.map((cycle) => cycle.map(({ path }) => path))).toEqual([['b', 'c'], ['d']]);
  });

  test('of a chain of 100,000 rows is found in linear time', () => {
    const rows = Array.from({ length: 100_000 }, (_, index) =>
      row(String(index), String(index + 1)),
    );
    expect(provenanceOrder(rows).order.at(-1)?.path).toBe('0');
    const circle = [...rows.slice(0, -1), row('99999', '0')];
    expect(provenanceOrder(circle).cycles.map(({ length }) => length)).toEqual([100_000]);
  });
});
