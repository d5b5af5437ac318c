import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { DataDamageError } from '../../src/server/state/dataCheck.js';
import { withTempDir } from '../helpers/tempDir.js';
import { editFile, editLines, flipBit, openState, valuesOf } from './dataDirectory.js';

/** Six records, of which three are in a snapshot. */
async function makeState(directory: string): Promise<Map<string, unknown>> {
  const first = openState(directory, { compactionBytes: 1 });
  const things = first.store.collection<object>('things');
  first.store.transaction(() => {
    for (const id of ['a', 'b', 'c']) things.put(id, { name: `thing ${id}`, note: 'Zoë' });
    first.store.sequence('ids', 10)();
  });
  await first.journal.settled();
  await first.journal.close();
  const second = openState(directory);
  for (const id of ['d', 'e', 'f']) {
    second.store.collection<object>('things').put(id, { name: `thing ${id}` });
  }
  await second.journal.close();
  return valuesOf(second.store);
}

async function withState(
  use: (directory: string, values: Map<string, unknown>) => Promise<void> | void,
): Promise<void> {
  await withTempDir(async (directory) => use(directory, await makeState(directory)));
}

function damageOf(directory: string): string {
  const before = contentOf(directory);
  try {
    openState(directory);
  } catch (error) {
    expect(error).toBeInstanceOf(DataDamageError);
    expect(contentOf(directory)).toEqual(before);
    return (error as Error).message;
  }
  throw new Error('It started.');
}

function contentOf(directory: string): Map<string, string> {
  const files = readdirSync(directory).filter((name) => !name.startsWith('damaged-'));
  return new Map(files.map((name) => [name, readFileSync(join(directory, name), 'latin1')]));
}

/** Recovers, and returns the values that are missing or differ, and what the report says. */
async function recover(
  directory: string,
  values: Map<string, unknown>,
): Promise<{ missing: string[]; lost: unknown[] }> {
  const { store, journal, check } = openState(directory, { recover: true });
  const report = check.report();
  await journal.close();
  const found = valuesOf(store);
  for (const [id, value] of found) expect(values.get(id)).toEqual(value);
  const missing = [...values.keys()].filter((id) => !found.has(id));
  const again = openState(directory);
  expect(valuesOf(again.store)).toEqual(found);
  await again.journal.close();
  if (report !== undefined) expect(readdirSync(report.copies)).toContain('report.json');
  return {
    missing,
    lost: (report?.lost ?? []).map(({ records, entries, ids, what }) => ({
      ...(records && { records }),
      ...(entries !== undefined && { entries }),
      ...(records === undefined && entries === undefined && { what }),
      ids,
    })),
  };
}

const journal = 'journal.jsonl';
const snapshot = 'snapshot.jsonl';
const lineOf = (
  directory: string,
  name: string,
  number: number,
): { start: number; end: number } => {
  const lines = readFileSync(join(directory, name), 'latin1').split(/(?<=\n)/);
  const start = lines.slice(0, number).reduce((sum, line) => sum + line.length, 0);
  return { start, end: start + (lines[number]?.length ?? 0) };
};

