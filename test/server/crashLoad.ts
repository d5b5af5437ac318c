import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { classes, type Session } from './entitySession.js';
import {
  add,
  begin,
  bytesOf,
  complete,
  contentUrl,
  md5Of,
  partUrls,
  storage,
  uploadRequest,
} from './filesClient.js';

/** What an entity of the load has to look like. `marks` are the values of its annotations. */
interface State {
  readonly name: string;
  readonly description: string;
  readonly marks: readonly string[];
}

/** An entity of the load: what was answered last, and what was asked for and not answered. */
interface Slot {
  readonly id: string;
  etag: string;
  answered: State;
  pending?: State | 'deleted';
  /** MD5 of the content, for files. */
  readonly md5?: string;
}

/** An upload and how far its answered calls got. */
interface Upload {
  readonly content: Buffer;
  readonly fileName: string;
  uploadId?: string;
  isPut?: boolean;
  isAdded?: boolean;
  handleId?: string;
}

interface Creation {
  readonly state: State;
  readonly upload?: Upload;
}

const keysOfBigAnnotations = 90;
const rowsOfBatch = 20;
const tableModel = 'org.sagebionetworks.repo.model.table';

/**
 * One writer of a mixed load on a server that may die at any moment. It does one thing after
 * another in a project of its own and keeps a model of what must be there.
 */
export class Writer {
  session: Session;
  /** Calls that changed something and were answered. */
  answers = 0;
  readonly #random: () => number;
  readonly #name: string;
  #project = '';
  #slots: Slot[] = [];
  #gone: string[] = [];
  #creation: Creation | undefined;
  #upload: Upload | undefined;
  #table = '';
  /** Batches of rows that are in the table, and one that may be. */
  readonly #batches = new Set<number>();
  #batch: number | undefined;
  #count = 0;

  constructor(session: Session, { name, random }: { name: string; random: () => number }) {
    this.session = session;
    this.#name = name;
    this.#random = random;
  }

  async start(): Promise<void> {
    const project = await this.session.create('project', { name: `load ${this.#name}` });
    this.#project = project.id;
    const columns = await this.session.post('/column/batch', {
      list: [
        { name: 'batch', columnType: 'INTEGER' },
        { name: 'note', columnType: 'STRING' },
      ],
    });
    const columnIds = (columns.body as M.ListWrapperOfColumnModel).list?.map(({ id }) => id);
    const table = await this.session.create('table', {
      name: 'rows',
      parentId: this.#project,
      columnIds,
    });
    this.#table = table.id;
  }

  /** One more call that changes something. */
  async step(): Promise<void> {
    const slot = this.#slots[Math.floor(this.#random() * this.#slots.length)];
    const choice = this.#random();
    if (choice < 0.15) {
      await this.#append();
    } else if (this.#upload !== undefined || choice < 0.35) {
      await this.#uploadStep();
    } else if (slot === undefined || choice < 0.5) {
      await this.#create({ state: this.#newState() });
    } else if (choice < 0.65) {
      await this.#update(slot);
    } else if (choice < 0.9) {
      await this.#annotate(slot);
    } else {
      await this.#delete(slot);
    }
    this.answers += 1;
  }

  /** Compares the server with the model. What was not answered may have been done whole, or not at all. */
  async verify(): Promise<void> {
    await this.#verifyListing();
    for (const slot of this.#slots.slice()) {
      const actual = await this.#read(slot.id);
      const allowed = [slot.answered, ...(slot.pending === undefined ? [] : [slot.pending])];
      expect(allowed).toContainEqual(actual.state);
      if (actual.state === 'deleted') {
        this.#slots.splice(this.#slots.indexOf(slot), 1);
        this.#gone.push(slot.id);
        continue;
      }
      slot.answered = actual.state;
      slot.etag = actual.etag;
      delete slot.pending;
      if (slot.md5 !== undefined) await this.#verifyContent(actual.handleId, slot.md5);
    }
    for (const id of this.#gone) {
      expect(await this.session.get(`/entity/${id}`)).toMatchObject({ status: 404 });
    }
    await this.#verifyUpload();
    await this.#verifyRows();
  }

