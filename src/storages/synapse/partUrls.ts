import type { TransferService } from './transferService.js';
import { UploadError } from '../../errors.js';

/** Parts to sign with one call: enough to need few calls, but not so many that URLs expire before they are used. */
const batchSize = 64;

/** The URL and the headers for sending a part. */
export interface SignedPart {
  url: string;
  headers: Readonly<Record<string, string>>;
}

/** The presigned URLs for the parts of one upload, requested just before they are needed. */
export class PartUrls {
  readonly #files: TransferService;
  readonly #uploadId: string;
  /** Remaining part numbers, in order. */
  readonly #missing: Set<number>;
  readonly #signal: AbortSignal | undefined;
  readonly #signed = new Map<number, SignedPart>();
  #signing: Promise<void> | undefined;

  constructor(
    files: TransferService,
    uploadId: string,
    missing: readonly number[],
    signal: AbortSignal | undefined,
  ) {
    this.#files = files;
    this.#uploadId = uploadId;
    this.#missing = new Set(missing);
    this.#signal = signal;
  }

  async get(partNumber: number): Promise<SignedPart> {
    for (;;) {
      const signed = this.#signed.get(partNumber);
      if (signed !== undefined) return signed;
      this.#signing ??= this.#sign(partNumber).finally(() => (this.#signing = undefined));
      await this.#signing;
    }
  }

  /** Removes a part that was sent. */
  sent(partNumber: number): void {
    this.#missing.delete(partNumber);
    this.#signed.delete(partNumber);
  }

  /** Discards a refused URL and all URLs of the same age, which were signed together. */
  refused(partNumber: number, signed: SignedPart): void {
    if (this.#signed.get(partNumber) === signed) this.#signed.clear();
  }

  async #sign(first: number): Promise<void> {
    const next = [...this.#missing].filter((number) => number > first && !this.#signed.has(number));
    const partNumbers = [first, ...next.slice(0, batchSize - 1)];
    const { partPresignedUrls } = await this.#files.getMultipartUploadUrlBatch(
      { uploadId: this.#uploadId, body: { uploadId: this.#uploadId, partNumbers } },
      this.#signal === undefined ? {} : { signal: this.#signal },
    );
    for (const { partNumber, uploadPresignedUrl, signedHeaders } of partPresignedUrls) {
      this.#signed.set(partNumber, { url: uploadPresignedUrl, headers: signedHeaders ?? {} });
    }
    if (!this.#signed.has(first)) {
      throw new UploadError(`Synapse returned no URL for part ${first} of the upload.`, {
        uploadId: this.#uploadId,
      });
    }
  }
}
