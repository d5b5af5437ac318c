import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { cellText, cellTexts } from '../../src/tables/csv/csvCells.js';
import { csvDialect, type CsvDialect } from '../../src/tables/csv/csvDialect.js';
import { scanCsv, type CsvScanOptions } from '../../src/tables/csv/csvScanner.js';
import { writeCsvRow } from '../../src/tables/csv/writeCsvRow.js';

type Cell = string | null;

interface ScanOptions {
  dialect?: CsvDialect;
  emptyLines?: CsvScanOptions['emptyLines'];
}

/** The rows of a text that arrives in chunks. The memory of a chunk is overwritten after it was taken. */
async function scan(
  chunks: readonly (string | Uint8Array)[],
  { dialect, emptyLines = 'skip' }: ScanOptions = {},
): Promise<Cell[][]> {
  async function* source(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) {
      const bytes = Buffer.from(chunk as string);
      await Promise.resolve();
      yield bytes;
      bytes.fill(0xff);
    }
  }
  const full = csvDialect(dialect);
  const rows: Cell[][] = [];
  for await (const batch of scanCsv(source(), { dialect: full, name: 'a.csv', emptyLines })) {
    expect(batch.firstRow).toBe(rows.length + 1);
    const text = cellTexts(batch, full);
    for (let row = 0; row < batch.rowCount; row += 1) {
      const cells = Array.from({ length: batch.width }, (_, index) => row * batch.width + index);
      rows.push(cells.map(text));
      expect(cells.map((cell) => cellText(batch, cell, full))).toEqual(cells.map(text));
    }
  }
  return rows;
}

/** All ways to cut a text into two chunks, and into single bytes. */
function cuts(text: string): Uint8Array[][] {
  const bytes = Buffer.from(text);
  const halves = Array.from({ length: bytes.length + 1 }, (_, at) => [
    bytes.subarray(0, at),
    bytes.subarray(at),
  ]);
  return [...halves, [...bytes].map((byte) => Buffer.of(byte))];
}

