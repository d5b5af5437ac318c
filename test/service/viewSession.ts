import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import { md5s, type Stored } from '../server/entitySession.js';
import { uploadFile } from '../server/filesClient.js';
import { TableSession, type Column } from '../server/tableSession.js';

const download = 'org.sagebionetworks.repo.model.download';

/** Annotations as tests write them: the type, and the values. */
export type Annotated = Readonly<
  Record<string, readonly [type: M.AnnotationsValueType, ...values: string[]]>
>;

/** A submission as the server returns it. */
export type StoredSubmission = M.Submission &
  Required<
    Pick<
      M.Submission,
      'createdOn' | 'entityId' | 'evaluationId' | 'id' | 'name' | 'userId' | 'versionNumber'
    >
  >;

/** Works with views, datasets and download lists as one user. */
export class ViewSession extends TableSession {
  /** The default columns of a kind of view. */
  async defaults(type: M.ViewEntityType, mask?: number): Promise<Column[]> {
    const query = mask === undefined ? '' : `&viewTypeMask=${mask}`;
    const answer = await this.session.get(
      `/column/tableview/defaults?viewEntityType=${type}${query}`,
    );
    expect(answer).toMatchObject({ status: 200 });
    return (answer.body as { list: Column[] }).list;
  }

  /** Makes one column. */
  async column(model: M.ColumnModel): Promise<Column> {
    const [column] = await this.columns(model);
    if (column === undefined) {
      throw new Error('The server made no column');
    }
    return column;
  }

  /** Makes a file with a handle of its own, or with one of the `fields`. */
  async file(parentId: string, name: string, fields: object = {}): Promise<Stored> {
    return this.session.create('file', {
      name,
      parentId,
      dataFileHandleId: await this.session.createHandle(md5s.a),
      ...fields,
    });
  }

  /** Makes files `foo0`, `foo1` and so on that share one handle. */
  async files(parentId: string, count = 3): Promise<Stored[]> {
    const dataFileHandleId = await this.session.createHandle(md5s.a);
    const files: Stored[] = [];
    for (let number = 0; number < count; number += 1) {
      files.push(await this.file(parentId, `foo${number}`, { dataFileHandleId }));
    }
    return files;
  }

  /** Makes a file that Synapse stores. */
  async storedFile(parentId: string, name: string, content: string): Promise<Stored> {
    const sent = { fileName: name, contentType: 'text/plain' };
    const { id } = await uploadFile(this.session, Buffer.from(content), sent);
    return this.file(parentId, name, { dataFileHandleId: id });
  }

  /** Makes a file whose version `n` has the annotation `<n>` with the value `v-<n>`. */
  async fileWithVersions(
    parentId: string,
    { name, key, versions }: { name: string; key: string; versions: number },
  ): Promise<Stored> {
    let file = await this.file(parentId, name);
    for (let version = 1; version <= versions; version += 1) {
      if (version > 1) {
        file = await this.session.update(
          file,
          {
            versionLabel: `v${version}`,
            dataFileHandleId: await this.session.createHandle(md5s.b),
          },
          '?newVersion=true',
        );
      }
      await this.annotate(file.id, { [key]: ['STRING', `v-${version}`] });
      file = await this.session.read(file.id);
    }
    return file;
  }

  /** Replaces the annotations of an entity. */
  async annotate(id: string, annotated: Annotated): Promise<void> {
    const path = `/entity/${id}/annotations2`;
    const { body } = await this.session.get(path);
    const put = await this.session.put(path, { ...(body as object), ...annotationsOf(annotated) });
    expect(put).toMatchObject({ status: 200 });
  }

  /** The values of one annotation of an entity. */
  async annotation(id: string, key: string): Promise<readonly string[] | undefined> {
    const { body } = await this.session.get(`/entity/${id}/annotations2`);
    return (body as M.Annotations).annotations?.[key]?.value;
  }

  /** Makes a view of a type in a container. */
  view(
    type: 'dataset' | 'datasetcollection' | 'entityview' | 'submissionview',
    {
      parentId,
      columns,
      ...fields
    }: { parentId: string; columns: readonly Column[]; [field: string]: unknown },
  ): Promise<Stored> {
    return this.session.create(type, {
      name: crypto.randomUUID(),
      parentId,
      columnIds: columns.map(({ id }) => id),
      ...fields,
    });
  }

  /** Makes a view of the files of one container, in which it is too. */
  fileView(scopeId: string, columns: readonly Column[], fields: object = {}): Promise<Stored> {
    return this.view('entityview', {
      ...{ parentId: scopeId, columns, scopeIds: [scopeId], viewTypeMask: 1 },
      ...fields,
    });
  }

  /** Makes a snapshot of a view and returns its version. */
  async snapshot(id: string, snapshotOptions: M.SnapshotRequest = {}): Promise<number> {
    const made = await this.change(id, [], { createSnapshot: true, snapshotOptions });
    return made.snapshotVersionNumber ?? 0;
  }

  /** What came of each row of a change that a view makes. */
  async updates(id: string, change: object): Promise<readonly M.EntityUpdateResult[]> {
    const { results } = await this.change(id, [change]);
    expect(results).toHaveLength(1);
    return (results?.[0] as M.EntityUpdateResults).updateResults ?? [];
  }

