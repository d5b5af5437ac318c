import { describe, expect, test } from '@jest/globals';
import { alignedLines } from '../../src/cli/alignedLines.js';
import { EntityListing } from '../../src/cli/entityListing.js';
import { wrapText } from '../../src/cli/help/wrapText.js';
import { listItems } from '../../src/cli/listItems.js';
import {
  cutColumns,
  firstColumns,
  lastColumns,
  padColumns,
  textWidth,
} from '../../src/cli/textWidth.js';
import { TreeText } from '../../src/cli/treeText.js';

describe('the width of a text', () => {
  test.each([
    ['', 0],
    ['plain text', 10],
    ['日本語', 6],
    ['한국어', 6],
    ['\u1112\u1161\u11ab', 2],
    ['ﾊﾝｶｸ', 4],
    ['ＦＵＬＬ', 8],
    ['naïve', 5],
    ['nai\u0308ve', 5],
    ['e\u0301\u0323', 1],
    ['🧬', 2],
    ['✅ done', 7],
    ['⚠', 1],
    ['a\u200bb', 2],
    ['𠀀', 2],
    ['Привет', 6],
    ['مرحبا', 5],
  ])('%s', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  test('of what is cut or padded is the one asked for', () => {
    for (const text of [
      '日本語テキスト',
      'plain text',
      '🧬🧪🧫',
      'e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301',
    ]) {
      for (let columns = 0; columns < 20; columns += 1) {
        expect(textWidth(firstColumns(text, columns))).toBeLessThanOrEqual(columns);
        expect(textWidth(cutColumns(text, columns))).toBeLessThanOrEqual(columns);
        expect(textWidth(lastColumns(text, columns))).toBeLessThanOrEqual(columns);
        expect(textWidth(padColumns(cutColumns(text, columns), columns))).toBe(columns);
      }
    }
  });

  test('of a cut text shows where it is cut', () => {
    expect(cutColumns('日本語テキスト', 7)).toBe('日本語…');
    expect(lastColumns('data/日本語.txt', 9)).toBe('…本語.txt');
    expect(cutColumns('fits', 4)).toBe('fits');
    expect(lastColumns('xe\u0301y', 2)).toBe('…y');
  });
});

describe('aligned lines', () => {
  const rows = [
    ['ID', 'NAME', 'CREATED', 'ABOUT'],
    [
      'syn10000001',
      '日本語のプロジェクト',
      '2026-01-02T03:04:05.678Z',
      'what it is about, in many words',
    ],
    ['syn2', 'short', '2026-01-02T03:04:05.678Z', ''],
  ];

  test('are whole in a pipe', () => {
    expect(alignedLines(rows)).toEqual([
      'ID           NAME                  CREATED                   ABOUT',
      'syn10000001  日本語のプロジェクト  2026-01-02T03:04:05.678Z  what it is about, in many words',
      'syn2         short                 2026-01-02T03:04:05.678Z',
    ]);
  });

  test('fit on a terminal: texts are cut, ids and times are not', () => {
    expect(alignedLines(rows, { available: 80 })).toEqual([
      'ID           NAME                  CREATED                   ABOUT',
      'syn10000001  日本語のプロジェクト  2026-01-02T03:04:05.678Z  what it is about, …',
      'syn2         short                 2026-01-02T03:04:05.678Z',
    ]);
  });

  test('have the last cell below on a narrow terminal', () => {
    expect(alignedLines(rows, { available: 60 })).toEqual([
      'ID           NAME                  CREATED',
      '    ABOUT',
      'syn10000001  日本語のプロジェクト  2026-01-02T03:04:05.678Z',
      '    what it is about, in many words',
      'syn2         short                 2026-01-02T03:04:05.678Z',
    ]);
  });

  test.each([60, 80, 100])('of lists of any text are at most %d columns', async (available) => {
    const texts = ['日本語 '.repeat(20), 'word '.repeat(30), '🧬 '.repeat(40), 'x'];
    const cells = texts.map((one) => ['syn123', one, one, '12', one]);
    for (const line of alignedLines(cells, { available })) {
      expect(textWidth(line)).toBeLessThanOrEqual(available);
    }
    const printed: string[] = [];
    await listItems(texts, { ID: () => 'syn1', TEXT: (text) => text }, (text) =>
      printed.push(text),
    );
    expect(printed.join('\n')).toContain(texts[0]?.trim());
  });

  test('of a long listing keep every name at 60 columns', () => {
    const header = {
      id: 'syn10000001',
      name: 'results of the second run',
      type: 'org.sagebionetworks.repo.model.FileEntity',
      versionNumber: 12,
      createdBy: '1',
      modifiedOn: '2026-01-02T03:04:05.678Z',
    };
    const row = { header, depth: 0, isContainer: false, contentSize: 1_234_567 };
    const userNames = new Map([['1', 'a-user-with-a-long-name']]);
    const options = { long: true, isTable: true, modified: false, userNames, available: 60 };
    const lines = new EntityListing(options).lines([row]);
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(60);
    expect(lines.join('\n')).toContain('results of the second run');
    expect(lines.join('\n')).toContain('syn10000001');
  });
});

test('a tree cuts long names on a terminal, and keeps the ids', () => {
  const top = {
    id: 'syn1',
    name: 'a project with a very long name that does not fit on the terminal at all',
    type: 'org.sagebionetworks.repo.model.Project',
  };
  const details = { long: false, sizes: new Map(), available: 60 };
  const step = { depth: 0, folders: [], files: [], path: '' };
  const [line = ''] = new TreeText(top, 0).lines(step as never, details);
  expect(textWidth(line)).toBe(60);
  expect(line).toContain('…/ (syn1) [Project]');
});

describe('wrapped text', () => {
  test('breaks between words, by the columns of wide characters', () => {
    expect(wrapText('日本語 日本語 abc', 13)).toEqual(['日本語 日本語', 'abc']);
    expect(wrapText('one two three', 7)).toEqual(['one two', 'three']);
  });

  test('keeps a long word, such as a path, whole', () => {
    expect(wrapText('see /a/long/path here', 8)).toEqual(['see', '/a/long/path', 'here']);
  });
});
