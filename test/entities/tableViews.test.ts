import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  Dataset,
  DatasetCollection,
  EntityView,
  File,
  Folder,
  MaterializedView,
  NotFoundError,
  SubmissionView,
  Table,
  VirtualTable,
  type AnnotationsOf,
  type Entity,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from './withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

let count = 0;
const nextName = (): string => `name ${(count += 1)}`;

/** A project of its own with files that have annotations, one of them in a folder of a folder. */
async function study(
  ...annotations: readonly AnnotationsOf[]
): Promise<{ study: Project & Stored; folder: Folder & Stored; files: (File & Stored)[] }> {
  const top = await clients.project(syn);
  const outer = await syn.store(new Folder({ name: 'outer', parent: top }));
  const folder = await syn.store(new Folder({ name: 'inner', parent: outer }));
  const files: (File & Stored)[] = [];
  for (const [index, one] of annotations.entries()) {
    const parent = index === 0 ? folder : top;
    const externalUrl = `https://example.org/${index}`;
    const file = new File({ externalUrl, name: `file ${index}`, parent, annotations: one });
    files.push(await syn.store(file));
  }
  return { study: top, folder: outer, files };
}

const namesOf = ({ columns }: { columns: readonly { name: string }[] }): string[] =>
  columns.map(({ name }) => name);

async function rowsOf(id: string, columns = '*'): Promise<(string | null)[][]> {
  const { queryResult } = await syn.runJob(
    {
      concreteType: 'org.sagebionetworks.repo.model.table.QueryBundleRequest',
      entityId: id,
      query: { sql: `SELECT ${columns} FROM ${id}` },
      partMask: 1,
    },
    { id },
  );
  return (queryResult?.queryResults?.rows ?? []).map(({ values = [] }) => values);
}