  /** Gives a user permissions on an entity, which gets an ACL of its own if it has none. */
  async grant(id: string, principalId: number, accessType: M.ACCESS_TYPE[]): Promise<void> {
    const benefactor = await this.session.get(`/entity/${id}/benefactor`);
    const { id: owner } = benefactor.body as { id: string };
    const { body } = await this.session.get(`/entity/${owner}/acl`);
    const acl = body as { resourceAccess: { principalId: number }[] };
    const others = acl.resourceAccess.filter((entry) => entry.principalId !== principalId);
    const changed = { ...acl, id, resourceAccess: [...others, { principalId, accessType }] };
    const path = `/entity/${id}/acl`;
    const answer =
      owner === id ? await this.session.put(path, changed) : await this.session.post(path, changed);
    expect(answer.status).toBeLessThan(300);
  }

  /** The columns that annotations of a scope suggest. */
  scopeColumns(viewScope: object, fields: object = {}): Promise<Answer> {
    return this.job('/column/view/scope/async', {
      concreteType: 'org.sagebionetworks.repo.model.table.ViewColumnModelRequest',
      viewScope,
      ...fields,
    });
  }

  /** Adds what a query or a container has to the download list. */
  addToList(request: object): Promise<Answer> {
    return this.job('/download/list/add/async', {
      concreteType: `${download}.AddToDownloadListRequest`,
      ...request,
    });
  }

  /** Adds single files to the download list. */
  addBatch(batchToAdd: readonly M.DownloadListItem[]): Promise<Answer> {
    return this.session.post('/download/list/add', { batchToAdd });
  }

  /** Asks the download list; `kind` is such as `AvailableFiles`. */
  askList(kind: string, fields: object = {}): Promise<Answer> {
    return this.job('/download/list/query/async', {
      concreteType: `${download}.DownloadListQueryRequest`,
      requestDetails: { concreteType: `${download}.${kind}Request`, ...fields },
    });
  }

  /** The files of the download list that can be downloaded. */
  async available(fields: object = {}): Promise<readonly M.DownloadListItemResult[]> {
    return (await this.#details<M.AvailableFilesResponse>('AvailableFiles', fields)).page ?? [];
  }

  /** The actions that the files of the download list require. */
  async required(): Promise<readonly M.ActionRequiredCount[]> {
    return (await this.#details<M.ActionRequiredResponse>('ActionRequired')).page ?? [];
  }

  statistics(): Promise<M.FilesStatisticsResponse> {
    return this.#details('FilesStatistics');
  }

  async #details<T>(kind: string, fields: object = {}): Promise<T> {
    const answer = await this.askList(kind, fields);
    expect(answer).toMatchObject({ status: 201 });
    return (answer.body as { responseDetails: T }).responseDetails;
  }

  manifest(fields: object = {}): Promise<Answer> {
    return this.job('/download/list/manifest/async', {
      concreteType: `${download}.DownloadListManifestRequest`,
      ...fields,
    });
  }

  package(fields: object = {}): Promise<Answer> {
    return this.job('/download/list/package/async', {
      concreteType: `${download}.DownloadListPackageRequest`,
      ...fields,
    });
  }

  /** Makes an evaluation of a project. */
  async evaluation(contentSource: string): Promise<string> {
    const made = await this.session.post('/evaluation', {
      name: crypto.randomUUID(),
      contentSource,
    });
    expect(made).toMatchObject({ status: 201 });
    return (made.body as { id: string }).id;
  }

  /** Lets a principal read an evaluation and submit to it. */
  async allowSubmissions(evaluationId: string, principalId: number): Promise<void> {
    const { body } = await this.session.get(`/evaluation/${evaluationId}/acl`);
    const acl = body as { resourceAccess: object[] };
    const entry = { principalId, accessType: ['READ', 'SUBMIT'] };
    const put = await this.session.put('/evaluation/acl', {
      ...acl,
      resourceAccess: [...acl.resourceAccess, entry],
    });
    expect(put).toMatchObject({ status: 200 });
  }

  /** Submits an entity. */
  async submit(
    evaluationId: string,
    { id, etag }: Stored,
    fields: object = {},
  ): Promise<StoredSubmission> {
    const answer = await this.session.post(`/evaluation/submission?etag=${etag}`, {
      evaluationId,
      entityId: id,
      versionNumber: 1,
      ...fields,
    });
    expect(answer).toMatchObject({ status: 201 });
    return answer.body as StoredSubmission;
  }

  /** The status of a submission. */
  async status(submissionId: string): Promise<Required<M.SubmissionStatus>> {
    const answer = await this.session.get(`/evaluation/submission/${submissionId}/status`);
    expect(answer).toMatchObject({ status: 200 });
    return answer.body as Required<M.SubmissionStatus>;
  }

  /** Changes the status of a submission, and its annotations if there are any. */
  async setStatus(
    submissionId: string,
    change: object,
    annotated?: Annotated,
  ): Promise<Required<M.SubmissionStatus>> {
    const before = await this.status(submissionId);
    const answer = await this.session.put(`/evaluation/submission/${submissionId}/status`, {
      ...before,
      ...change,
      ...(annotated !== undefined && {
        submissionAnnotations: { id: submissionId, ...annotationsOf(annotated) },
      }),
    });
    expect(answer).toMatchObject({ status: 200 });
    return answer.body as Required<M.SubmissionStatus>;
  }
}

/** The number of an entity. */
export function numberOf({ id }: { readonly id: string }): number {
  return Number(id.slice('syn'.length));
}

/** Annotations as requests have them. */
function annotationsOf(annotated: Annotated): {
  annotations: Record<string, M.AnnotationsValue>;
} {
  return {
    annotations: Object.fromEntries(
      Object.entries(annotated).map(([key, [type, ...value]]) => [key, { type, value }]),
    ),
  };
}