  #newState(): State {
    this.#count += 1;
    const mark = `${this.#name} ${this.#count}`;
    return { name: mark, description: mark, marks: [mark, mark, mark] };
  }

  async #create(creation: Creation): Promise<void> {
    const { state, upload } = creation;
    this.#creation = creation;
    const answer = await this.session.post('/entity/bundle2/create', {
      entity: {
        concreteType: upload ? classes.file : classes.folder,
        parentId: this.#project,
        name: state.name,
        description: state.description,
        ...(upload && { dataFileHandleId: upload.handleId }),
      },
      annotations: { annotations: annotationsOf(state) },
    });
    expect(answer).toMatchObject({ status: 201 });
    const { entity, annotations } = answer.body as M.EntityBundle;
    this.#adopt(creation, entity?.id ?? '', annotations?.etag ?? '');
  }

  #adopt({ state, upload }: Creation, id: string, etag: string): void {
    this.#slots.push({
      id,
      etag,
      answered: state,
      ...(upload && { md5: md5Of(upload.content) }),
    });
    this.#creation = undefined;
    if (upload) this.#upload = undefined;
  }

  async #update(slot: Slot): Promise<void> {
    const { name, description } = this.#newState();
    slot.pending = { ...slot.answered, name, description };
    const entity = await this.session.read(slot.id);
    const changed = await this.session.update(entity, { name, description });
    this.#settle(slot, changed.etag);
  }

  async #annotate(slot: Slot): Promise<void> {
    const [mark = ''] = this.#newState().marks;
    const isBig = this.#random() < 0.3;
    const marks = new Array<string>(isBig ? keysOfBigAnnotations : 3).fill(mark);
    slot.pending = { ...slot.answered, marks };
    const answer = await this.session.put(`/entity/${slot.id}/annotations2`, {
      id: slot.id,
      etag: slot.etag,
      annotations: annotationsOf(slot.pending),
    });
    expect(answer).toMatchObject({ status: 200 });
    this.#settle(slot, (answer.body as { etag: string }).etag);
  }

  #settle(slot: Slot, etag: string): void {
    if (slot.pending !== undefined && slot.pending !== 'deleted') slot.answered = slot.pending;
    delete slot.pending;
    slot.etag = etag;
  }

  async #delete(slot: Slot): Promise<void> {
    slot.pending = 'deleted';
    expect(await this.session.delete(`/entity/${slot.id}`)).toMatchObject({ status: 204 });
    this.#slots.splice(this.#slots.indexOf(slot), 1);
    this.#gone.push(slot.id);
  }

  /** The next call of the upload under way; a call that was not answered is made again. */
  async #uploadStep(): Promise<void> {
    this.#count += 1;
    const upload: Upload = (this.#upload ??= {
      content: bytesOf(1000 + Math.floor(this.#random() * 200_000), this.#count),
      fileName: `${this.#name} ${this.#count}.bin`,
    });
    const { content, fileName, uploadId } = upload;
    const part = { number: 1, md5: md5Of(content) };
    if (uploadId === undefined) {
      const begun = await begin(this.session, uploadRequest(content, { fileName }));
      upload.uploadId = begun.uploadId;
    } else if (upload.isPut !== true) {
      const [target] = await partUrls(this.session, uploadId, [1]);
      const put = await storage(target?.uploadPresignedUrl ?? '', { method: 'PUT', body: content });
      expect(put).toMatchObject({ status: 200 });
      upload.isPut = true;
    } else if (upload.isAdded !== true) {
      const added = await add(this.session, uploadId, part);
      expect(added).toMatchObject({ status: 201, body: { addPartState: 'ADD_SUCCESS' } });
      upload.isAdded = true;
    } else if (upload.handleId === undefined) {
      const completed = await complete(this.session, uploadId);
      expect(completed).toMatchObject({ status: 201, body: { state: 'COMPLETED' } });
      upload.handleId = (completed.body as { resultFileHandleId: string }).resultFileHandleId;
    } else {
      await this.#create({ state: this.#newState(), upload });
    }
  }

  async #append(): Promise<void> {
    this.#count += 1;
    const batch = this.#count;
    this.#batch = batch;
    await this.#job<M.TableUpdateTransactionResponse>('transaction', {
      concreteType: `${tableModel}.TableUpdateTransactionRequest`,
      changes: [
        {
          concreteType: `${tableModel}.AppendableRowSetRequest`,
          toAppend: {
            concreteType: `${tableModel}.RowSet`,
            tableId: this.#table,
            headers: (await this.#columns()).map(({ id, name, columnType }) => ({
              id,
              name,
              columnType,
            })),
            rows: Array.from({ length: rowsOfBatch }, (_, row) => ({
              values: [String(batch), `row ${row}`],
            })),
          },
        },
      ],
    });
    this.#batches.add(batch);
    this.#batch = undefined;
  }

  async #verifyRows(): Promise<void> {
    const { queryResult } = await this.#job<M.QueryResultBundle>('query', {
      concreteType: `${tableModel}.QueryBundleRequest`,
      query: { sql: `SELECT batch, COUNT(*) FROM ${this.#table} GROUP BY batch ORDER BY batch` },
      partMask: 1,
    });
    const rows = queryResult?.queryResults?.rows?.map(({ values }) => values) ?? [];
    const found = new Map(rows.map((values) => [Number(values?.[0]), Number(values?.[1])]));
    const pending = this.#batch;
    if (pending !== undefined && found.has(pending)) this.#batches.add(pending);
    this.#batch = undefined;
    expect([...found]).toEqual([...this.#batches].map((batch) => [batch, rowsOfBatch]));
  }

  async #columns(): Promise<M.ColumnModel[]> {
    const answer = await this.session.get(`/entity/${this.#table}/column`);
    expect(answer).toMatchObject({ status: 200 });
    return (answer.body as M.PaginatedColumnModels).results;
  }

  async #job<T>(kind: 'query' | 'transaction', request: object): Promise<T> {
    const path = `/entity/${this.#table}/table/${kind}/async`;
    const started = await this.session.post(`${path}/start`, {
      ...request,
      entityId: this.#table,
    });
    expect(started).toMatchObject({ status: 201 });
    const { token } = started.body as { token: string };
    for (;;) {
      const answer = await this.session.get(`${path}/get/${token}`);
      if (answer.status === 202) continue;
      expect(answer).toMatchObject({ status: 201 });
      return answer.body as T;
    }
  }

  async #verifyUpload(): Promise<void> {
    const upload = this.#upload;
    if (upload?.uploadId === undefined) return;
    const { content, fileName, uploadId, handleId } = upload;
    const status = await begin(this.session, uploadRequest(content, { fileName }));
    expect(status).toMatchObject({ uploadId });
    if (upload.isAdded === true) expect(status.partsState).toBe('1');
    if (handleId !== undefined) {
      expect(status).toMatchObject({ state: 'COMPLETED', resultFileHandleId: handleId });
      await this.#verifyContent(handleId, md5Of(content));
    }
  }

  async #verifyContent(handleId: string, md5: string): Promise<void> {
    const answer = await storage(await contentUrl(this.session, handleId));
    expect({ status: answer.status, md5: md5Of(answer.body) }).toEqual({ status: 200, md5 });
  }

  /** Nothing is there that was not asked for, and a creation without an answer is there whole or not. */
  async #verifyListing(): Promise<void> {
    const creation = this.#creation;
    const known = new Set(this.#slots.map(({ id }) => id));
    for (const { id = '', name } of await this.#children()) {
      if (known.has(id)) continue;
      expect(name).toBe(creation?.state.name);
      const actual = await this.#read(id);
      expect(actual.state).toEqual(creation?.state);
      if (creation) this.#adopt(creation, id, actual.etag);
    }
    this.#creation = undefined;
  }

  async #children(): Promise<M.EntityHeader[]> {
    const found: M.EntityHeader[] = [];
    let nextPageToken: string | undefined;
    do {
      const answer = await this.session.post('/entity/children', {
        parentId: this.#project,
        includeTypes: ['folder', 'file'],
        nextPageToken,
      });
      expect(answer).toMatchObject({ status: 200 });
      const response = answer.body as M.EntityChildrenResponse;
      found.push(...response.page);
      ({ nextPageToken } = response);
    } while (nextPageToken !== undefined);
    return found;
  }

  async #read(id: string): Promise<{ state: State | 'deleted'; etag: string; handleId: string }> {
    const answer = await this.session.post(`/entity/${id}/bundle2`, {
      includeEntity: true,
      includeAnnotations: true,
    });
    if (answer.status === 404) return { state: 'deleted', etag: '', handleId: '' };
    expect(answer).toMatchObject({ status: 200 });
    const bundle = answer.body as M.EntityBundle;
    const { name = '', description = '', etag = '' } = bundle.entity ?? {};
    const values = Object.values(bundle.annotations?.annotations ?? {});
    const marks = values.flatMap(({ value }) => value[0] ?? []);
    const handleId = (bundle.entity as M.FileEntity | undefined)?.dataFileHandleId ?? '';
    return { state: { name, description, marks }, etag, handleId };
  }
}

/** Big ones make the journal long enough to be folded into a snapshot while the load runs. */
function annotationsOf({ marks }: State): object {
  const isBig = marks.length === keysOfBigAnnotations;
  return Object.fromEntries(
    marks.map((mark, index) => [
      `key${index}`,
      {
        type: 'STRING',
        value: isBig ? [mark, ...new Array<string>(4).fill('x'.repeat(100))] : [mark],
      },
    ]),
  );
}
