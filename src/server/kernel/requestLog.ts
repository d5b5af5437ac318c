/** One request that was answered (or whose client went away). */
export interface LoggedRequest {
  readonly method: string;
  /** Path without the query, which may hold a signature. */
  readonly path: string;
  /** `service.name`; `undefined` for storage and unknown paths. */
  readonly operation: string | undefined;
  /** 0 when the connection ended without an answer. */
  readonly status: number;
  /** `undefined` when authentication failed or did not happen. */
  readonly userId: number | undefined;
}

const capacity = 1000;

/** The latest requests and how often each operation was called. */
export class RequestLog {
  readonly #counts = new Map<string, number>();
  #entries: LoggedRequest[] = [];
  #total = 0;
  readonly #observe: ((entry: LoggedRequest) => void) | undefined;

  /** @param observe called for each request */
  constructor(observe?: (entry: LoggedRequest) => void) {
    this.#observe = observe;
  }

  /** Requests since the start or the last {@link RequestLog.clear}. */
  get total(): number {
    return this.#total;
  }

  /** The last 1000 requests, oldest first. */
  get entries(): readonly LoggedRequest[] {
    return this.#entries.slice(-capacity);
  }

  /** Number of requests for an operation (`service.name`) or a `METHOD /path`. */
  count(operation: string): number {
    return this.#counts.get(operation) ?? 0;
  }

  /** The number of requests by operation or `METHOD /path`. */
  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  clear(): void {
    this.#counts.clear();
    this.#entries = [];
    this.#total = 0;
  }

  /** Only for the kernel. */
  add(entry: LoggedRequest): void {
    const key = entry.operation ?? storageKey(entry);
    // Clients can request any number of unknown paths, so the map is bounded.
    if (this.#counts.has(key) || this.#counts.size < 2 * capacity) {
      this.#counts.set(key, this.count(key) + 1);
    }
    this.#entries.push(entry);
    this.#total += 1;
    if (this.#entries.length >= 2 * capacity) {
      this.#entries = this.#entries.slice(-capacity);
    }
    this.#observe?.(entry);
  }
}

/** Storage paths differ for every object: only their first segment is counted. */
function storageKey({ method, path }: LoggedRequest): string {
  const [, first = ''] = path.split('/');
  return `${method} /${first}`;
}
