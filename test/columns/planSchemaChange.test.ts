import { describe, expect, test } from '@jest/globals';
import type { StoredColumn, TableColumn } from '../../src/columns/columnModel.js';
import { mergeColumn, mergeColumns } from '../../src/columns/mergeColumns.js';
import { orderChanges, type IdChange } from '../../src/columns/orderChanges.js';
import { planSchemaChange } from '../../src/columns/planSchemaChange.js';

const before: readonly StoredColumn[] = [
  { id: '1', name: 'name', columnType: 'STRING', maximumSize: 50 },
  { id: '2', name: 'age', columnType: 'INTEGER', facetType: 'range' },
  { id: '3', name: 'file', columnType: 'FILEHANDLEID' },
];
const [name, age, file] = before as [StoredColumn, StoredColumn, StoredColumn];

/** The actions of a plan, without what stays as it is. */
function actions(after: readonly TableColumn[], options = {}): string[] {
  return planSchemaChange(before, after, options).changes.flatMap((change) =>
    change.action === 'unchanged'
      ? []
      : [`${change.action} ${change.action === 'reorder' ? change.order.join() : change.name}`],
  );
}

describe('a column is recognized', () => {
  test('by its id, when it has another name', () => {
    expect(actions([name, { ...age, name: 'years' }, file])).toEqual(['rename years']);
  });

  test('by its name, when it has no id', () => {
    expect(
      actions([
        { name: 'name', columnType: 'STRING' },
        { name: 'age', columnType: 'DOUBLE' },
        file,
      ]),
    ).toEqual(['retype age']);
  });

  test('by its id, when two columns exchange their names', () => {
    expect(actions([{ ...name, name: 'age' }, { ...age, name: 'name' }, file])).toEqual([
      'rename age',
      'rename name',
    ]);
  });

  test('and its old name can belong to a new column', () => {
    const plan = planSchemaChange(before, [
      name,
      { ...age, name: 'years' },
      file,
      { name: 'age', columnType: 'INTEGER' },
    ]);
    expect(plan.pairs.map((pair) => [pair.before?.name, pair.after?.name])).toEqual([
      ['name', 'name'],
      ['age', 'years'],
      ['file', 'file'],
      [undefined, 'age'],
    ]);
  });

  test('and a copy of it under another name is new', () => {
    expect(actions([name, age, { ...age, name: 'copy' }, file])).toEqual(['add copy']);
  });

  test('but two copies under other names are an error', () => {
    const copies = [name, { ...age, name: 'a' }, { ...age, name: 'b' }, file];
    expect(() => actions(copies)).toThrow('The columns "a" and "b" both have the id 2');
  });

  test('and the id of a column of another table means nothing', () => {
    expect(actions([name, { ...age, id: '99' }, file])).toEqual([]);
  });
});

describe('a plan', () => {
  test('of equal columns is empty', () => {
    const plan = planSchemaChange(before, [{ name: ' name ', columnType: 'STRING' }, age, file]);
    expect(plan.isEmpty).toBe(true);
    expect(String(plan)).toBe('No column changes.');
    expect(planSchemaChange([], []).isEmpty).toBe(true);
  });

  test('is a text with a line for each change', () => {
    const plan = planSchemaChange(before, [
      {
        ...age,
        name: 'years',
        columnType: 'STRING',
        maximumSize: 5,
        facetType: undefined,
        defaultValue: '0',
      },
      { ...name, maximumSize: 20 },
      { name: 'a,b\n', columnType: 'JSON', jsonSubColumns: [{ name: 'x' }] },
    ]);
    expect(String(plan).split('\n')).toEqual([
      'rename     age -> years',
      'retype     years INTEGER -> STRING(5) (default "0")  ! its values are converted; Synapse refuses the change if one does not fit  ! the facet range is removed',
      'modify     name maximumSize 50 -> 20  ! Synapse refuses the change if a value is longer',
      'add        "a,b" JSON (sub-columns x)',
      'drop       file FILEHANDLEID  ! its values are deleted',
      'reorder    years, name, "a,b"',
    ]);
  });

  test('names the conversions that Synapse refuses', () => {
    const to = (columnType: TableColumn['columnType']): string[] =>
      planSchemaChange([age, file], [{ ...age, columnType }, file]).problems;
    expect(to('DOUBLE')).toEqual([]);
    expect(to('INTEGER_LIST')).toEqual([]);
    expect(to('STRING_LIST')).toEqual([
      'Column "age": Synapse cannot convert the values of INTEGER to STRING_LIST',
    ]);
    expect(to('JSON')).toHaveLength(1);
    expect(to('FILEHANDLEID')).toHaveLength(1);
  });

  test('of a view does not lose values', () => {
    const plan = planSchemaChange(before, [{ ...age, columnType: 'JSON' }], { isView: true });
    expect(plan.problems).toEqual([]);
    expect(String(plan)).not.toContain('deleted');
    expect(
      String(planSchemaChange(before, [name, { ...age, name: 'years' }, file], { isView: true })),
    ).toContain('the column then shows the annotation "years"');
  });

  test('shows another order only when columns that stay change places', () => {
    expect(actions([file, name, age])).toEqual(['reorder file,name,age']);
    expect(actions([{ name: 'new', columnType: 'DATE' }, name, age, file])).toEqual(['add new']);
    expect(actions([age, file])).toEqual(['drop name']);
  });

  test('is JSON', () => {
    const plan = planSchemaChange(before, [name, age]);
    const { changes, columns } = JSON.parse(JSON.stringify(plan)) as typeof plan;
    expect(changes.at(-1)).toMatchObject({ action: 'drop', name: 'file', before: file });
    expect(columns).toHaveLength(2);
  });
});

