import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Activity, File, Folder, Link, Project, UsedURL, type Synapse } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { callsOf } from './callsOf.js';
import { comparable } from './comparable.js';

const mine = withClients();
const raw = withClients();

const texts = {
  reads: 'sample,reads\nA,91\nB,12\n',
  draft: 'sample,count\nA,91\nB,12\n',
  released: 'sample,count\nA,91\n',
  wrong: 'sample,count\nA,-91\n',
};
const script = (name: string): string => `https://example.org/pipeline/blob/v1/${name}.R`;

/** What the scenario makes, by name. */
type Made = Record<'study' | 'raw' | 'release' | 'reads' | 'counts' | 'link', string>;

/** The story, as a data manager tells it with this client. */
async function releaseCounts(syn: Synapse): Promise<Made> {
  const study = await syn.store(new Project({ name: 'Counts of 2026' }));
  const raw = await syn.store(new Folder({ name: 'raw', parent: study }));
  const release = await syn.store(new Folder({ name: 'release', parent: study }));
  const write = (name: string, text: string): Promise<string> => mine.file(name, text);

  const reads = await syn.store(
    new File({ path: await write('reads.csv', texts.reads), parent: raw }),
  );
  const counts = new File({
    path: await write('counts.csv', texts.draft),
    parent: raw,
    annotations: { stage: 'draft', samples: 2 },
    activity: new Activity({ name: 'Count' }).used(reads).executed(script('count')),
  });
  await syn.store(counts, { versionLabel: 'draft' });

  counts.path = await write('counts.csv', texts.released);
  counts.annotations = { stage: ['release'], samples: [1] };
  counts.activity = new Activity({ name: 'Quality control', description: 'At least 20 reads' })
    .used(`${counts.id ?? ''}.1`)
    .executed(new UsedURL(script('quality'), { name: 'quality.R' }));
  await syn.store(counts, { versionLabel: 'v1.0', versionComment: 'as published' });
  const link = await syn.store(new Link({ name: 'Counts v1.0', parent: release, target: counts }));

  counts.path = await write('counts.csv', texts.wrong);
  counts.annotations = { stage: ['release'], samples: [1], checked: [true] };
  counts.activity = new Activity({ name: 'Correct' }).used(`${counts.id ?? ''}.2`);
  await syn.store(counts);

  const restored = await syn.versions.restore(counts, 2, { comment: 'version 3 was wrong' });
  expect(restored.changed).toEqual(['content', 'annotations', 'provenance']);
  await syn.changeMetadata(counts.id ?? '', {
    downloadAs: 'counts-1.0.csv',
    contentType: 'text/plain',
  });
  await syn.versions.update(counts.id ?? '', { label: 'v1.0.1', comment: 'with a better name' });

  const published = await syn.get(File, link.id, { followLink: true, downloadFile: false });
  expect(published.versionLabel).toBe('v1.0');
  return {
    study: study.id,
    raw: raw.id,
    release: release.id,
    reads: reads.id,
    counts: counts.id ?? '',
    link: link.id,
  };
}

const model = 'org.sagebionetworks.repo.model';