describe('the journal', () => {
  test('with a flipped bit in its last whole record is refused, and all other records can be kept', async () => {
    await withState(async (directory, values) => {
      const { start, end } = lineOf(directory, journal, 3);
      flipBit(directory, journal, { byte: end - 6, bit: 1 });
      expect(damageOf(directory)).toContain(
        `journal.jsonl is damaged at byte ${start} (record 4): its checksum does not match`,
      );
      expect(await recover(directory, values)).toEqual({
        missing: ['things f'],
        lost: [{ records: [4, 4], ids: ['things f'] }],
      });
    });
  });

  test('with a flipped bit in a record in the middle loses only that record', async () => {
    await withState(async (directory, values) => {
      const { start, end } = lineOf(directory, journal, 2);
      flipBit(directory, journal, { byte: end - 6, bit: 0 });
      expect(damageOf(directory)).toContain(`damaged at byte ${start} (record 3)`);
      expect(await recover(directory, values)).toEqual({
        missing: ['things e'],
        lost: [{ records: [3, 3], ids: ['things e'] }],
      });
    });
  });

  test('whose first line is joined with a record loses nothing', async () => {
    await withState(async (directory, values) => {
      for (const name of [journal, snapshot]) {
        const { end } = lineOf(directory, name, 0);
        flipBit(directory, name, { byte: end - 1, bit: 5 });
      }
      expect(damageOf(directory)).toContain('journal.jsonl is damaged at byte 0');
      expect(await recover(directory, values)).toEqual({ missing: [], lost: [] });
    });
  });

  test('with an overwritten line feed loses nothing', async () => {
    await withState(async (directory, values) => {
      const { end } = lineOf(directory, journal, 2);
      flipBit(directory, journal, { byte: end - 1, bit: 5 });
      expect(damageOf(directory)).toContain('(record 3)');
      expect(await recover(directory, values)).toEqual({ missing: [], lost: [] });
    });
  });

  test('without its last record is refused', async () => {
    await withState(async (directory, values) => {
      editLines(directory, journal, (lines) => lines.slice(0, -1));
      expect(damageOf(directory)).toContain('it ends after record 3, but head.json names record 4');
      expect(await recover(directory, values)).toMatchObject({
        missing: ['things f'],
        lost: [{ records: [4, 4] }],
      });
    });
  });

  test('without a record in the middle is refused', async () => {
    await withState(async (directory, values) => {
      editLines(directory, journal, (lines) => lines.filter((_, at) => at !== 1));
      expect(damageOf(directory)).toContain('records 2 to 2 are missing before it');
      expect(await recover(directory, values)).toMatchObject({
        missing: ['things d'],
        lost: [{ records: [2, 2] }],
      });
    });
  });

  test.each(['cut in its last record', 'cut at a line', 'cut to nothing'])(
    '%s is refused',
    async (how) => {
      await withState(async (directory, values) => {
        const cuts: Record<string, number> = {
          'cut in its last record': lineOf(directory, journal, 3).end - 3,
          'cut at a line': lineOf(directory, journal, 2).end,
          'cut to nothing': 0,
        };
        editFile(directory, journal, (bytes) => bytes.subarray(0, cuts[how]));
        expect(damageOf(directory)).toContain('journal.jsonl');
        const { missing } = await recover(directory, values);
        expect(missing).toEqual(
          how === 'cut to nothing' ? ['things d', 'things e', 'things f'] : ['things f'],
        );
      });
    },
  );

  test('that is missing is refused', async () => {
    await withState(async (directory, values) => {
      rmSync(join(directory, journal));
      expect(damageOf(directory)).toContain('journal.jsonl: the file is missing');
      expect(await recover(directory, values)).toEqual({
        missing: ['things d', 'things e', 'things f'],
        lost: [{ records: [2, 4], ids: [] }],
      });
    });
  });

  test('with a repeated line loses nothing', async () => {
    await withState(async (directory, values) => {
      editLines(directory, journal, (lines) => [...lines, lines[2] ?? '']);
      expect(damageOf(directory)).toContain('it is repeated or moved');
      expect(await recover(directory, values)).toEqual({ missing: [], lost: [] });
    });
  });

  test('with swapped lines loses nothing', async () => {
    await withState(async (directory, values) => {
      editLines(directory, journal, ([header = '', a = '', b = '', c = '']) => [header, b, a, c]);
      expect(damageOf(directory)).toContain('are missing before it');
      expect(await recover(directory, values)).toEqual({ missing: [], lost: [] });
    });
  });

  test('of another data directory is refused', async () => {
    await withState(async (directory, values) => {
      await withState((other) => {
        cpSync(join(other, journal), join(directory, journal));
      });
      expect(damageOf(directory)).toContain('it belongs to another data directory');
      expect(await recover(directory, values)).toMatchObject({
        missing: ['things d', 'things e', 'things f'],
        lost: [{ records: [2, 4] }],
      });
    });
  });

  test('of another copy of the same data directory is refused', async () => {
    await withState(async (directory) => {
      await withTempDir(async (other) => {
        cpSync(directory, other, { recursive: true });
        for (const [place, note] of [
          [directory, 'ours'],
          [other, 'theirs'],
        ] as const) {
          const { store, journal: written } = openState(place);
          store.collection('things').put('g', { note });
          await written.close();
        }
        cpSync(join(other, journal), join(directory, journal));
      });
      expect(damageOf(directory)).toContain('its record 5 is not the one that head.json names');
      const { store, journal: kept, check } = openState(directory, { recover: true });
      expect(store.collection('things').has('g')).toBe(false);
      expect(check.lost.map(({ what }) => what)).toEqual([
        'record 5',
        expect.stringContaining('record 5 and possibly records before it'),
      ]);
      await kept.close();
    });
  });

  test('of an earlier generation is refused', async () => {
    await withState(async (directory, values) => {
      const before = readFileSync(join(directory, journal));
      const { store, journal: compacted } = openState(directory, { compactionBytes: 1 });
      await compacted.settled();
      store.collection('things').put('g', 1);
      await compacted.settled();
      await compacted.close();
      const more = openState(directory);
      more.store.collection('things').put('h', 1);
      await more.journal.close();
      writeFileSync(join(directory, journal), before);
      expect(damageOf(directory)).toContain('it ends after record 4, but head.json names record 6');
      values.set('things g', 1).set('things h', 1);
      expect(await recover(directory, values)).toMatchObject({
        missing: ['things g', 'things h'],
        lost: [{ records: [5, 6] }],
      });
    });
  });

  test.each([
    ['text', 'garbage'],
    ['a line', 'garbage\n'],
    ['zeros', '\0\0\0\0'],
    ['the start of another record', '["0123456789abcdef","0123456789abcdef",{"tx":5'],
  ])('with %s at its end is refused, and loses nothing', async (_, garbage) => {
    await withState(async (directory, values) => {
      editFile(directory, journal, (bytes) => Buffer.concat([bytes, Buffer.from(garbage)]));
      expect(damageOf(directory)).toContain('journal.jsonl is damaged');
      expect(await recover(directory, values)).toEqual({ missing: [], lost: [] });
    });
  });

  test('with a byte order mark or other line ends is refused', async () => {
    await withState(async (directory, values) => {
      editFile(directory, journal, (bytes) => Buffer.concat([Buffer.from('\ufeff'), bytes]));
      expect(damageOf(directory)).toContain('journal.jsonl is damaged at byte 0');
      expect(await recover(directory, values)).toEqual({ missing: [], lost: [] });
      for (const name of [journal, snapshot]) {
        editLines(directory, name, (lines) => lines.map((line) => line.replace('\n', '\r\n')));
      }
      expect(damageOf(directory)).toContain('journal.jsonl is damaged at byte 0');
      expect(await recover(directory, values)).toEqual({ missing: [], lost: [] });
    });
  });
});

