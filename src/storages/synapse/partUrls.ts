import type { TransferService } from './transferService.js';
import { UploadError } from '../../errors.js';

/** Parts to sign with one call: many, to make few calls, but not so many that URLs expire before they are used. */
const batchSize = 64;

/** Where to send a part, and with which headers. */
export interface SignedPart {
  url: string;
  headers: Readonly<Record<string, string>>;
}

/** The presigned URLs of the parts of one upload, signed just before they are needed. */
export class PartUrls {
  readonly #files: TransferService;
  readonly #uploadId: string;
  /** Part numbers that are still to be sent, in order. */
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

  /** Forgets a part that was sent. */
  sent(partNumber: number): void {
    this.#missing.delete(partNumber);
    this.#signed.delete(partNumber);
  }

  /** Drops a URL that was refused, and all that are as old: they were signed together. */
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
      throw new UploadError(`Synapse gives no URL for part ${first} of the upload.`, {
        uploadId: this.#uploadId,
      });
    }
  }
}
