import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { getsPreview, previewText, uploadWithPreview } from './previewFiles.js';

const server = withSessions();
const commas = { contentType: 'text/csv' };
const tabs = { contentType: 'text/tab-separated-values' };

const row = (columns: number, cell: string): string[] => Array<string>(columns).fill(cell);
const table = (rows: number, columns: number, cell: string, separator = ','): string =>
  `${Array<string>(rows).fill(row(columns, cell).join(separator)).join('\n')}\n`;
const quoted = (cells: readonly string[]): string => cells.map((cell) => `"${cell}"`).join(',');

/** The lines of the preview of a table. */
async function lines(text: string, fields: object): Promise<string[]> {
  const preview = await previewText(server.alice, text, fields);
  expect(preview.endsWith('\n')).toBe(true);
  return preview.slice(0, -1).split('\n');
}

describe('TabCsvTextPreviewTest', () => {
  test('testTabGeneratePreview: tabs in quotes do not separate', async () => {
    expect(await lines('"quoted text"\t"with\ttab"\tthird\na\tb\tc', tabs)).toEqual([
      quoted(['quoted text', 'with\ttab', 'third']),
      quoted(['a', 'b', 'c']),
    ]);
  });

  test('testMaxColumnsTabGeneratePreview: only 20 columns are shown, and a mark', async () => {
    const cells = Array.from({ length: 30 }, (_, index) => String(index));
    expect(await lines(cells.join('\t'), tabs)).toEqual([
      quoted([...cells.slice(0, 20), '&hellip;']),
    ]);
  });

  test('testMaxRowsTabGeneratePreview: only 30 rows are shown, and a mark', async () => {
    const cells = Array.from({ length: 40 }, (_, index) => String(index));
    expect(await lines(cells.join('\n'), tabs)).toEqual(
      [...cells.slice(0, 30), '&hellip;'].map((cell) => `"${cell}"`),
    );
  });

  test('testMaxColumnsAndRowsTabGeneratePreview: a large table is cut on both sides', async () => {
    const shown = await lines(table(40, 30, 'x', '\t'), tabs);
    expect(shown).toHaveLength(31);
    expect(shown[0]).toBe(quoted([...row(20, 'x'), '&hellip;']));
    expect(shown[30]).toBe(quoted(row(21, '&hellip;')));
  });

  test('testVaryingColumnLengthGeneratePreview: rows keep their number of columns', async () => {
    const text = [5, 10, 2].map((columns) => row(columns, 'x').join('\t')).join('\t\n');
    expect(await lines(text, tabs)).toEqual([
      `${quoted(row(5, 'x'))},`,
      `${quoted(row(10, 'x'))},`,
      quoted(row(2, 'x')),
    ]);
  });

  test('testContentType: the content type tells the separator', async () => {
    for (const contentType of [
      'text/tab-separated-values',
      'text/tsv',
      'application/tab-separated-values',
      'application/tsv',
      'application/x-tsv',
    ]) {
      expect(await lines('a,b\tc', { contentType })).toEqual([quoted(['a,b', 'c'])]);
    }
    for (const contentType of [
      'text/comma-separated-values',
      'text/csv',
      'application/comma-separated-values',
      'application/csv',
      'application/x-csv',
    ]) {
      expect(await lines('a,b\tc', { contentType })).toEqual([quoted(['a', 'b\tc'])]);
    }
    expect(await previewText(server.alice, 'a\tb', { contentType: 'text/xml' })).toBe('a\tb');
  });

  test('testContentType: the name tells the separator of a spreadsheet', async () => {
    for (const contentType of [
      'application/xls',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'application/msexcel',
      'application/vnd.ms-excel',
    ]) {
      const named = (fileName: string): object => ({ contentType, fileName });
      expect(await lines('a,b\tc', named('a.csv'))).toEqual([quoted(['a', 'b\tc'])]);
      expect(await lines('a,b\tc', named('a.tsv'))).toEqual([quoted(['a,b', 'c'])]);
      expect(await getsPreview(server.alice, Buffer.from('a'), named('a.other'))).toBe(false);
    }
  });

  test('testCalculateMax: a table that is much larger than its preview has one', async () => {
    const { content } = await uploadWithPreview(
      server.alice,
      Buffer.from(table(40_000, 10, 'x'.repeat(10))),
      commas,
    );
    expect(content.toString().split('\n')).toHaveLength(32);
  });

  test('testEmptyFile: a table without rows has no preview', async () => {
    expect(await getsPreview(server.alice, Buffer.from('\ufeff'), commas)).toBe(false);
  });

  test('testCreateEllipsisRow: the last row has a mark in each column', async () => {
    expect((await lines(table(31, 3, 'x'), commas)).at(-1)).toBe(quoted(row(3, '&hellip;')));
  });

  test('testCreatePreviewCell: a short cell is shown as it is', async () => {
    expect(await lines('foo', commas)).toEqual(['"foo"']);
  });

  test('testCreatePreviewCellNull: an empty cell stays empty', async () => {
    expect(await lines('a,,"",b', commas)).toEqual(['"a",,"","b"']);
  });

  test('testCreatePreviewCellAtMax: a cell of 40 characters is shown as it is', async () => {
    expect(await lines('a'.repeat(40), commas)).toEqual([`"${'a'.repeat(40)}"`]);
  });

  test('testCreatePreviewCellAtOverMax: a cell of 41 characters is cut', async () => {
    expect(await lines('a'.repeat(41), commas)).toEqual([`"${'a'.repeat(40)}&hellip;"`]);
  });

  test('testCreatePreviewRowCharsOverLimit: a cut cell ends with a mark', async () => {
    expect(await lines(`${'a'.repeat(60)},b`, commas)).toEqual([
      quoted([`${'a'.repeat(40)}&hellip;`, 'b']),
    ]);
  });

  test('testCreatePreviewRowAtMaxColumns: 20 columns are shown as they are', async () => {
    expect(await lines(table(1, 20, 'a'), commas)).toEqual([quoted(row(20, 'a'))]);
  });

  test('testCreatePreviewRowOverMaxColumns: the 21st column is a mark', async () => {
    expect(await lines(table(1, 21, 'a'), commas)).toEqual([quoted([...row(20, 'a'), '&hellip;'])]);
  });

  test('testCreatePreviewRowOverMaxColumnsPlus: more columns make one mark', async () => {
    expect(await lines(table(1, 30, 'a'), commas)).toEqual([quoted([...row(20, 'a'), '&hellip;'])]);
  });

  test('testGeneratePreviewRowsAtMax: 30 rows are shown as they are', async () => {
    expect(await lines(table(30, 2, 'aa'), commas)).toEqual(
      Array<string>(30).fill(quoted(row(2, 'aa'))),
    );
  });

  test.each([31, 40])(
    'testGeneratePreviewRowsJustOverMax: %s rows end with a mark',
    async (rows) => {
      const shown = await lines(table(rows, 2, 'aa'), commas);
      expect(shown).toHaveLength(31);
      expect(shown.at(-1)).toBe(quoted(row(2, '&hellip;')));
    },
  );

  test('testGeneratePreviewRowsWayOverMax: many rows make one mark', async () => {
    expect(await lines(table(400, 2, 'aa'), commas)).toHaveLength(31);
  });

  const checkLarge = async (fields: object, separator: string): Promise<void> => {
    const shown = await lines(table(100, 100, 'a'.repeat(100), separator), fields);
    expect(shown).toHaveLength(31);
    expect(shown[0]).toBe(quoted([...row(20, `${'a'.repeat(40)}&hellip;`), '&hellip;']));
    expect(shown[30]).toBe(quoted(row(21, '&hellip;')));
  };

  test('testGeneratePreviewCSV: a large table with commas is cut in every direction', async () => {
    await checkLarge(commas, ',');
  });

  test('testGeneratePreviewTab: a large table with tabs is cut in every direction', async () => {
    await checkLarge(tabs, '\t');
  });

  test('testPLFM_4236: rows of 20 columns are shown whole', async () => {
    const text = `${table(1, 20, 'name')}${table(6, 20, 'FALSE')}`;
    const shown = await lines(text.replaceAll('\n', '\r\n'), commas);
    expect(shown).toEqual([
      quoted(row(20, 'name')),
      ...Array<string>(6).fill(quoted(row(20, 'FALSE'))),
    ]);
  });
});
