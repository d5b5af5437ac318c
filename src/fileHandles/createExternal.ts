import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { againAfterLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';
import { ArgumentError, fileSystemError } from '../errors.js';
import { fileMd5 } from '../files/fileMd5.js';
import { callOptions } from '../options.js';
import { guessContentType } from '../transfer/contentType.js';
import { quoted } from '../values/quoted.js';
import { guessFileName } from '../values/urls.js';
import {
  checkPlace,
  externalPlace,
  type ExternalPlace,
  type ExternalPlaceInput,
} from './externalPlace.js';

/** What is known about content that is stored already. What is not given is read from the local copy at `path`. */
interface ExternalContent extends ExternalPlaceInput {
  /** A local copy of the content. */
  path?: string;
  /** @default the name of the local copy, else the last part of the key or address */
  fileName?: string;
  /** Media type. @default guessed from the file name */
  contentType?: string;
  /** 32 hexadecimal digits. */
  contentMd5?: string;
  /** Bytes. */
  contentSize?: number;
}

/** Content at any address, which is public or has access control of its own. */
export interface ExternalUrl extends ExternalContent {
  kind: 'url';
  url: string;
}

/** An object in your S3 or Google Cloud bucket. */
export interface ExternalBucketObject extends ExternalContent {
  kind: 's3' | 'googleCloud';
  /** The whole key. */
  key: string;
  /** @default the bucket that uploads to `parent` go to */
  bucket?: string;
}

/** An object in an object store that Synapse does not access. */
export interface ExternalObject extends ExternalContent {
  kind: 'objectStore';
  /** The whole key. */
  key: string;
}

/** A file that a proxy gives out. */
export interface ProxiedFile extends ExternalContent {
  kind: 'proxy';
  /** The path of the file on the proxy. */
  filePath: string;
}

/** Content that is stored already, by `kind` of storage. */
export type ExternalFile = ExternalUrl | ExternalBucketObject | ExternalObject | ProxiedFile;

const addressMembers = {
  url: 'url',
  s3: 'key',
  googleCloud: 'key',
  objectStore: 'key',
  proxy: 'filePath',
} as const satisfies Record<ExternalFile['kind'], string>;

/** Implements {@link FileHandles.createExternal}. */
export async function createExternal(
  ctx: Context,
  file: ExternalFile,
  options: CallOptions = {},
): Promise<M.FileHandle> {
  const address = checkExternal(file);
  const call = callOptions(options);
  const content = await contentOf(file, address, call.signal);
  const place = await externalPlace(ctx, file, call);
  return againAfterLostAnswer(() => create(ctx, { file, address, content, place }, call));
}

interface Registration {
  file: ExternalFile;
  address: string;
  content: Pick<M.FileHandle, 'contentMd5' | 'contentSize' | 'contentType' | 'fileName'>;
  place: ExternalPlace;
}

const packageName = 'org.sagebionetworks.repo.model.file';

function create(
  { services }: Context,
  { file: { kind }, address, content, place }: Registration,
  call: CallOptions,
): Promise<M.FileHandle> {
  const { storageLocationId, bucket } = place;
  const common = { ...content, storageLocationId };
  const { file } = services;
  switch (kind) {
    case 's3': {
      const concreteType = `${packageName}.S3FileHandle` as const;
      const body = { ...common, concreteType, bucketName: bucket, key: address };
      return file.createExternalS3FileHandle({ body }, call);
    }
    case 'googleCloud': {
      const concreteType = `${packageName}.GoogleCloudFileHandle` as const;
      const body = { ...common, concreteType, bucketName: bucket, key: address };
      return file.createExternalGoogleCloudFileHandle({ body }, call);
    }
    case 'url': {
      const concreteType = `${packageName}.ExternalFileHandle` as const;
      return file.createExternalFileHandle(
        { body: { ...common, concreteType, externalURL: address } },
        call,
      );
    }
    case 'objectStore': {
      const concreteType = `${packageName}.ExternalObjectStoreFileHandle` as const;
      return file.createExternalFileHandle(
        { body: { ...common, concreteType, fileKey: address } },
        call,
      );
    }
    case 'proxy': {
      const concreteType = `${packageName}.ProxyFileHandle` as const;
      return file.createExternalFileHandle(
        { body: { ...common, concreteType, filePath: address } },
        call,
      );
    }
  }
}

/**
 * Checks what can be checked before anything is sent or read.
 *
 * @returns The address, key or path of the content.
 */
function checkExternal(file: ExternalFile): string {
  const { kind, contentMd5, contentSize, path } = file;
  if (!Object.hasOwn(addressMembers, kind)) {
    throw new ArgumentError(
      `${quoted(kind)} is not a kind of external files: use ${Object.keys(addressMembers).join(', ')}.`,
    );
  }
  const member = addressMembers[kind];
  const address: unknown = Reflect.get(file, member);
  if (typeof address !== 'string' || address.trim() === '') {
    throw new ArgumentError(`An external file of the kind ${kind} needs its ${member}.`);
  }
  if (kind === 'url' && (!URL.canParse(address) || /\s/.test(address))) {
    throw new ArgumentError(`${quoted(address)} is not a URL.`);
  }
  if (contentMd5 !== undefined && !/^[\da-f]{32}$/i.test(contentMd5)) {
    throw new ArgumentError(`${quoted(contentMd5)} is not an MD5: expected 32 hexadecimal digits.`);
  }
  if (contentSize !== undefined && !(Number.isSafeInteger(contentSize) && contentSize >= 0)) {
    throw new ArgumentError(`${quoted(contentSize)} is not a size in bytes.`);
  }
  if (path === undefined) {
    const needed = {
      contentMd5: kind === 'url' || contentMd5 !== undefined,
      contentSize: !['objectStore', 'proxy'].includes(kind) || contentSize !== undefined,
    };
    const missing = Object.entries(needed).flatMap(([name, isThere]) => (isThere ? [] : [name]));
    if (missing.length > 0) {
      throw new ArgumentError(
        `An external file of the kind ${kind} needs ${missing.join(' and ')}, or the path of a local copy.`,
      );
    }
  }
  checkPlace(file);
  return address;
}

async function contentOf(
  file: ExternalFile,
  address: string,
  signal?: AbortSignal,
): Promise<Registration['content']> {
  const { path, contentMd5, contentSize, contentType } = file;
  const lastPart =
    file.kind === 'url' ? guessFileName(address) : (address.split('/').at(-1) ?? address);
  const fileName = file.fileName ?? (path === undefined ? lastPart : basename(path));
  return {
    fileName,
    contentType: contentType ?? (await guessContentType(fileName)),
    contentMd5: contentMd5 ?? (path === undefined ? undefined : await fileMd5(path, signal)),
    contentSize: contentSize ?? (path === undefined ? undefined : await sizeOf(path)),
  };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw fileSystemError('Cannot read', path, error);
  }
}
