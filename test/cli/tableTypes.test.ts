import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { columnTypes, type ColumnType } from '../../src/columns/columnTypes.js';
import { Synapse } from '../../src/index.js';
import { withServer } from '../helpers/withServer.js';
import { createColumns, createProject, createTable, type RawTable } from '../tables/rawTables.js';
import { runSynapse, type Ended } from './runSynapse.js';

const server = withServer();
let home: string;
let syn: Synapse;
let project: string;
let visits: RawTable;
let odd: RawTable;

const oddNames = [
  '*/ alert(1)', "it's", 'a"b', 'a\\', 'two\nlines', 'a\u2028b', '\u202eabc', '__proto__', 'constructor', '1', 'größe (cm)', 'x'.repeat(256), '`${process}`',
]; // prettier-ignore

const synapse = (...args: string[]): Promise<Ended> => {
  const { endpoint, authToken } = server.synapse;
  return runSynapse(['table', 'types', ...args], {
    home,
    env: { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken },
  });
};

beforeAll(async () => {
  const { endpoint, authToken } = server.synapse;
  home = await mkdtemp(join(tmpdir(), 'cli-table-types-'));
  syn = new Synapse({ endpoint, configPath: join(home, 'none'), useCache: false });
  await syn.login({ authToken });
  project = await createProject(syn);
  const types = Object.keys(columnTypes) as ColumnType[];
  visits = await createTable(
    syn,
    project,
    types.map((columnType) => ({
      name: columnType.toLowerCase(),
      columnType,
      maximumListLength: columnType.endsWith('LIST') ? 5 : undefined,
    })),
    'my visits',
  );
  odd = await createTable(
    syn,
    project,
    oddNames.map((name) => ({
      name,
      columnType: 'STRING',
      maximumSize: 20,
      enumValues: [`*/${name}`.slice(0, 19)],
    })),
    "alert's (2)",
  );
  await mkdir(join(home, 'node_modules'));
  await symlink(join(import.meta.dirname, '../..'), join(home, 'node_modules/synapseclient'));
});
afterAll(async () => {
  await syn.close();
  await rm(home, { recursive: true, force: true });
});

/** The errors of the compiler for a module, and for code that uses it. */
async function compile(types: string, use: string): Promise<string[]> {
  const file = join(home, 'rows.ts');
  await writeFile(file, types);
  await writeFile(join(home, 'use.ts'), use);
  await writeFile(join(home, 'package.json'), '{"type": "module"}');
  const program = ts.createProgram([file, join(home, 'use.ts')], {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noUnusedLocals: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('table types', () => {
  test('writes a module for several tables that compiles and is used at once', async () => {
    const { status, stdout, stderr } = await synapse(visits.id, odd.id);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const use = `
      import { type NewRowOf, type RowOf } from 'synapseclient';
      import { MyVisits, type MyVisitsRow, AlertS2, type AlertS2Row } from './rows.js';
      type Same<A, B> = [A, B] extends [B, A] ? true : false;
      export const sameVisits: Same<RowOf<typeof MyVisits>, MyVisitsRow> = true;
      export const sameOdd: Same<RowOf<typeof AlertS2>, AlertS2Row> = true;
      export const rows: NewRowOf<typeof MyVisits>[] = [{ integer: 5, date: '2024-01-31' }];
      export function read(row: MyVisitsRow): [string | null, Date[] | null, unknown] {
        return [row.string, row.date_list, row.json];
      }
    `;
    expect(await compile(stdout, use)).toEqual([]);
    for (const name of oddNames) expect(keysOf(stdout)).toContain(name);
  });

  test('reads the columns of a view, and of a version of a table', async () => {
    const [column] = await createColumns(syn, [{ name: 'species', columnType: 'STRING' }]);
    const columnIds = [column?.id ?? ''];
    const concreteType = 'org.sagebionetworks.repo.model.table.EntityView';
    const { id = '' } = await syn.services.entity.createEntity({
      body: {
        concreteType,
        name: 'all files',
        parentId: project,
        scopeIds: [project],
        viewTypeMask: 1,
        columnIds,
      },
    });
    const plain = await createTable(
      syn,
      project,
      [{ name: 'species', columnType: 'STRING' }],
      'plain',
    );
    await syn.services.table.createTableSnapshot({ id: plain.id, body: {} });
    const { status, stdout } = await synapse(id, `${plain.id}.1`);
    expect(status).toBe(0);
    expect(stdout).toContain(
      `/** A row of "all files" (${id}). */\nexport interface AllFilesRow {`,
    );
    expect(stdout).toContain(
      `/** A row of "plain" (${plain.id}.1). */\nexport interface PlainRow {`,
    );
    expect(stdout.match(/species: string \| null;/g)).toHaveLength(2);
  });

  test('writes the rows of a query', async () => {
    const sql = `select "integer", count(*) as n, avg("double") as mean from ${visits.id} group by "integer"`;
    const { status, stdout } = await synapse('--query', sql);
    expect(status).toBe(0);
    expect(stdout).toContain(`/** A row of the query "${sql.replaceAll('"', '\\\\"')}". */`);
    expect(stdout).toContain('export interface QueryRow {');
    expect(stdout).toMatch(
      /\n {2}integer: number \| null;\n(.*\n) {2}n: number \| null;\n(.*\n) {2}mean: number \| null;\n/,
    );
  });

  test('writes to a file', async () => {
    const { status, stdout } = await synapse(visits.id, '--output', 'types.ts');
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(await readFile(join(home, 'types.ts'), 'utf8')).toBe((await synapse(visits.id)).stdout);
  });

  test('returns the module with --json', async () => {
    const { stdout } = await synapse(visits.id, '--json');
    expect(JSON.parse(stdout)).toEqual({ types: (await synapse(visits.id)).stdout });
  });

  test('needs a table or a query', async () => {
    const { status, stderr } = await synapse();
    expect(status).toBe(2);
    expect(stderr).toContain('pass a table, or --query');
  });

  test('of a table that does not exist fails', async () => {
    const { status, stdout } = await synapse('syn99999999');
    expect({ status, stdout }).toEqual({ status: 4, stdout: '' });
  });

  test('of a query with two columns of one name fails', async () => {
    const { status, stderr } = await synapse(
      '--query',
      `select "integer", "integer" from ${visits.id}`,
    );
    expect(status).toBe(2);
    expect(stderr).toContain('AS');
  });
});

/** The names of the properties of all interfaces. */
function keysOf(source: string): string[] {
  const file = ts.createSourceFile('rows.ts', source, ts.ScriptTarget.Latest);
  return file.statements
    .filter(ts.isInterfaceDeclaration)
    .flatMap(({ members }) =>
      members.map(({ name }) =>
        name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? name.text : '',
      ),
    );
}
