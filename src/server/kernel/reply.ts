/** An answer that is not simply "the documented status with this JSON body". */
export interface ReplyInit {
  /** @default the documented success status of the operation */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * JSON value; `Uint8Array` or `Readable` are sent as they are (give a `content-type`, and a
   * `content-length` with a stream); `undefined` sends no body.
   */
  readonly body?: unknown;
  /** Name of the model of the body, when the status is not the documented one. */
  readonly model?: string;
  /** Called when a body of bytes was sent or its client is gone: its memory may be used again. */
  readonly release?: (() => void) | undefined;
}

/** Made by {@link reply} and {@link redirect}. */
export class Reply {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly model: string | undefined;
  readonly release: (() => void) | undefined;

  constructor(init: ReplyInit) {
    this.status = init.status;
    this.headers = init.headers ?? {};
    this.body = init.body;
    this.model = init.model;
    this.release = init.release;
  }
}

/** Creates a reply with a status, headers or a body. */
export function reply(init: ReplyInit): Reply {
  return new Reply(init);
}

/**
 * Creates a 307 reply with a `Location`.
 *
 * Handlers of operations documented as redirects return the URL as a string instead: the router
 * then handles `?redirect=false` (200 `text/plain`).
 */
export function redirect(url: string): Reply {
  return new Reply({ status: 307, headers: { location: url } });
}
