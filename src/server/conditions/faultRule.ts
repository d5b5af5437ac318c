/** Selects requests and describes what happens to them. Several effects may be combined. */
export interface FaultRule {
  /** `GET`, `POST`, ...; all methods when absent. */
  readonly method?: string;
  /**
   * Path to match, without the query: `*` matches anything, `{name}` for one segment, e.g.
   * `/repo/v1/entity/{id}` or `/storage/*`. All paths when absent.
   */
  readonly path?: string;
  /** Operation to match, e.g. `entity.getEntity`. */
  readonly operation?: string;
  /** Number of matching requests to skip first. @default 0 */
  readonly skip?: number;
  /** Maximum number of requests that the rule applies to. @default no end */
  readonly times?: number;
  /** Probability, from 0 to 1, that the rule applies to a matching request. @default 1 */
  readonly probability?: number;

  /** Milliseconds to wait before the request is processed. */
  readonly delay?: number;
  /** Status to answer with instead of serving the request. */
  readonly status?: number;
  /** Reason in the body of the answer with `status`. */
  readonly reason?: string;
  /** `Retry-After` header of the answer with `status`, in seconds. */
  readonly retryAfter?: number;
  /** Serves the request, then resets the connection instead of answering. */
  readonly loseAnswer?: boolean;
  /** Resets the connection once this many bytes of the request body have arrived. */
  readonly dropRequestAt?: number;
  /** Ends the connection once this many bytes of the response body were sent. */
  readonly dropAt?: number;
  /** Stops sending once this many bytes of the response body were sent. */
  readonly stallAt?: number;
  /** Length of the stall in milliseconds. @default until the client disconnects */
  readonly stallFor?: number;
  /** Maximum rate of the response body, in bytes per second. */
  readonly bytesPerSecond?: number;
  /** Inverts the byte of the response body at this offset. */
  readonly corruptAt?: number;
}

/** The properties of a request that fault rules match. */
export interface RequestTraits {
  readonly method: string;
  readonly pathname: string;
  /** `service.name`, when the path belongs to an operation. */
  readonly operation: string | undefined;
}

/** Faults in a response body. */
export interface BodyEffects {
  readonly dropAt?: number;
  readonly stallAt?: number;
  readonly stallFor?: number;
  readonly bytesPerSecond?: number;
  readonly corruptAt?: number;
}

/** Decides which faults apply to one request. */
export interface Effects {
  /** Milliseconds to wait first. */
  readonly delay: number;
  readonly failure?: { readonly status: number; readonly reason: string; retryAfter?: number };
  readonly loseAnswer: boolean;
  readonly dropRequestAt: number | undefined;
  /** `undefined` when the body is sent unchanged. */
  readonly body: BodyEffects | undefined;
}

/** The effects on most requests. */
export const noEffects: Effects = {
  delay: 0,
  loseAnswer: false,
  dropRequestAt: undefined,
  body: undefined,
};

export function ruleMatches(rule: FaultRule, request: RequestTraits): boolean {
  return (
    (rule.method === undefined || rule.method.toUpperCase() === request.method) &&
    (rule.operation === undefined || rule.operation === request.operation) &&
    (rule.path === undefined || matchesPath(rule.path, request.pathname))
  );
}

/** Whether a path matches a pattern: `*` is any text, and `{id}` one segment. The time is linear in the length of the path. */
function matchesPath(pattern: string, path: string): boolean {
  // 1 where the pattern up to here matches that many characters of the path.
  let reached = new Uint8Array(path.length + 1);
  reached[0] = 1;
  for (const part of pattern.split(/(\*|\{[^{}]*\})/)) {
    const isSegment = part.startsWith('{') && part.endsWith('}');
    const next = new Uint8Array(path.length + 1);
    for (let index = 0; index <= path.length; index += 1) {
      const isAfter = index > 0 && (reached[index - 1] === 1 || next[index - 1] === 1);
      if (part === '*') next[index] = isAfter || reached[index] === 1 ? 1 : 0;
      else if (isSegment) next[index] = isAfter && path[index - 1] !== '/' ? 1 : 0;
      else if (reached[index] === 1 && path.startsWith(part, index)) next[index + part.length] = 1;
    }
    reached = next;
  }
  return reached[path.length] === 1;
}

/**
 * Combines the effects of the rules that apply to a request. The first rule wins where two set the
 * same effect.
 */
export function effectsOf(rules: readonly FaultRule[], latency: number): Effects {
  if (rules.length === 0) {
    return latency === 0 ? noEffects : { ...noEffects, delay: latency };
  }
  const first = <K extends keyof FaultRule>(key: K): FaultRule[K] =>
    rules.find((rule) => rule[key] !== undefined)?.[key];
  const failing = rules.find((rule) => rule.status !== undefined);
  const body: BodyEffects = {
    dropAt: first('dropAt'),
    stallAt: first('stallAt'),
    stallFor: first('stallFor'),
    bytesPerSecond: first('bytesPerSecond'),
    corruptAt: first('corruptAt'),
  };
  return {
    delay: latency + rules.reduce((sum, rule) => sum + (rule.delay ?? 0), 0),
    ...(failing?.status !== undefined && {
      failure: {
        status: failing.status,
        reason: failing.reason ?? `Fault injected: ${failing.status}`,
        ...(failing.retryAfter !== undefined && { retryAfter: failing.retryAfter }),
      },
    }),
    loseAnswer: first('loseAnswer') === true,
    dropRequestAt: first('dropRequestAt'),
    body: Object.values(body).some((value) => value !== undefined) ? body : undefined,
  };
}