describe('cells', () => {
  test.each<[string, string, Cell[][]]>([
    [
      'an empty cell is null, an empty cell in quotes is the empty text',
      'a,,""\n',
      [['a', null, '']],
    ],
    [
      'rows end with LF',
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'rows end with CRLF',
      'a,b\r\n"c","d"\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'rows end with CR',
      'a,b\r"c","d"\r',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['line ends may differ', 'a\rb\nc\r\nd', [['a'], ['b'], ['c'], ['d']]],
    [
      'the last row may lack its line end',
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'the last row may end with an empty cell',
      'a,b\nc,',
      [
        ['a', 'b'],
        ['c', null],
      ],
    ],
    [
      'the last cell may be an empty text',
      'a,b\nc,""',
      [
        ['a', 'b'],
        ['c', ''],
      ],
    ],
    ['a doubled quote is one', '"a""b","""",""""""\n', [['a"b', '"', '""']]],
    ['an escaped quote is one', '"a\\"b"\n', [['a"b']]],
    ['a doubled escape character is one', '"a\\\\","\\\\"\n', [['a\\', '\\']]],
    ['an escape character before another one is itself', '"\\n\\",",\\t\n', [['\\n",', '\\t']]],
    ['an escaped quote may be outside of quotes', 'a\\"b,\\\\\n', [['a"b', '\\']]],
    ['an escape character at the end is itself', 'a\\', [['a\\']]],
    ['line ends and separators in quotes belong to the cell', '"a\r\nb,c\n"\n', [['a\r\nb,c\n']]],
    ['spaces belong to cells', ' a , b \n', [[' a ', ' b ']]],
    [
      'characters of four bytes',
      '"😀",é\n😀,"€"\n',
      [
        ['😀', 'é'],
        ['😀', '€'],
      ],
    ],
    ['a byte order mark is skipped', '\ufeff"a",b\n', [['a', 'b']]],
    ['a byte order mark elsewhere is a character', 'a,\ufeff\n', [['a', '\ufeff']]],
    ['a text that is a byte order mark has no rows', '\ufeff', []],
    ['a text of one character', 'a', [['a']]],
    ['an empty text has no rows', '', []],
    [
      'empty lines are skipped',
      '\n\na,b\n\r\n\nc,d\n\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['an empty text in quotes is no empty line', '""\n\n""\n', [[''], ['']]],
  ])('%s', async (_, text, rows) => {
    for (const chunks of cuts(text)) expect(await scan(chunks)).toEqual(rows);
  });

  test('an empty line of one column can be a row', async () => {
    for (const chunks of cuts('h\n\na\r\n\r\n""\n')) {
      expect(await scan(chunks, { emptyLines: 'row' })).toEqual([
        ['h'],
        [null],
        ['a'],
        [null],
        [''],
      ]);
    }
  });

  test('the escape character can be the quote', async () => {
    for (const chunks of cuts('"a""b\\",\\n\n"""",""\n')) {
      const rows = await scan(chunks, { dialect: { escape: '"' } });
      expect(rows).toEqual([
        ['a"b\\', '\\n'],
        ['"', ''],
      ]);
    }
  });

  test('a row may be longer than chunks, in linear time', async () => {
    const cell = 'x"'.repeat(500_000);
    const text = Buffer.from(`a,b\n"${cell.replaceAll('"', '""')}",1\n`);
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < text.length; at += 1000) chunks.push(text.subarray(at, at + 1000));
    const rows = await scan(chunks);
    expect(rows.length).toBe(2);
    expect(rows[1]?.[0] === cell).toBe(true);
  });

  test('a chunk may be larger than what is scanned at a time', async () => {
    const text = Buffer.from('abcdefgh,"é"\n'.repeat(300_000));
    async function* source(): AsyncGenerator<Uint8Array> {
      await Promise.resolve();
      yield text;
    }
    const dialect = csvDialect();
    const counts: number[] = [];
    let last: (string | null)[] = [];
    for await (const batch of scanCsv(source(), { dialect, name: 'a.csv', emptyLines: 'skip' })) {
      counts.push(batch.rowCount);
      const end = batch.rowCount * batch.width;
      last = [cellText(batch, end - 2, dialect), cellText(batch, end - 1, dialect)];
    }
    expect(counts.length).toBeGreaterThan(3);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(300_000);
    expect(last).toEqual(['abcdefgh', 'é']);
  });
});

const characters = fc.constantFrom(
  'a',
  'é',
  '😀',
  '"',
  '\\',
  ',',
  ';',
  "'",
  '\n',
  '\r',
  '\t',
  ' ',
  '\u2028',
  '\u0301',
  '|',
);
const cell = fc.oneof(
  fc.constant(null),
  fc.string({ unit: characters, maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const tables = fc
  .integer({ min: 1, max: 4 })
  .chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 8 }),
  );
const dialects = fc.record({
  separator: fc.constantFrom(',', ';', '\t', '|', ' '),
  quote: fc.constantFrom('"', "'"),
  escape: fc.constantFrom('\\', '"', "'"),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
});

/** Cuts bytes at random places. */
function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const borders = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length];
  borders.sort((a, b) => a - b);
  return borders.slice(1).map((to, index) => bytes.subarray(borders[index], to));
}

