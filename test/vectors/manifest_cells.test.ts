import { isDeepStrictEqual } from 'node:util';
import { describe, expect } from '@jest/globals';
import type * as M from '../../generated/models.js';
import { toWireAnnotations, type AnnotationValue } from '../../src/entities/annotationValues.js';
import {
  annotationsOfCell,
  splitCell,
  valuesOfCell,
} from '../../src/sync/manifest/annotationsOfCell.js';
import { cellOfAnnotations } from '../../src/sync/manifest/cellOfAnnotations.js';
import { readRow } from '../../src/sync/manifest/readRow.js';
import { readHeader } from '../../src/sync/manifest/readHeader.js';
import type { ManifestForm } from '../../src/sync/manifest/manifestRow.js';
import { annotationOf, typedValue } from './manifestValues.js';
import { isAccidentalDate, outcomeOf, readVectors, tagOf, testEach } from './readVectors.js';

interface Input {
  fn: string;
  args: unknown[];
}

const cases = readVectors<Input>('manifest_cells');
const only = (...names: string[]) => cases.filter(({ input }) => names.includes(input.fn));

const isList = Array.isArray as (value: unknown) => value is unknown[];

/** A whole number of more than 64 bits, which no annotation holds. */
const isTooLong = ({ type, value }: M.AnnotationsValue): boolean =>
  type === 'LONG' && value.some((text) => BigInt.asIntN(64, BigInt(text)) !== BigInt(text));

const readers: Readonly<Record<string, ManifestForm>> = {
  read_csv_cell: 'csv',
  read_tsv_cell: 'tsv',
};