/** The same story with the operations of the service. */
async function releaseCountsRaw(syn: Synapse): Promise<Made> {
  const { entity, activity, entityBundle, file } = syn.services;
  const container = async (type: string, name: string, parentId?: string): Promise<string> => {
    const body = { concreteType: `${model}.${type}`, name, parentId } as unknown as Parameters<
      typeof entity.createEntity
    >[0]['body'];
    return (await entity.createEntity({ body })).id ?? '';
  };
  const study = await container('Project', 'Counts of 2026');
  const rawFolder = await container('Folder', 'raw', study);
  const release = await container('Folder', 'release', study);
  const fileType = `${model}.FileEntity` as const;
  const usedType = `${model}.provenance.UsedEntity` as const;
  const urlType = `${model}.provenance.UsedURL` as const;

  const reads = await entity.createEntity({
    body: {
      concreteType: fileType,
      name: 'reads.csv',
      parentId: rawFolder,
      dataFileHandleId: await uploadRaw(syn, 'reads.csv', texts.reads),
    },
  });
  const countsUrl = script('count');
  const first = await activity.createActivity({
    body: {
      name: 'Count',
      used: [
        {
          concreteType: usedType,
          reference: { targetId: reads.id, targetVersionNumber: 1 },
          wasExecuted: false,
        },
        { concreteType: urlType, url: countsUrl, name: countsUrl, wasExecuted: true },
      ],
    },
  });
  const bundle = await entityBundle.createEntityBundle({
    generatedBy: first.id,
    body: {
      entity: {
        concreteType: fileType,
        name: 'counts.csv',
        parentId: rawFolder,
        versionLabel: 'draft',
        dataFileHandleId: await uploadRaw(syn, 'counts.csv', texts.draft),
      },
      annotations: {
        annotations: {
          stage: { type: 'STRING', value: ['draft'] },
          samples: { type: 'LONG', value: ['2'] },
        },
      },
    },
  });
  const id = bundle.entity?.id ?? '';
  const annotate = async (
    values: Parameters<typeof entity.updateEntityAnnotations>[0]['body']['annotations'],
  ): Promise<void> => {
    const { etag } = await entity.getEntity({ id });
    await entity.updateEntityAnnotations({ id, body: { id, etag, annotations: values } });
  };
  const newVersion = async (change: object, generatedBy: string | undefined): Promise<void> => {
    const body = {
      ...(await entity.getEntity({ id })),
      versionLabel: undefined,
      versionComment: undefined,
      ...change,
    };
    await entity.updateEntity({ id, newVersion: true, generatedBy, body });
  };
  const released = {
    stage: { type: 'STRING' as const, value: ['release'] },
    samples: { type: 'LONG' as const, value: ['1'] },
  };

  const quality = await activity.createActivity({
    body: {
      name: 'Quality control',
      description: 'At least 20 reads',
      used: [
        {
          concreteType: usedType,
          reference: { targetId: id, targetVersionNumber: 1 },
          wasExecuted: false,
        },
        { concreteType: urlType, url: script('quality'), name: 'quality.R', wasExecuted: true },
      ],
    },
  });
  const releasedHandle = await uploadRaw(syn, 'counts.csv', texts.released);
  await newVersion(
    { dataFileHandleId: releasedHandle, versionLabel: 'v1.0', versionComment: 'as published' },
    quality.id,
  );
  await annotate(released);
  const link = await entity.createEntity({
    body: {
      concreteType: `${model}.Link`,
      name: 'Counts v1.0',
      parentId: release,
      linksTo: { targetId: id, targetVersionNumber: 2 },
      linksToClassName: fileType,
    },
  });

  const correct = await activity.createActivity({
    body: {
      name: 'Correct',
      used: [
        {
          concreteType: usedType,
          reference: { targetId: id, targetVersionNumber: 2 },
          wasExecuted: false,
        },
      ],
    },
  });
  await newVersion(
    { dataFileHandleId: await uploadRaw(syn, 'counts.csv', texts.wrong) },
    correct.id,
  );
  await annotate({ ...released, checked: { type: 'BOOLEAN', value: ['true'] } });

  await newVersion(
    { dataFileHandleId: releasedHandle, versionComment: 'version 3 was wrong' },
    quality.id,
  );
  await annotate(released);
  const { copyResults } = await file.copyFileHandleBatch({
    body: {
      copyRequests: [
        {
          originalFile: {
            fileHandleId: releasedHandle,
            associateObjectId: id,
            associateObjectType: 'FileEntity',
          },
          newFileName: 'counts-1.0.csv',
          newContentType: 'text/plain',
        },
      ],
    },
  });
  await newVersion({ dataFileHandleId: copyResults[0]?.newFileHandle?.id }, quality.id);
  const current = {
    ...(await entity.getEntity({ id })),
    versionLabel: 'v1.0.1',
    versionComment: 'with a better name',
  };
  await entity.updateEntity({
    id,
    body: current,
  });
  return { study, raw: rawFolder, release, reads: reads.id ?? '', counts: id, link: link.id ?? '' };
}

/** A small file in one part. @returns the id of its file handle */
async function uploadRaw(syn: Synapse, fileName: string, text: string): Promise<string> {
  const { file } = syn.services;
  const md5 = createHash('md5').update(text).digest('hex');
  const { uploadId } = await file.createMultipartUpload({
    body: {
      concreteType: `${model}.file.MultipartUploadRequest`,
      fileName,
      contentType: 'text/csv',
      contentMD5Hex: md5,
      fileSizeBytes: text.length,
      partSizeBytes: 5 * 1024 * 1024,
    },
  });
  const request = { uploadId, body: { uploadId, partNumbers: [1] } };
  const { partPresignedUrls } = await file.getMultipartUploadUrlBatch(request);
  await fetch(partPresignedUrls[0]?.uploadPresignedUrl ?? '', { method: 'PUT', body: text });
  await file.addMultipartUploadPart({ uploadId, partNumber: 1, partMD5Hex: md5 });
  const { resultFileHandleId = '' } = await file.completeMultipartUpload({ uploadId });
  return resultFileHandleId;
}

