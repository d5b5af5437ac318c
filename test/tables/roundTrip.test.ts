import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Synapse } from '../../src/index.js';
import { withServer } from '../helpers/withServer.js';
import { inParallel } from './inParallel.js';
import { createProject, createTable } from './rawTables.js';
import { tableSample, type TableSample } from './tableSamples.js';
import { asRead, readers } from './waysOfReading.js';
import { writers } from './waysOfWriting.js';

/** The number of tables. `TEST_ROUND_TRIPS` makes it larger; `TEST_SEED` makes others. */
const count = Number(process.env['TEST_ROUND_TRIPS'] ?? 20);
const seed = Number(process.env['TEST_SEED'] ?? 2026);
/** Jobs wait for their first look: several tables at a time keep the machine busy. */
const atOnce = 8;

const server = withServer();
let syn: Synapse;
let samples: TableSample[];
let parentId: string;

beforeAll(async () => {
  const { endpoint, authToken } = server.synapse;
  syn = new Synapse({ endpoint, environment: {}, useCache: false });
  await syn.login({ authToken });
  parentId = await createProject(syn);
  const handles = await Promise.all(
    ['a', 'b'].map((name) =>
      syn.fileHandles.upload(Buffer.from(name), { fileName: name, contentType: 'text/plain' }),
    ),
  );
  const fileIds = handles.flatMap(({ id }) => id ?? []);
  samples = fc.sample(tableSample(fileIds), { seed, numRuns: count });
});
afterAll(() => syn.close());

test.each(Object.keys(writers))(
  'what is written as %s is read in every way as it was',
  async (way) => {
    const write = writers[way];
    await inParallel(samples, atOnce, async ({ columns, rows }, index) => {
      const table = await createTable(syn, parentId, columns);
      const inputs = rows.map((row) => row.map(({ input }) => input));
      if (rows.length > 0) await write?.(syn, table, inputs);
      const expected = rows.map((row) => row.map(({ value }) => value));
      for (const [reader, read] of Object.entries(readers)) {
        const found = await read(syn, table);
        expect({ index, reader, columns, rows: found }).toEqual({
          index,
          reader,
          columns,
          rows: asRead(reader, expected, table),
        });
      }
    });
  },
  120_000,
);