describe('an entity view', () => {
  test('has the default columns, unless it does not want them', async () => {
    const init = { parent: project, scope: [project], types: ['file'] } as const;
    const columns = { species: 'STRING' } as const;
    const calls = await clients.calls(async () => {
      const view = await syn.store(new EntityView({ ...init, name: nextName(), columns }));
      expect(namesOf(view).slice(0, 3)).toEqual(['species', 'id', 'name']);
      expect(namesOf(view)).toContain('dataFileKey');
    });
    expect(calls).toEqual([
      'entity.getEntityChildId',
      'table.listDefaultViewColumns',
      'table.createColumnBatch',
      'entity.createEntity',
    ]);
    const bare = { ...init, columns, includeDefaultColumns: false };
    expect(namesOf(await syn.store(new EntityView({ ...bare, name: nextName() })))).toEqual([
      'species',
    ]);
  });

  test('shows everything in its scope that has its types', async () => {
    const { study: scope, files } = await study({ a: 1 }, { a: 2 });
    const view = await syn.store(
      new EntityView({ name: nextName(), parent: project, scope: [scope], types: ['file'] }),
    );
    expect((await rowsOf(view.id, 'id')).flat().sort()).toEqual(files.map(({ id }) => id).sort());
    view.types = ['file', 'folder'];
    await syn.store(view);
    expect(view.viewTypeMask).toBe(9);
    expect(await rowsOf(view.id, 'id')).toHaveLength(4);
  });

  test('can have a column for each annotation', async () => {
    const { study: scope } = await study(
      { species: ['mouse'], tags: ['a', 'b'], weight: [1.5], both: [5] },
      { species: ['Homo sapiens'], day: [new Date(0)], done: [true], both: ['five'], name: ['x'] },
    );
    const view = await syn.store(
      new EntityView({
        name: nextName(),
        parent: project,
        scope: [scope],
        types: ['file'],
        columns: [{ name: 'done', type: 'STRING' }],
        includeAnnotationColumns: true,
      }),
    );
    const types = new Map(view.columns.map((column) => [column.name, column]));
    expect(types.get('species')).toMatchObject({ columnType: 'STRING', maximumSize: 12 });
    expect(types.get('tags')).toMatchObject({ columnType: 'STRING_LIST' });
    expect(types.get('weight')).toMatchObject({ columnType: 'DOUBLE' });
    expect(types.get('day')).toMatchObject({ columnType: 'DATE' });
    expect(types.get('both')).toMatchObject({ columnType: 'STRING', maximumSize: 50 });
    // The column that was given.
    expect(types.get('done')).toMatchObject({ columnType: 'STRING', maximumSize: 50 });
    expect(namesOf(view).filter((name) => name === 'name')).toHaveLength(1);
    expect(clients.notes.join('\n')).toContain(
      'The annotation "both" has values of the types INTEGER and STRING: its column is a STRING.',
    );
    expect((await rowsOf(view.id, '"both"')).flat().sort()).toEqual(['5', 'five']);
  });

  test('gets columns for annotations of all pages, and later for new ones', async () => {
    const many = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`key${i}`, [i]]));
    const { study: scope, files } = await study(many);
    const view = await syn.store(
      new EntityView({
        name: nextName(),
        parent: project,
        scope: [scope],
        types: ['file'],
        includeAnnotationColumns: true,
      }),
    );
    expect(namesOf(view).filter((name) => name.startsWith('key'))).toHaveLength(90);
    await syn.setAnnotations(files[0]?.id ?? '', { later: 'x' });
    const read = await syn.get(EntityView, view);
    await syn.store(read);
    expect(namesOf(read)).not.toContain('later');
    read.includeAnnotationColumns = true;
    await syn.store(read);
    expect(namesOf(read).at(-1)).toBe('later');
  });

  test('says when the annotations need too many columns', async () => {
    const many = (first: number): AnnotationsOf =>
      Object.fromEntries(Array.from({ length: 75 }, (_, i) => [`key${first + i}`, [i]]));
    const { study: scope } = await study(many(0), many(75));
    const name = nextName();
    const init = { name, parent: project, scope: [scope], types: ['file'] } as const;
    await expect(
      syn.store(new EntityView({ ...init, includeAnnotationColumns: true })),
    ).rejects.toThrow(/have 150 columns.*at most 152 columns.*without includeAnnotation/);
    expect(await syn.findEntityId(name, project)).toBeUndefined();
  });

  test('changes its scope, in one call, and an unchanged scope is not sent', async () => {
    const [one, other] = [await study({ a: 1 }), await study({ a: 2 }, { a: 3 })];
    const view = await syn.store(
      new EntityView({ name: nextName(), parent: project, scope: [one.study], types: ['file'] }),
    );
    const read = await syn.get(EntityView, view);
    expect(read.scopeIds).toEqual([one.study.id]);
    read.scopeIds = [other.study.id, one.study.id];
    expect(await clients.calls(() => syn.store(read))).toEqual(['entity.updateEntity']);
    expect(await rowsOf(read.id, 'id')).toHaveLength(3);
    const again = new EntityView({
      name: view.name,
      parent: project,
      scope: [one.study, other.study.id],
      types: ['FILE'],
    });
    expect(await clients.calls(() => syn.store(again))).toEqual([
      'entity.getEntityChildId',
      'entityBundle.getEntityBundle',
    ]);
  });

  test('can have an empty scope', async () => {
    const init = { parent: project, types: ['file'], includeAnnotationColumns: true } as const;
    const view = await syn.store(new EntityView({ ...init, name: nextName(), scope: [] }));
    expect(await rowsOf(view.id, 'id')).toEqual([]);
    await syn.store(new EntityView({ ...init, name: nextName() }));
  });

  test('reports a scope that is too large in the words of Synapse', async () => {
    const scope = Array.from({ length: 35_001 }, (_, index) => `syn${index + 1}`);
    const view = new EntityView({ name: nextName(), parent: project, scope, types: ['file'] });
    await expect(syn.store(view)).rejects.toThrow('exceeds the maximum number of 35000');
  });

  test('changes columns with its other properties, without a job', async () => {
    const { study: scope } = await study({ species: ['mouse'], age: [5] });
    const columns = { species: 'STRING', age: 'STRING' } as const;
    const init = { parent: project, scope: [scope], types: ['file'] } as const;
    const view = await syn.store(
      new EntityView({ ...init, name: nextName(), columns, includeDefaultColumns: false }),
    );
    const [species, age] = view.columns;
    if (species === undefined || age === undefined) throw new Error('no columns');
    age.columnType = 'INTEGER';
    delete age.maximumSize;
    view.description = 'd';
    expect(await clients.calls(() => syn.store(view))).toEqual([
      'table.createColumnBatch',
      'entity.updateEntity',
    ]);
    expect(await rowsOf(view.id)).toEqual([['mouse', '5']]);
    await syn.tables.alter(view, { add: { other: 'STRING' }, drop: ['species'] });
    expect(namesOf(view)).toEqual(['age', 'other']);
    expect(await clients.calls(() => syn.store(view))).toEqual([]);
  });

  test('without types is an error, before anything is sent', async () => {
    const view = new EntityView({ name: nextName(), parent: project, scope: [project] });
    expect(
      await clients.calls(() => expect(syn.store(view)).rejects.toThrow('has no types')),
    ).toEqual([]);
    expect(() => new EntityView({ types: [] })).toThrow('at least one type');
    expect(() => new EntityView({ scope: ['syn1.2'] })).toThrow('has no versions');
    expect(() => new EntityView({ scope: [{}] })).toThrow('No Synapse id');
  });

  test('takes the type of old views', () => {
    expect(new EntityView({ type: 'file_and_table' }).types).toEqual(['file', 'table']);
  });
});