describe('the snapshot', () => {
  test('with a flipped bit loses only that entry', async () => {
    await withState(async (directory, values) => {
      const { start, end } = lineOf(directory, snapshot, 2);
      flipBit(directory, snapshot, { byte: end - 6, bit: 0 });
      expect(damageOf(directory)).toContain(
        `snapshot.jsonl is damaged at byte ${start} (record 2): its checksum does not match`,
      );
      expect(await recover(directory, values)).toEqual({
        missing: ['things b'],
        lost: [{ entries: 1, ids: ['things b'] }],
      });
    });
  });

  test.each(['without a line', 'with swapped lines', 'with a repeated line', 'cut at a line'])(
    '%s is refused',
    async (how) => {
      await withState(async (directory, values) => {
        const edits: Record<string, (lines: string[]) => string[]> = {
          'without a line': ([header = '', , ...rest]) => [header, ...rest],
          'with swapped lines': ([header = '', a = '', b = '', ...rest]) => [header, b, a, ...rest],
          'with a repeated line': ([header = '', a = '', ...rest]) => [header, a, a, ...rest],
          'cut at a line': (lines) => lines.slice(0, -1),
        };
        editLines(directory, snapshot, (lines) => edits[how]?.(lines) ?? lines);
        expect(damageOf(directory)).toContain('snapshot.jsonl is damaged at byte');
        const missing =
          { 'without a line': ['things a'], 'cut at a line': ['things c'] }[how] ?? [];
        expect(await recover(directory, values)).toMatchObject({
          missing,
          lost: missing.map(() => ({ entries: 1 })),
        });
      });
    },
  );

  test('that is missing or empty is refused', async () => {
    await withState((directory) => {
      editFile(directory, snapshot, () => '');
      expect(damageOf(directory)).toContain('snapshot.jsonl: the file is empty');
    });
    await withState(async (directory, values) => {
      rmSync(join(directory, snapshot));
      expect(damageOf(directory)).toContain('snapshot.jsonl: the file is missing');
      expect(await recover(directory, values)).toMatchObject({
        missing: ['things a', 'things b', 'things c'],
        lost: [{ records: [1, 1] }],
      });
    });
  });

  test('whose first line is damaged keeps its entries and the counters of ids', async () => {
    await withState(async (directory, values) => {
      flipBit(directory, snapshot, { byte: 60, bit: 0 });
      expect(damageOf(directory)).toContain('snapshot.jsonl is damaged at byte 0');
      expect(await recover(directory, values)).toMatchObject({ missing: [] });
      const { store, journal: opened } = openState(directory);
      expect(store.sequence('ids', 10)()).toBeGreaterThan(10);
      await opened.close();
    });
  });

  test('of an earlier time is refused', async () => {
    await withState(async (directory, values) => {
      const before = readFileSync(join(directory, snapshot));
      const { store, journal: compacted } = openState(directory, { compactionBytes: 1 });
      store.collection('things').put('g', 'x'.repeat(2000));
      await compacted.settled();
      await compacted.close();
      writeFileSync(join(directory, snapshot), before);
      expect(damageOf(directory)).toContain(
        'it begins after record 5, but snapshot.jsonl names record 1',
      );
      values.set('things g', 'x'.repeat(2000));
      expect(await recover(directory, values)).toMatchObject({
        missing: ['things d', 'things e', 'things f', 'things g'],
        lost: [{ records: [2, 5] }],
      });
    });
  });
});

