import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileMd5 } from '../../src/files/fileMd5.js';
import { ArgumentError, FileSystemError, UploadError } from '../../src/errors.js';
import { guessContentType } from '../../src/transfer/contentType.js';
import { copyPartMd5 } from '../../src/storages/synapse/copyPart.js';
import {
  defaultPartSize,
  partRange,
  planCopyPartSize,
  planParts,
} from '../../src/transfer/partPlan.js';
import { isPresignedExpired, presignedExpiry } from '../../src/storages/synapse/presignedUrl.js';
import { SourceFile } from '../../src/transfer/sourceFile.js';
import { multipartRequest } from '../../src/storages/synapse/multipartRequest.js';
import { prepareUpload } from '../../src/transfer/prepareUpload.js';
import { readVectors, tagOf, testEach, type RecordedError } from './readVectors.js';

interface Input {
  fn: string;
  args?: [number | string, number?];
  data: string;
  partNumber: number;
  partSize: number;
  text: string;
  options?: {
    dest_file_name?: string;
    content_type?: string;
    preview?: boolean;
    storage_location_id?: string;
    part_size?: number;
  };
  fileName: string;
  content: string | null;
  isDirectory?: boolean;
  body: string;
  url: string;
  now: { $datetime: string };
}

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'synapse-multipart-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/**
 * Where we depart from the Python client, and what we do instead.
 * The table for readers is docs/departures.md.
 */
const departures: {
  reason: string;
  applies: (input: Input, error: RecordedError | undefined) => boolean;
  check: (input: Input) => Promise<void> | void;
}[] = [
  {
    reason: 'Synapse refuses empty files: they are refused before any request',
    applies: ({ fn, text, content }) =>
      (fn === 'string_upload_request' && text === '') ||
      (fn === 'file_upload_request' && content === ''),
    check: (input) => expect(run(input)).rejects.toThrow(ArgumentError),
  },
  {
    reason: 'URLs are opaque: one that does not say when it expires is not an error',
    applies: ({ fn }, error) => fn.startsWith('presigned_') && error !== undefined,
    check: async (input) =>
      expect(await run(input)).toBe(input.fn === 'presigned_expired' ? false : undefined),
  },
  {
    reason:
      'bed, sam and vcf tables are what the list of the Python client says, not the office formats and visiting cards that hide it',
    applies: ({ fn, fileName }) =>
      fn === 'file_upload_request' && /[^.].*\.(bed|sam|vcf)(\.gz|\.bz2|\.xz)?$/i.test(fileName),
    check: ({ fileName }) =>
      expect(guessContentType(fileName)).resolves.toBe('text/tab-separated-values'),
  },
];

function partPlan(size: number, requested: number | undefined): unknown {
  const { partSize, partCount } = planParts(size, requested ?? 0);
  const part = (number: number): number[] => {
    const { start, end } = partRange(size, partSize, number);
    return [number, start, end];
  };
  const numbers = (from: number): number[] =>
    Array.from({ length: Math.min(2, partCount) }, (_, index) => from + index);
  return {
    partSize,
    partCount,
    firstParts: numbers(1).map(part),
    lastParts: numbers(Math.max(1, partCount - 1)).map(part),
  };
}

function downloadRanges(size: number): unknown {
  const count = Math.ceil(size / defaultPartSize);
  const ranges = Array.from({ length: count }, (_, index) => {
    const { start, end } = partRange(size, defaultPartSize, index + 1);
    return [start, end - 1];
  });
  return count <= 4 ? ranges : { count, first: ranges.at(0), last: ranges.at(-1) };
}

/** The whole request as sent; what has no value is left out where Python sends null. */
async function uploadRequest(path: string, input: Input): Promise<unknown> {
  const { options = {} } = input;
  const source = await SourceFile.open(path);
  const uploadOptions = {
    fileName: options.dest_file_name,
    contentType: options.content_type,
    generatePreview: options.preview,
    partSize: options.part_size,
    storageLocationId: options.storage_location_id,
  };
  const prepared = await prepareUpload(source, uploadOptions).finally(() => source.close());
  const { storageLocationId, ...rest } = await multipartRequest(source, prepared, uploadOptions);
  return {
    ...rest,
    storageLocationId: storageLocationId === undefined ? null : String(storageLocationId),
  };
}

async function run(input: Input): Promise<unknown> {
  const [first, second] = input.args ?? [];
  switch (input.fn) {
    case 'part_plan':
      return partPlan(first as number, second);
    case 'part_bytes': {
      const data = Buffer.from(input.data);
      const { start, end } = partRange(data.length, input.partSize, input.partNumber);
      return data.subarray(start, end).toString();
    }
    case 'string_upload_request': {
      const path = join(root, 'message.txt');
      await writeFile(path, input.text);
      const { contentType, ...request } = (await uploadRequest(path, {
        ...input,
        options: {
          ...input.options,
          content_type: input.options?.content_type || 'text/plain; charset=utf-8',
        },
      })) as { contentType: string };
      return { contentType, ...request };
    }
    case 'file_upload_request': {
      const path = join(root, input.fileName);
      if (input.isDirectory === true) await mkdir(path);
      else if (input.content !== null) await writeFile(path, input.content);
      return uploadRequest(path, input);
    }
    case 'copy_part_md5':
      return copyPartMd5(input.body);
    case 'download_ranges':
      return downloadRanges(first as number);
    case 'presigned_expiry':
      return presignedExpiry(String(first));
    case 'presigned_expired':
      return isPresignedExpired(input.url, new Date(input.now.$datetime));
    case 'migrate_part_size':
      return planCopyPartSize(first as number);
    case 'md5_hex': {
      const path = join(root, 'text');
      await writeFile(path, input.text);
      return fileMd5(path);
    }
    default:
      throw new Error(`unknown function ${input.fn}`);
  }
}

describe('uploads and downloads in parts', () => {
  testEach(readVectors<Input>('multipart'), async ({ input, expected }) => {
    const departure = departures.find(({ applies }) => applies(input, expected.error));
    if (departure !== undefined) {
      await departure.check(input);
    } else if (expected.error !== undefined) {
      const kind = input.fn === 'copy_part_md5' ? UploadError : FileSystemError;
      await expect(run(input)).rejects.toThrow(kind);
    } else {
      const date = tagOf(expected.value)?.$datetime;
      const wanted = date === undefined ? expected.value : new Date(date);
      expect(await run(input)).toEqual(wanted);
    }
  });
});