describe('columns that are added to those of a table', () => {
  test('change those of the same name, and remove none', () => {
    const given: TableColumn[] = [
      { name: 'new', columnType: 'DATE' },
      { name: 'age', columnType: 'INTEGER' },
      { id: '7', name: 'other', columnType: 'DATE' },
    ];
    expect(mergeColumns(before, given)).toEqual([
      name,
      age,
      file,
      { name: 'new', columnType: 'DATE' },
      { name: 'other', columnType: 'DATE' },
    ]);
  });

  test('keep the properties that are not given', () => {
    const sized = {
      ...name,
      maximumSize: 80,
      facetType: 'enumeration',
      defaultValue: 'x',
    } as const;
    expect(mergeColumn(sized, { name: 'name', columnType: 'STRING' })).toEqual(sized);
    expect(
      mergeColumn(sized, { name: 'name', columnType: 'STRING', facetType: undefined }).facetType,
    ).toBeUndefined();
  });

  test('keep what another type allows', () => {
    const full = { ...name, maximumSize: 80, facetType: 'enumeration', defaultValue: '5' } as const;
    expect(mergeColumn(full, { name: 'name', columnType: 'LARGETEXT' })).toEqual({
      id: '1',
      name: 'name',
      columnType: 'LARGETEXT',
    });
    expect(mergeColumn(full, { name: 'name', columnType: 'INTEGER' })).toMatchObject({
      facetType: 'enumeration',
      defaultValue: '5',
    });
    expect(mergeColumn(full, { name: 'name', columnType: 'STRING_LIST' })).toEqual({
      id: '1',
      name: 'name',
      columnType: 'STRING_LIST',
      maximumSize: 80,
      facetType: 'enumeration',
    });
  });
});

describe('the requests of a change', () => {
  const columns = ['a', 'b', 'c'];
  const present = new Map(columns.map((one) => [one, one]));
  /** Columns whose id is their name, or their name and a sign for another type. */
  const change = (oldId?: string, id?: string): IdChange => ({
    oldId,
    next: id === undefined ? undefined : { id, name: id.slice(0, 1), columnType: 'INTEGER' },
  });
  const ordered = (changes: readonly IdChange[]): [string[][], number] => {
    const { requests, waiting } = orderChanges(changes, present);
    const texts = requests.map((request) =>
      request.map(({ oldColumnId = '', newColumnId = '' }) => `${oldColumnId}>${newColumnId}`),
    );
    return [texts, waiting.length];
  };

  test('are one, when no new column is equal to a present one', () => {
    const changes = [change('a', 'd'), change(undefined, 'e'), change('c')];
    expect(ordered(changes)).toEqual([[['a>d', '>e', 'c>']], 0]);
    expect(ordered([change('a', 'b*'), change('b', 'a*')])).toEqual([[['a>b*', 'b>a*']], 0]);
  });

  test('free an id before it is used again', () => {
    const changes = [change('a', 'b'), change('b', 'c'), change('c')];
    expect(ordered(changes)).toEqual([[['c>'], ['b>c'], ['a>b']], 0]);
  });

  test('free a name before it is used again', () => {
    const changes = [change('a', 'b*'), change('b', 'c'), change('c', 'd')];
    expect(ordered(changes)).toEqual([[['c>d'], ['a>b*', 'b>c']], 0]);
  });

  test('cannot be ordered when columns wait for each other', () => {
    const changes = [change('a', 'b'), change('b', 'a'), change('c')];
    expect(ordered(changes)).toEqual([[['c>']], 2]);
    expect(ordered([change('a', 'b*'), change('b', 'c'), change('c', 'b')])[1]).toBe(3);
  });
});