describe('a cell', () => {
  testEach(only('read_csv_cell', 'read_tsv_cell'), async ({ input, expected }) => {
    const [text = ''] = input.args as string[];
    const form = readers[input.fn] ?? 'csv';
    const { value: actual, error } = await outcomeOf(() => annotationsOfCell(text, form));
    const values = isList(expected.value) ? expected.value : [expected.value];
    const wanted = annotationOf(values);
    const elements = text
      .replace(/^\[|\]$/g, '')
      .split(',')
      .map((part) => part.trim());
    if (elements.some(isAccidentalDate)) return;
    if (wanted === undefined || isTooLong(wanted) || /\\N\{/.test(text)) {
      // Departure: what no annotation can have is refused.
      expect(error?.message).toMatch(/no annotation can have|64 bits|character itself/);
    } else if (text.trim() === '') {
      // Departure: a cell of blanks is blank.
      expect(actual).toBeUndefined();
    } else if (
      wanted.type === 'STRING' &&
      new Set(values.map((one) => typedValue(one)?.type)).size > 1
    ) {
      // Departure: values of several types are texts as they are written.
      expect(actual).toMatchObject({ type: 'STRING' });
      expect((actual as M.AnnotationsValue).value).toHaveLength(values.length);
    } else {
      expect(actual).toEqual(wanted);
    }
  });
});

describe('a list is split', () => {
  testEach(only('split_cell'), ({ input, expected }) => {
    expect(splitCell(String(input.args[0]))).toEqual(expected.value);
  });
});

describe('an annotation becomes a cell', () => {
  testEach(only('write_cell'), async ({ input, expected }) => {
    const [values = []] = input.args as unknown[][];
    // Departures: values of several types, `None` and dates without a time cannot be annotations.
    const typed = values.map(typedValue);
    const types = new Set(typed.map((one) => one?.type));
    if (typed.includes(undefined) || types.size > 1) return;
    const { value: actual, error } = await outcomeOf(() =>
      cellOfAnnotations(annotationOf(values) ?? { value: [] }),
    );
    const annotation = annotationOf(values);
    const isNaN = annotation?.type === 'DOUBLE' && annotation.value.includes('nan');
    if (isNaN) {
      expect(error?.message).toMatch(/cannot hold/);
      return;
    }
    if (actual === expected.value) return;
    // Departure: a cell that would be read as something else is written in another way.
    const python = String(expected.value);
    if (annotation?.type === 'TIMESTAMP_MS') {
      expect(JSON.stringify(values)).toMatch(/[+-](?!00:00)\d\d:\d\d"|\.\d{3}[1-9]/);
    } else {
      expect(isKept(python, annotation)).toBe(false);
    }
    expect(annotationsOfCell(String(actual), 'csv')).toEqual(annotation);
    expect(annotationsOfCell(String(actual), 'tsv')).toEqual(annotation);
  });
});

/** Whether both forms read the annotation back from the cell. */
function isKept(cell: string, annotation: M.AnnotationsValue | undefined): boolean {
  const looksLikeNumber = annotation?.type === 'STRING' && !Number.isNaN(Number(cell));
  const countsAsBlank = ['NA', 'N/A', 'nan', 'NaN', 'null', 'NULL', 'None', 'n/a', ''].includes(
    cell,
  );
  if (looksLikeNumber || countsAsBlank) return false;
  return (['csv', 'tsv'] as const).every((form) => {
    try {
      const read = valuesOfCell(cell, form) ?? [];
      const isTyped = read.every(({ type }) => type === annotation?.type);
      return isTyped && isDeepStrictEqual(annotationsOfCell(cell, form), annotation);
    } catch {
      return false;
    }
  });
}

/** The row of a manifest with these cells. */
function rowOf(form: ManifestForm, cells: Readonly<Record<string, string>>) {
  const all = { path: '/a', [form === 'csv' ? 'parentId' : 'parent']: 'syn1', ...cells };
  const { header } = readHeader({ cells: Object.keys(all) }, 'manifest', form);
  return readRow(header, 1, { cells: Object.values(all) });
}

/** The text that pandas reads as this value. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  const tag = tagOf(value);
  if (tag?.$float !== undefined) return tag.$float;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'number' ? String(value) : (value as string);
}

describe('the annotations of a row', () => {
  testEach(only('build_annotations_csv', 'build_annotations_tsv'), ({ input, expected }) => {
    const [given = {}] = input.args as Record<string, unknown>[];
    const form = input.fn.endsWith('csv') ? 'csv' : 'tsv';
    const cells = Object.fromEntries(Object.entries(given).map(([k, v]) => [k, cellText(v)]));
    const event = rowOf(form, cells);
    const wanted: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(expected.value as Record<string, unknown>)) {
      // Departures: NaN and cells of blanks are no annotations.
      if (cells[key] === 'NaN' || cells[key]?.trim() === '') continue;
      wanted[key] = annotationOf(isList(value) ? value : [value]);
    }
    expect(event?.row?.annotations).toEqual(wanted);
    expect(event?.problems).toEqual([]);
  });
});

describe('forceVersion', () => {
  testEach(only('parse_force_version'), ({ input, expected }) => {
    const text = cellText(input.args[0]);
    const event = rowOf('csv', { forceVersion: text });
    // Departures: blanks around a word do not count, and other words are refused.
    if (['', 'true', 'false'].includes(text.toLowerCase())) {
      expect(event?.row?.forceVersion).toBe(expected.value);
    } else if (['true', 'false'].includes(text.trim().toLowerCase())) {
      expect(event?.row?.forceVersion).toBe(text.trim().toLowerCase() === 'true');
    } else {
      expect(event?.problems).toMatchObject([{ column: 'forceVersion', value: text, row: 1 }]);
    }
  });
});

// The two spellings of annotations agree.
describe('the types of a cell are those of annotations', () => {
  testEach(only('write_cell'), async ({ input }) => {
    const [values = []] = input.args as unknown[][];
    const plain = values.filter((value): value is AnnotationValue => typeof value === 'string');
    if (plain.length === 0 || plain.length !== values.length) return;
    const { k } = toWireAnnotations({ k: plain });
    const { value } = await outcomeOf(() =>
      annotationsOfCell(cellOfAnnotations(k ?? { value: [] }), 'csv'),
    );
    expect(value).toEqual(k);
  });
});