test('a submission view shows the submissions of evaluations', async () => {
  const evaluation = await syn.services.evaluation.createEvaluation({
    body: {
      name: `queue ${process.pid}`,
      contentSource: project.id,
      submissionInstructionsMessage: 'i',
      submissionReceiptMessage: 'r',
    },
  });
  const view = await syn.store(
    new SubmissionView({ name: nextName(), parent: project, scope: [evaluation] }),
  );
  expect(view.scopeIds).toEqual([evaluation.id]);
  expect(namesOf(view)).toContain('evaluationid');
  const read = await syn.get(SubmissionView, view);
  expect(await clients.calls(() => syn.store(read))).toEqual([]);
  expect(() => new SubmissionView({ scope: ['syn1'] })).toThrow('is not a submission id');
});

describe('a dataset', () => {
  test('has files in their current version, of folders all files in them', async () => {
    const { folder, files } = await study({ a: 1 }, { a: 2 }, { a: 3 });
    const [inFolder, second, third] = files;
    if (!inFolder || !second || !third) throw new Error('no files');
    third.externalUrl = 'https://example.org/new';
    await syn.store(third);
    expect(third.versionNumber).toBe(2);
    const dataset = await syn.store(
      new Dataset({
        name: nextName(),
        parent: project,
        items: [folder, second.id, `${third.id}.1`],
      }),
    );
    expect(dataset.items).toEqual([
      { id: inFolder.id, version: 1 },
      { id: second.id, version: 1 },
      { id: third.id, version: 1 },
    ]);
    expect(dataset.count).toBe(3);
    expect(await rowsOf(dataset.id, 'id')).toHaveLength(3);
    const read = await syn.get(Dataset, dataset);
    expect(read.items).toEqual(dataset.items);
    expect(await clients.calls(() => syn.store(read))).toEqual([]);
  });

  test('takes files, ids with versions and references', async () => {
    const { files } = await study({ a: 1 }, { a: 2 }, { a: 3 });
    const [one, two, three] = files;
    if (!one || !two || !three) throw new Error('no files');
    const items = [one, { id: two.id, version: 1 }, { entityId: three.id, versionNumber: 1 }];
    let dataset: (Dataset & Stored) | undefined;
    const calls = await clients.calls(async () => {
      dataset = await syn.store(new Dataset({ name: nextName(), parent: project, items }));
    });
    expect(calls).not.toContain('entity.listEntityHeaders');
    expect(dataset?.items.map(({ id }) => id)).toEqual(files.map(({ id }) => id));
  });

  test('gets items and loses them', async () => {
    const { files } = await study({ a: 1 }, { a: 2 });
    const [one, two] = files;
    if (!one || !two) throw new Error('no files');
    const dataset = await syn.store(
      new Dataset({ name: nextName(), parent: project, items: [one] }),
    );
    dataset.addItems(two.id);
    await syn.store(dataset);
    expect(dataset.items).toHaveLength(2);
    dataset.removeItems(one);
    expect(await clients.calls(() => syn.store(dataset))).toEqual(['entity.updateEntity']);
    expect((await syn.get(Dataset, dataset)).items).toEqual([{ id: two.id, version: 1 }]);
    expect(() => dataset.removeItems(one)).toThrow(`${one.id} is not one of the items`);
    expect(() => dataset.removeItems(`${two.id}.9`)).toThrow('with version 1, not 9');
  });

  test('keeps its items when a new object of its name gives none', async () => {
    const { files } = await study({ a: 1 });
    const name = nextName();
    await syn.store(new Dataset({ name, parent: project, items: files }));
    const again = await syn.store(new Dataset({ name, parent: project, description: 'd' }));
    expect(again).toMatchObject({ description: 'd', items: [{ id: files[0]?.id, version: 1 }] });
  });

  test('refuses what is not a file, and what does not exist', async () => {
    const table = await syn.store(new Table({ name: nextName(), parent: project }));
    const of = (item: string): Promise<unknown> =>
      syn.store(new Dataset({ name: nextName(), parent: project, items: [item] }));
    await expect(of(table.id)).rejects.toThrow(/is a TableEntity\. A dataset has files/);
    await expect(of('syn999999')).rejects.toThrow(NotFoundError);
    expect(() => new Dataset({ items: ['syn1.1', 'syn1.2'] })).toThrow('in the versions 1 and 2');
    expect(() => new Dataset({ items: ['data.csv'] })).toThrow(ArgumentError);
  });

  test('can be an item of a collection', async () => {
    const { files, study: top } = await study({ a: 1 });
    const dataset = await syn.store(new Dataset({ name: nextName(), parent: top, items: files }));
    const init = { parent: project, name: nextName() };
    const collection = await syn.store(new DatasetCollection({ ...init, items: [dataset] }));
    expect(collection.items).toEqual([{ id: dataset.id, version: 1 }]);
    const whole = await syn.store(
      new DatasetCollection({ ...init, name: nextName(), items: [top.id] }),
    );
    expect(whole.items).toEqual(collection.items);
    expect(namesOf(whole)).toContain('datasetItemCount');
    const wrong = new DatasetCollection({ ...init, name: nextName(), items: [files[0]?.id ?? ''] });
    await expect(syn.store(wrong)).rejects.toThrow('A dataset collection has datasets');
  });
});