/** All that can be read of what the scenario made. */
async function stateOf(syn: Synapse, made: Made): Promise<unknown> {
  const { entity, entityBundle } = syn.services;
  const body = {
    includeEntity: true,
    includeAnnotations: true,
    includeActivity: true,
    includeFileHandles: true,
  };
  const activities: string[] = [];
  const versions = await entity.listEntityVersions({ id: made.counts });
  const bundles: unknown[] = [];
  for (const { versionNumber } of versions.results) {
    const bundle = await entityBundle.getEntityVersionBundle({
      id: made.counts,
      versionNumber,
      body,
    });
    const { id = '' } = bundle.activity ?? {};
    if (!activities.includes(id)) activities.push(id);
    // Previews come when they are made.
    const files = (bundle.fileHandles ?? []).filter(
      (handle) => !('isPreview' in handle && handle.isPreview === true),
    );
    const handles = files.map((handle) => ({
      type: handle.concreteType,
      fileName: handle.fileName,
      contentType: handle.contentType,
      contentMd5: 'contentMd5' in handle ? handle.contentMd5 : undefined,
    }));
    bundles.push({
      ...bundle,
      fileHandles: handles,
      activity: { ...bundle.activity, id: `activity ${activities.indexOf(id)}` },
      entity: { ...bundle.entity, dataFileHandleId: undefined },
    });
  }
  const state = {
    versions: versions.results.map((version) => ({ ...version, fileHandleId: undefined })),
    bundles,
    link: await entity.getEntity({ id: made.link }),
    reads: { ...(await entity.getEntity({ id: made.reads })), dataFileHandleId: undefined },
  };
  return comparable(state, made);
}

test('a data set is released, broken, restored and renamed, as with the raw operations', async () => {
  const alice = await mine.open('alice');
  const { result: made, calls } = await callsOf(mine.server, () => releaseCounts(alice));
  const other = await raw.open('alice');
  const state = await stateOf(alice, made);
  expect(state).toEqual(await stateOf(other, await releaseCountsRaw(other)));
  expect(state).toMatchObject({
    versions: [
      { versionNumber: 5, versionLabel: 'v1.0.1', versionComment: 'with a better name' },
      { versionNumber: 4, versionLabel: '4', versionComment: 'version 3 was wrong' },
      { versionNumber: 3, versionLabel: '3' },
      { versionNumber: 2, versionLabel: 'v1.0', versionComment: 'as published' },
      { versionNumber: 1, versionLabel: 'draft' },
    ],
    bundles: [
      { activity: { id: 'activity 0' }, fileHandles: [{ fileName: 'counts-1.0.csv' }] },
      { activity: { id: 'activity 0' }, fileHandles: [{ fileName: 'counts.csv' }] },
      { activity: { name: 'Correct' } },
      { activity: { id: 'activity 0', name: 'Quality control' } },
      { activity: { name: 'Count' } },
    ],
  });
  expect(calls).toEqual({
    // Four uploads of one part.
    'PUT /storage': 4,
    'file.getDefaultUploadDestination': 1,
    'file.createMultipartUpload': 4,
    'file.getMultipartUploadUrlBatch': 4,
    'file.addMultipartUploadPart': 4,
    'file.completeMultipartUpload': 4,
    // Project, two folders, reads, link; the counts with their annotations.
    'entity.createEntity': 5,
    'entityBundle.createEntityBundle': 1,
    'entity.getEntityChildId': 2,
    'entity.getEntityVersion': 1,
    // Four new versions, and a label.
    'entity.updateEntity': 5,
    'entity.updateEntityAnnotations': 3,
    'activity.createActivity': 3,
    // Restore reads two versions; the change of metadata, the label and the link read what they change or follow.
    'entityBundle.getEntityBundle': 3,
    'entityBundle.getEntityVersionBundle': 2,
    'entity.getEntity': 1,
    'file.copyFileHandleBatch': 1,
  });
}, 60_000);
