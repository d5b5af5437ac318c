import { beforeAll, expect, test } from '@jest/globals';
import {
  ArgumentError,
  File,
  Folder,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { describe as describeFile } from '../../src/synapseutils/index.js';
import { summarizeCsv, type FileSummary } from '../../src/tables/summary/summarizeFile.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

async function summaryOf(text: string, name = 'a.csv'): Promise<FileSummary> {
  const path = await clients.file(name, text);
  const file = await syn.store(new File({ path, parent: project, name: `${Math.random()}` }));
  return describeFile(syn, file.id);
}

test('the columns of a CSV file are summarized as pandas does', async () => {
  const text = [
    '\ufeffword,whole,number,flag,gaps,flags with gaps,empty,big',
    'b,1,1.5,True,1,true,,9007199254740993',
    'a,2,1e3,false,2,,NA,9007199254740995',
    'b,2,-3,TRUE,,false,,1',
    '"ü ""x"", y",2.0e0,inf,true,3,true,null,1',
    '',
  ].join('\n');
  expect(await summaryOf(text)).toEqual({
    word: { dtype: 'object', mode: 'b' },
    whole: { dtype: 'float64', mode: 2, min: 1, max: 2, mean: 1.75 },
    number: { dtype: 'float64', mode: -3, min: -3, max: Infinity, mean: Infinity },
    flag: { dtype: 'bool', mode: true, min: false, max: true, mean: 0.75 },
    gaps: { dtype: 'float64', mode: 1, min: 1, max: 3, mean: 2 },
    'flags with gaps': { dtype: 'object', mode: 'true' },
    empty: { dtype: 'float64' },
    big: { dtype: 'int64', mode: 1, min: 1, max: 9007199254740995n, mean: 4503599627370497.5 },
  });
});

test('a TSV file has tabs between its cells', async () => {
  const summary = await summaryOf('a\ta\t\n1\tx,y\t2\n3\tz\t2\n', 'b.TSV');
  expect(summary).toEqual({
    a: { dtype: 'int64', mode: 1, min: 1, max: 3, mean: 2 },
    'a.1': { dtype: 'object', mode: 'x,y' },
    'Unnamed: 2': { dtype: 'int64', mode: 2, min: 2, max: 2, mean: 2 },
  });
});

test('a file with a header only has columns without values', async () => {
  expect(await summaryOf('a,b\n')).toEqual({ a: { dtype: 'object' }, b: { dtype: 'object' } });
});

test('what is no table is refused', async () => {
  await expect(summaryOf('a,b\n1\n')).rejects.toThrow(ArgumentError);
  await expect(summaryOf('a\n1\n', 'a.txt')).rejects.toThrow('.csv or .tsv');
  const folder = await syn.store(new Folder({ name: 'folder', parent: project }));
  await expect(describeFile(syn, folder)).rejects.toThrow('is not a file');
});

test('a column with too many values to count has no mode', async () => {
  async function* rows(): AsyncGenerator<Buffer> {
    yield await Promise.resolve(Buffer.from('id,one\n'));
    for (let start = 0; start < 1_100_000; start += 10_000) {
      const lines = Array.from({ length: 10_000 }, (_, index) => `${start + index},1\n`);
      yield Buffer.from(lines.join(''));
    }
  }
  expect(await summarizeCsv(rows(), { separator: ',', name: 'rows' })).toEqual({
    id: { dtype: 'int64', modeOmitted: true, min: 0, max: 1_099_999, mean: 549_999.5 },
    one: { dtype: 'int64', mode: 1, min: 1, max: 1, mean: 1 },
  });
}, 60_000);