describe('SQL', () => {
  let table: Table & Stored;
  beforeAll(async () => {
    const columns = { patient: 'STRING', age: 'INTEGER' } as const;
    table = await syn.store(new Table({ name: nextName(), parent: project, columns }));
  });

  test('defines the columns of a materialized view', async () => {
    const definingSQL = `SELECT patient, age AS years FROM ${table.id}`;
    const view = await syn.store(
      new MaterializedView({ name: nextName(), parent: project, definingSQL }),
    );
    expect(namesOf(view)).toEqual(['patient', 'years']);
    const read = await syn.get(MaterializedView, view);
    expect(read).toMatchObject({ definingSQL, columns: view.columns });
    expect(await clients.calls(() => syn.store(read))).toEqual([]);
    read.definingSQL = `SELECT age FROM ${table.id}`;
    await syn.store(read);
    expect(namesOf(read)).toEqual(['age']);
    read.columns = [];
    await expect(syn.store(read)).rejects.toThrow('follow from its definingSQL');
    await expect(syn.tables.alter(view, { add: { a: 'STRING' } })).rejects.toThrow(
      'cannot be changed',
    );
  });

  test('can be the result of the template', async () => {
    const definingSQL = { text: `SELECT age FROM ${table.id}` };
    const virtual = await syn.store(
      new VirtualTable({ name: nextName(), parent: project, definingSQL }),
    );
    expect(namesOf(virtual)).toEqual(['age']);
    expect(await syn.get(VirtualTable, virtual)).toMatchObject({ definingSQL: definingSQL.text });
  });

  test('that cannot define a table is an error, and creates nothing', async () => {
    const wrong: [new (init: object) => Entity, string, RegExp][] = [
      [
        VirtualTable,
        `SELECT * FROM ${table.id} a JOIN ${table.id} b ON a.age = b.age`,
        /not valid: .*A MaterializedView can join/,
      ],
      [MaterializedView, `SELECT nothing FROM ${table.id}`, /not valid: .*nothing/],
      [MaterializedView, 'SELECT * FROM syn999999', /not valid: .*syn999999/],
      [MaterializedView, 'nonsense', /not valid/],
      [VirtualTable, ' ', /has no definingSQL/],
    ];
    for (const [type, definingSQL, message] of wrong) {
      const name = nextName();
      const entity = new type({ name, parent: project, definingSQL });
      await expect(syn.store(entity)).rejects.toThrow(message);
      expect(await syn.findEntityId(name, project)).toBeUndefined();
    }
  });
});