describe('what writeCsvRow writes', () => {
  test('is read unchanged, however it is cut, in every dialect', async () => {
    await fc.assert(
      fc.asyncProperty(
        tables,
        dialects,
        fc.array(fc.nat(), { maxLength: 6 }),
        fc.boolean(),
        async (rows, dialect, places, hasMark) => {
          const full = csvDialect(dialect);
          const header = (rows[0] ?? ['a']).map((_, index) => `column${index}`);
          const text = [header, ...rows].map((row) => writeCsvRow(row, full)).join('');
          const chunks = cutAt(Buffer.from(hasMark ? `\ufeff${text}` : text), places);
          expect(await scan(chunks, { dialect, emptyLines: 'row' })).toEqual([header, ...rows]);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('is read by csv-parse with the same texts', () => {
    fc.assert(
      fc.property(tables, (rows) => {
        const dialect = csvDialect({ escape: '"' });
        const text = rows.map((row) => writeCsvRow(row, dialect)).join('');
        const expected = rows
          .map((row) => row.map((value) => value ?? ''))
          // csv-parse cannot tell an empty line from a row with one empty cell.
          .filter((row, index) => row.length > 1 || rows[index]?.[0] !== null);
        expect(parse(text, { skipEmptyLines: true, recordDelimiter: '\n' })).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});

describe('any text', () => {
  const fragments = fc.constantFrom(
    'a',
    'é',
    '"',
    '""',
    '","',
    ',',
    '\n',
    '\r\n',
    '"a"',
    '"a,b"',
    '\\',
    ' ',
  );
  const texts = fc.array(fragments, { maxLength: 20 }).map((parts) => parts.join(''));

  /** Rows, or undefined for an error. */
  function ofCsvParse(text: string): string[][] | undefined {
    try {
      return parse(text, {
        bom: true,
        escape: '"',
        skipEmptyLines: true,
        recordDelimiter: ['\r\n', '\n', '\r'],
      });
    } catch {
      return undefined;
    }
  }

  test('is accepted, refused and read as csv-parse does', async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.array(fc.nat(), { maxLength: 3 }), async (text, places) => {
        const expected = ofCsvParse(text);
        const scanning = scan(cutAt(Buffer.from(text), places), { dialect: { escape: '"' } });
        const found = await scanning.catch(() => undefined);
        // A line with an empty text in quotes is no empty line.
        const rows = found?.map((row) => row.map((value) => value ?? ''));
        expect(rows).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test('gives the same result however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.array(fc.nat(), { maxLength: 5 }), async (text, places) => {
        const message = (error: unknown): string => (error as Error).message;
        const whole = await scan([text]).catch(message);
        expect(await scan(cutAt(Buffer.from(text), places)).catch(message)).toEqual(whole);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a text that is refused', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['too few cells', 'a,b\nc,d\ne\n', 'Row 3 of a.csv has 1 cells, the first row has 2.'],
    ['too many cells', 'a,b\n\nc,d,e\n', 'Row 2 of a.csv has 3 cells, the first row has 2.'],
    ['an unclosed quote', 'a,b\n"c,d\ne,f\n', 'Row 2 of a.csv has a quote that is not closed.'],
    ['text after a quote', 'a\n"b"c\n', 'Row 2 of a.csv has text after a cell in quotes.'],
    [
      'a quote inside of text',
      'a\nb"c"\n',
      'Row 2 of a.csv has a quote inside a cell that does not begin with one.',
    ],
    [
      'Latin-1',
      Buffer.from('a,b\nc,d\n\xe9,f\ng,h\n', 'latin1'),
      'Row 3 of a.csv is not UTF-8 text.',
    ],
    [
      'half a character',
      Buffer.from('a,b\nc,\u20ac').subarray(0, -1),
      'Row 2 of a.csv is not UTF-8 text.',
    ],
    ['UTF-16', Buffer.from('\ufeffa,b\n', 'utf16le'), 'a.csv is not UTF-8 text, but UTF-16'],
    [
      'UTF-16, the other one',
      Buffer.from('\ufeffa,b\n', 'utf16le').swap16(),
      'a.csv is not UTF-8 text, but UTF-16',
    ],
    [
      'UTF-16 without a mark',
      Buffer.from('a,b\n', 'utf16le'),
      'a.csv is not UTF-8 text, but UTF-16',
    ],
    [
      'thousands of cells in a row',
      ','.repeat(20_000),
      'Row 1 of a.csv has more than 10000 cells.',
    ],
  ])('%s', async (_, text, message) => {
    await expect(scan([text])).rejects.toThrow(message);
    await expect(scan([text])).rejects.toMatchObject({ name: 'CsvError' });
  });

  test('a row of more than 64 MiB', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'a');
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a,b\n"');
      for (;;) {
        await Promise.resolve();
        yield chunk;
      }
    }
    const options = { dialect: csvDialect(), name: 'a.csv', emptyLines: 'skip' } as const;
    const reading = async (): Promise<void> => {
      for await (const batch of scanCsv(endless(), options)) expect(batch.rowCount).toBe(1);
    };
    await expect(reading()).rejects.toThrow('Row 2 of a.csv has more than 67108864 bytes');
  });
});
