import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { csvFormat, type CsvFormat } from '../../src/server/tables/csv/csvFormat.js';
import { CsvError, CsvParser, type CsvRow } from '../../src/server/tables/csv/csvParser.js';
import { CsvPreview } from '../../src/server/tables/csv/csvPreview.js';
import { CsvWriter } from '../../src/server/tables/csv/csvWriter.js';

fc.configureGlobal({ seed: 20_261_127 });

/** Parses text that arrives in pieces which are cut at these places. */
function parse(text: string, format: CsvFormat = csvFormat(), pieceLength = text.length): CsvRow[] {
  const parser = new CsvParser(format);
  const rows: CsvRow[] = [];
  for (let start = 0; start < text.length; start += Math.max(pieceLength, 1)) {
    rows.push(...parser.push(text.slice(start, start + Math.max(pieceLength, 1))));
  }
  return [...rows, ...parser.end()];
}

function preview(text: string, hasHeader = true): ReturnType<CsvPreview['result']> {
  const made = new CsvPreview(hasHeader);
  for (const row of parse(text)) {
    made.add(row);
  }
  return made.result();
}

describe('CSV', () => {
  test('what is written is read back whatever the format', () => {
    const formats = fc.constantFrom(
      csvFormat(),
      csvFormat({ separator: '\t', quoteCharacter: "'", lineEnd: '\r\n' }),
      csvFormat({ separator: ';', escapeCharacter: '/' }),
      csvFormat({ separator: '|', quoteCharacter: '$', escapeCharacter: '^' }),
    );
    const cell = fc.oneof(
      fc.constant(null),
      fc.string({ maxLength: 6 }),
      fc.string({
        unit: fc.constantFrom(
          'a',
          '"',
          "'",
          '\\',
          ',',
          ';',
          '\t',
          '\n',
          '\r',
          '$',
          '^',
          '|',
          ' ',
          'é',
        ),
        maxLength: 6,
      }),
    );
    fc.assert(
      fc.property(
        formats,
        // A row with one empty cell is an empty line, which is no row.
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 7 }),
        (format, rows, pieceLength) => {
          const writer = new CsvWriter(format);
          const text = rows.map((row) => writer.row(row)).join('');
          expect(parse(text, format, pieceLength)).toEqual(rows);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('an empty cell is null unless it is quoted', () => {
    expect(parse('a,,""\r\n"b ""x""",c\\"\rd,"e\nf",g')).toEqual([
      ['a', null, ''],
      ['b "x"', 'c"'],
      ['d', 'e\nf', 'g'],
    ]);
  });

  test('any line end will do, and stays what it is inside of quotes', () => {
    expect(parse('\ufeffa\n\nb\n')).toEqual([['a'], ['b']]);
    expect(parse('"a\r\n\rb"\r"c\r\n"\r\n')).toEqual([['a\r\n\rb'], ['c\r\n']]);
  });

  test('an escape is dropped unless a quote or an escape follows inside of a cell', () => {
    expect(parse('C:\\temp,"a\\\\b","c\\"d",\\\n')).toEqual([['C:temp', 'a\\b', 'c"d', null]]);
  });

  test('a quote inside of a cell is text', () => {
    expect(parse('a,bc"d"ef,g\n"a"b",  "c"\n')).toEqual([
      ['a', 'bc"d"ef', 'g'],
      ['a"b', 'c'],
    ]);
  });

  test('the cells before quotes that are never closed are the last row', () => {
    expect(parse('a,b\nc,"d\ne,f\n')).toEqual([['a', 'b'], ['c']]);
    expect(parse('a,b\n"d\ne,f')).toEqual([['a', 'b']]);
  });

  test('lines at the start can be skipped', () => {
    const parser = new CsvParser(csvFormat(), 2);
    expect(parser.push('# "not csv\n# at all\na,b\n1,')).toEqual([['a', 'b']]);
    expect(parser.end()).toEqual([['1', null]]);
  });

  test('a quote that is never closed does not eat all memory', () => {
    const parser = new CsvParser(csvFormat());
    const piece = 'x'.repeat(16 * 1024 * 1024);
    expect(() => {
      parser.push(`"${piece}`);
      for (let i = 0; i < 5; i += 1) {
        parser.push(piece);
      }
    }).toThrow(CsvError);
  });

  test('descriptors have single characters', () => {
    expect(() => csvFormat({ separator: '||' })).toThrow(
      'CsvTableDescriptor.separator must be exactly one character.',
    );
  });
});

describe('a preview', () => {
  test('suggests the narrowest type that all values fit', () => {
    const text =
      'b,i,d,t,e,s,m,none\ntrue,1,1,2020-01-01,syn1,x,' +
      'm'.repeat(1001) +
      ',\nFALSE,2,2.5,5,syn2,long,y,\n';
    expect(preview(text).suggestedColumns).toEqual([
      { name: 'b', columnType: 'BOOLEAN' },
      { name: 'i', columnType: 'INTEGER' },
      { name: 'd', columnType: 'DOUBLE' },
      { name: 't', columnType: 'DATE' },
      { name: 'e', columnType: 'ENTITYID' },
      { name: 's', columnType: 'STRING', maximumSize: 4 },
      { name: 'm', columnType: 'MEDIUMTEXT' },
      { name: 'none', columnType: 'STRING', maximumSize: 50 },
    ]);
  });

  test('makes names of headers', () => {
    const { suggestedColumns, sampleRows, rowsScanned } = preview(
      'ROW_ID,ROW_VERSION,a b,a-b,a b,!\n1,2,x,y,z,w\n',
    );
    expect(suggestedColumns?.map(({ name }) => name)).toEqual(['a_b', 'ab', 'a_b1', 'col']);
    expect(sampleRows).toEqual([{ rowId: 1, versionNumber: 2, values: ['x', 'y', 'z', 'w'] }]);
    expect(rowsScanned).toBe(1);
    expect(preview('1,x\n', false).suggestedColumns?.map(({ name }) => name)).toEqual([
      'col1',
      'col2',
    ]);
  });

  test('refuses rows that are too long', () => {
    expect(() => preview('a,b\n1,2,3\n')).toThrow(
      'Row number 2 has 3 column(s).  Expected each row to have 2 columns or less.',
    );
    expect(() => preview('')).toThrow('Expected the first line to be the header but was empty.');
  });
});
