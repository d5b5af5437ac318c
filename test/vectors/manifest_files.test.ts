import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect } from '@jest/globals';
import { File, Folder, type Project, type Stored, type Synapse } from '../../src/index.js';
import type { ManifestEntry, ManifestForm, ManifestRow } from '../../src/index.js';
import { provenanceOrder } from '../../src/sync/manifest/provenanceOrder.js';
import { isEntityName } from '../../src/entities/entityName.js';
import { withClients } from '../entities/withClients.js';
import { annotationOf, typedValue } from './manifestValues.js';
import { readVectors, tagOf, testEach } from './readVectors.js';

interface Input {
  fn: string;
  text?: string;
  files?: Record<string, string>;
  entities?: PythonFile[];
  args?: Record<string, string[]>[];
  directory?: string;
  parent_id?: string;
}

interface PythonFile {
  path: string | null;
  parent_id: string;
  name: string;
  id: string;
  synapse_store: boolean;
  content_type: string | null;
  annotations?: Record<string, unknown>;
  activity?: {
    name?: string;
    description?: string;
    used?: UsedItem[];
    executed?: UsedItem[];
  };
}

interface UsedItem {
  id?: string;
  version?: number;
  url?: string;
  name?: string;
}

interface PythonItem {
  path: string;
  parent_id: string;
  name: string;
  id: string | null;
  synapse_store: boolean;
  content_type: string | null;
  force_version: boolean;
  annotations: Record<string, unknown>;
  used: string[];
  executed: string[];
  activity_name: string | null;
  activity_description: string | null;
}

const cases = readVectors<Input>('manifest_files');
const only = (...names: string[]) => cases.filter(({ input }) => names.includes(input.fn));

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
const folders = new Map<string, string>();
/** The ids of files whose content is in Synapse already, by name. */
const stored = new Map<string, string>();

const contents: Readonly<Record<string, string>> = {
  'a.txt': 'aaa',
  'b.txt': 'bbbb',
  'c d.txt': 'c',
};

beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
  for (const [name, content] of Object.entries(contents)) {
    const path = await clients.file(name, content);
    stored.set(name, (await syn.store(new File({ path, parent: project }))).id);
  }
});

/** The folder of Synapse for an id of a vector. */
async function folderOf(id: string): Promise<string> {
  const known = folders.get(id);
  if (known !== undefined) return known;
  const folder = await syn.store(new Folder({ name: `folder ${id}`, parent: project }));
  folders.set(id, folder.id);
  return folder.id;
}

/** Puts the files of a vector into a new directory. */
async function place(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(clients.folder, 'vector-'));
  for (const [path, content] of Object.entries(files)) {
    const target = path.replace('{ROOT}', root);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }
  return root;
}

const forms: Readonly<Record<string, ManifestForm>> = {
  read_csv: 'csv',
  read_tsv: 'tsv',
  write_csv: 'csv',
  write_tsv: 'tsv',
};

/** Replaces the parents and the ids of files of a text by those of this server. */
async function localize(text: string, root: string): Promise<string> {
  const parents = [...new Set(text.match(/(?<=[,\t])syn[12](?=[,\t\r\n]|$)/gm) ?? [])];
  let local = text.replaceAll('{ROOT}', root);
  for (const id of parents) {
    local = local.replace(
      new RegExp(`(?<=[,\\t])${id}(?=[,\\t\\r\\n]|$)`, 'gm'),
      await folderOf(id),
    );
  }
  return local.replaceAll(/syn9(?=[\t,\r\n])/g, stored.get('a.txt') ?? '');
}

describe('a manifest is read', () => {
  testEach(only('read_csv', 'read_tsv'), async ({ input, expected }) => {
    const root = await place(input.files ?? {});
    const text = await localize(input.text ?? '', root);
    const form = forms[input.fn];
    const path = join(root, 'manifest');
    await writeFile(path, text);
    const { rows, problems } = await syn.sync.validateManifest(path, { form });
    const cells = rawCells(text);
    const rule = departure(input, cells);
    if (rule === 'problem') {
      expect(problems).not.toEqual([]);
    } else if (expected.error !== undefined && rule !== 'accepted') {
      expect(problems).not.toEqual([]);
    } else {
      expect(problems).toEqual([]);
      if (expected.error !== undefined) return;
      const items = (expected.value as { items: PythonItem[] }).items;
      const order = provenanceOrder(rows).order.map((row) => inPythonForm(row, root));
      expect(order).toEqual(await Promise.all(items.map((item) => wantedRow(item, text))));
    }
  });
});