describe('head.json', () => {
  test.each(['missing', 'empty', 'flipped', 'cut'])(
    'that is %s is refused, and loses nothing',
    async (how) => {
      await withState(async (directory, values) => {
        if (how === 'missing') rmSync(join(directory, 'head.json'));
        else if (how === 'flipped') flipBit(directory, 'head.json', { byte: 120, bit: 3 });
        else
          editFile(directory, 'head.json', (bytes) => bytes.subarray(0, how === 'empty' ? 0 : 200));
        expect(damageOf(directory)).toContain('head.json');
        expect(await recover(directory, values)).toEqual({ missing: [], lost: [] });
      });
    },
  );

  test('of another data directory is refused, and loses nothing', async () => {
    await withState(async (directory, values) => {
      await withState((other) => {
        cpSync(join(other, 'head.json'), join(directory, 'head.json'));
      });
      expect(damageOf(directory)).toContain('head.json: it belongs to another data directory');
      expect(await recover(directory, values)).toEqual({ missing: [], lost: [] });
    });
  });

  test('of an earlier time loses nothing', async () => {
    await withState(async (directory) => {
      const before = readFileSync(join(directory, 'head.json'));
      const { store, journal: opened } = openState(directory);
      for (let n = 0; n < 3; n += 1) store.collection('things').put(`more ${n}`, n);
      await opened.close();
      writeFileSync(join(directory, 'head.json'), before);
      const again = openState(directory);
      expect(valuesOf(again.store)).toEqual(valuesOf(store));
      await again.journal.close();
    });
  });
});

test('a recovery gives out no id again that was in a lost record', async () => {
  await withTempDir(async (directory) => {
    const { store, journal: opened } = openState(directory);
    const next = store.sequence('ids');
    const ids = [1, 2, 3].map(() => {
      const id = next();
      store.collection('things').put(String(id), id);
      return id;
    });
    await opened.close();
    editLines(directory, journal, (lines) => lines.slice(0, -2));
    const recovered = openState(directory, { recover: true });
    expect(ids).not.toContain(recovered.store.sequence('ids')());
    await recovered.journal.close();
  });
});

test('a recovery of a data directory that is whole changes nothing', async () => {
  await withState(async (directory, values) => {
    const before = contentOf(directory);
    const { store, journal: opened, check } = openState(directory, { recover: true });
    expect(check.report()).toBeUndefined();
    expect(valuesOf(store)).toEqual(values);
    await opened.close();
    expect(contentOf(directory)).toEqual(before);
  });
});
