import { buffer } from 'node:stream/consumers';

import type { World } from '../world.js';
import { contentDisposition, type CloudHandle, type HandleRecord } from './handleRecords.js';
import { imagePreview } from './imagePreview.js';
import type { PreviewKind } from './previewKinds.js';
import { baseKeyOf, findStorageLocation } from './storageLocations.js';
import { storageKey } from './fileName.js';
import { tablePreview } from './tablePreview.js';
import { textPreview } from './textPreview.js';
import { zipPreview } from './zipPreview.js';

/** The work of one preview. */
interface PreviewWork {
  readonly world: World;
  readonly handle: HandleRecord<CloudHandle>;
  readonly signal: AbortSignal;
}

type Made = Promise<string | Uint8Array | undefined>;

interface Maker {
  readonly contentType: string;
  readonly extension: string;
  readonly make: (work: PreviewWork) => Made;
}

const makers: Readonly<Record<PreviewKind, Maker>> = {
  image: {
    contentType: 'image/png',
    extension: '.png',
    make: async ({ world, handle, signal }) =>
      imagePreview(await buffer(world.files.read(handle)), signal),
  },
  commas: tableMaker(','),
  tabs: tableMaker('\t'),
  text: {
    contentType: 'text/plain',
    extension: '.txt',
    make: ({ world, handle }) =>
      textPreview((range) => world.files.read(handle, range), handle.contentSize ?? 0),
  },
  zip: {
    contentType: 'text/csv',
    extension: '.csv',
    make: ({ world, handle }) =>
      zipPreview((range) => world.files.read(handle, range), handle.contentSize ?? 0),
  },
};

function tableMaker(separator: ',' | '\t'): Maker {
  return {
    contentType: 'text/csv',
    extension: '.csv',
    make: ({ world, handle }) => tablePreview(world.files.read(handle), separator),
  };
}

/** Makes the preview of a file and stores it beside the file, unless the content has none. */
export async function makePreview(work: PreviewWork, kind: PreviewKind): Promise<void> {
  const { world, handle } = work;
  const { make, contentType, extension } = makers[kind];
  const content = await make(work);
  if (content === undefined || content.length === 0) return;
  const blob = await world.blobs.save(Buffer.from(content));
  await world.files.objects.keep(blob, () => {
    const { concreteType, storageLocationId, bucketName = '' } = handle;
    const createdBy = Number(handle.createdBy);
    const fileName = `preview${extension}`;
    const location = findStorageLocation(world, storageLocationId);
    const key = storageKey({
      baseKey: location && baseKeyOf(location),
      userId: createdBy,
      uuid: world.uuid(),
      fileName: world.uuid(),
    });
    const headers = { contentType, contentDisposition: contentDisposition(fileName) };
    world.files.objects.putBlob({ bucket: bucketName, key }, blob, headers);
    const preview = world.files.create<CloudHandle>(
      {
        concreteType,
        contentType,
        fileName,
        contentSize: blob.size,
        storageLocationId,
        bucketName,
        key,
        isPreview: true,
      },
      createdBy,
    );
    world.files.setPreview(handle.id, preview.id);
  });
}