function rawCells(text: string): string[][] {
  const separator = text.split(/\r?\n/, 1)[0]?.includes('\t') ? '\t' : ',';
  return text.split(/\r?\n/).map((line) => line.split(separator));
}

/** The rules of docs/departures.md. */
function departure(
  { text = '' }: Input,
  [header = [], ...rows]: string[][],
): 'problem' | 'accepted' | undefined {
  if (new Set(header).size < header.length) return 'problem';
  const name = header.indexOf('name');
  const names = name < 0 ? [] : rows.map((cells) => cells[name] ?? '');
  // A name of digits only, or one that Synapse accepts.
  const isRefusedByPython = names.some((one) => /^\d+$/.test(one) || /[,']/.test(one));
  if (isRefusedByPython && names.every((one) => one === '' || isEntityName(one))) return 'accepted';
  const force = header.indexOf('forceVersion');
  if (force >= 0 && rows.some((cells) => !/^(?:true|false|)$/i.test(cells[force]?.trim() ?? '')))
    return 'problem';
  const keys = header.filter((column) => !/^[\w,.]*$/.test(column));
  if (keys.length > 0) return 'problem';
  return /[^\0-\x7f]/.test(names.join('')) || text.includes('\0') ? 'problem' : undefined;
}

/** A row as the vectors describe it, with the folders of this server. */
function inPythonForm(row: ManifestRow, root: string) {
  const { path, parentId, name, id, annotations } = row;
  return {
    path: path.replace(root, '{ROOT}'),
    parentId,
    name,
    id: id ?? '',
    synapseStore: row.synapseStore,
    contentType: row.contentType ?? '',
    forceVersion: row.forceVersion,
    annotations,
    used: row.used.map((item) => item.replace(root, '{ROOT}')),
    executed: row.executed.map((item) => item.replace(root, '{ROOT}')),
    activityName: row.activityName ?? '',
    activityDescription: row.activityDescription ?? '',
  };
}

async function wantedRow(item: PythonItem, text: string) {
  // Departure: a file that Synapse has is used in its current version.
  const reference = (used: string): string => {
    const name = /^file:syn-of-(.*)$/.exec(used)?.[1];
    return name === undefined ? used : `${stored.get(name) ?? ''}.1`;
  };
  return {
    path: item.path,
    parentId: await folderOf(item.parent_id),
    name: item.name,
    id: item.id === 'syn9' ? stored.get('a.txt') : '',
    synapseStore: item.synapse_store,
    contentType: item.content_type ?? '',
    forceVersion: item.force_version,
    annotations: wantedAnnotations(item.annotations, text),
    used: item.used.map(reference),
    executed: item.executed.map(reference),
    activityName: item.activity_name ?? '',
    activityDescription: item.activity_description ?? '',
  };
}

function wantedAnnotations(annotations: Readonly<Record<string, unknown>>, text: string) {
  return Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => {
      const values = Array.isArray(value) ? (value as unknown[]) : [value];
      // Departure: the type of a cell does not depend on the other cells of its column.
      const whole = values.map((one) => /^(\d+)\.0$/.exec(tagOf(one)?.$float ?? '')?.[1]);
      const isWritten = whole.some((one) => one !== undefined && !text.includes(`${one}.0`));
      return [key, isWritten ? { type: 'LONG', value: whole } : annotationOf(values)];
    }),
  );
}

describe('a manifest is written', () => {
  testEach(only('write_csv', 'write_tsv'), async ({ input, expected }) => {
    const path = join(await mkdtemp(join(clients.folder, 'written-')), 'manifest');
    const form = forms[input.fn] ?? 'csv';
    const entries = (input.entities ?? []).map(entryOf);
    await syn.sync.writeManifest(path, form, entries);
    const text = await readFile(path, 'utf8');
    if (expected.error !== undefined) {
      // Departure: a cell of a TSV with a TAB or a line break is in quotes, which the Python client reads.
      expect(text).toMatch(/\t"/);
    } else if (hasNamedUrl(input)) {
      // Departure: a URL is written as such, not by its name.
      expect(text).not.toBe(expected.value);
      expect(text).toContain((input.entities ?? []).flatMap(urlsOf).join(''));
    } else if (text !== expected.value && !hasMixedNumbers(input)) {
      expect(await readsBack(String(expected.value), form, entries)).toBe(false);
    }
    expect(await readsBack(text, form, entries)).toBe(true);
  });
});

function entryOf(file: PythonFile): ManifestEntry {
  const { activity = {} } = file;
  const item = ({ id, version, url = '' }: UsedItem): string =>
    id === undefined ? url : version === undefined ? id : `${id}.${version}`;
  return {
    path: file.path ?? '',
    parentId: file.parent_id,
    name: file.name,
    id: file.id,
    synapseStore: file.synapse_store,
    contentType: file.content_type ?? undefined,
    used: (activity.used ?? []).map(item),
    executed: (activity.executed ?? []).map(item),
    activityName: activity.name,
    activityDescription: activity.description,
    annotations: Object.fromEntries(
      Object.entries(file.annotations ?? {}).map(([key, value]) => {
        const values = Array.isArray(value) ? (value as unknown[]) : [value];
        return [key, annotationOf(values) ?? { type: 'STRING', value: [] }];
      }),
    ),
  };
}

function hasNamedUrl({ entities = [] }: Input): boolean {
  return entities.some(({ activity }) =>
    [...(activity?.used ?? []), ...(activity?.executed ?? [])].some(({ url, name }) => url && name),
  );
}

/** Departure: whole numbers beside fractions are doubles. */
function hasMixedNumbers({ entities = [] }: Input): boolean {
  const lists = entities.flatMap(({ annotations = {} }) => Object.values(annotations));
  return lists.some(
    (list) => Array.isArray(list) && new Set(list.map((one) => typedValue(one)?.type)).size > 1,
  );
}

function urlsOf({ activity }: PythonFile): string[] {
  return (activity?.used ?? []).flatMap(({ url, name }) => (url && name ? [url] : []));
}

/** Whether the annotations of a text are those that were written. */
async function readsBack(
  text: string,
  form: ManifestForm,
  entries: readonly ManifestEntry[],
): Promise<boolean> {
  const found: unknown[] = [];
  const bytes = async function* () {
    yield await Promise.resolve(Buffer.from(text));
  };
  for await (const { row, number } of syn.sync.readManifest(bytes(), { form })) {
    if (number > 0 && row) found.push([row.path, row.annotations, row.used, row.executed]);
  }
  const isKey = (key: string): boolean => /^[\w,.]+$/.test(key);
  const wanted = entries
    .filter(({ path }) => path !== '')
    .map(({ path, annotations = {}, used, executed }): [string, ...unknown[]] => {
      const kept = Object.entries(annotations).filter(
        ([key, { value }]) => isKey(key) && value.length > 0,
      );
      return [path, Object.fromEntries(kept), used, executed];
    });
  // Paths of Windows are relative here.
  if (wanted.some(([path]) => path.startsWith('C:'))) return true;
  return JSON.stringify(found) === JSON.stringify(wanted);
}

describe('rows are sorted by provenance', () => {
  testEach(only('topo'), ({ input, expected }) => {
    const [graph = {}] = input.args ?? [];
    const rows = Object.entries(graph).map(([path, used]) => ({ path, used, executed: [] }));
    const { order, cycles } = provenanceOrder(rows);
    if (expected.error !== undefined) expect(cycles).not.toEqual([]);
    else {
      expect(cycles).toEqual([]);
      expect(order.map(({ path, used }) => [path, used])).toEqual(expected.value);
    }
  });
});

describe('a manifest is generated', () => {
  testEach(only('generate_rows'), async ({ input, expected }) => {
    const root = await place(input.files ?? {});
    const { id: parent } = await clients.project(syn);
    const {
      text,
      folders: made,
      failures,
    } = await syn.sync.generateManifest(join(root, 'in'), parent);
    const ids = new Map([...Object.entries(made)].map(([path, id]) => [basename(path), id]));
    const isAccepted = (line: string): boolean => isEntityName(basename(line.split(',')[0] ?? ''));
    const lines = String(expected.value).trimEnd().split('\r\n');
    // Departure: names that Synapse does not accept are named, and not in the manifest.
    const wanted = lines.filter((line, index) => index === 0 || isAccepted(line));
    const local = wanted.map((line) =>
      line
        .replace('{ROOT}', root)
        .replace(/,syn1$/, `,${parent}`)
        .replace(/,id:(.*)$/, (_, name: string) => `,${ids.get(name) ?? ''}`),
    );
    expect(text).toBe(`${local.join('\r\n')}\r\n`);
    const empty = Object.values(input.files ?? {}).filter((content) => content === '');
    expect(failures).toHaveLength(lines.length - wanted.length + empty.length);
  });
});
