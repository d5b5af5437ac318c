/** Which requests are hit by a fault, and what then happens. Several effects may be combined. */
export interface FaultRule {
  /** `GET`, `POST`, ...; all methods when absent. */
  readonly method?: string;
  /**
   * Path to match, without the query: `*` stands for anything, `{name}` for one segment, e.g.
   * `/repo/v1/entity/{id}` or `/storage/*`. All paths when absent.
   */
  readonly path?: string;
  /** Operation to match, e.g. `entity.getEntity`. */
  readonly operation?: string;
  /** Leaves the first matching requests alone. @default 0 */
  readonly skip?: number;
  /** Ends after so many requests were hit. @default no end */
  readonly times?: number;
  /** Share of the matching requests that are hit, 0 to 1, drawn from the seeded generator. @default 1 */
  readonly probability?: number;

  /** Waits so many milliseconds before the request is looked at. */
  readonly delay?: number;
  /** Answers with this status instead of serving the request. */
  readonly status?: number;
  /** Reason given with `status`. */
  readonly reason?: string;
  /** `Retry-After` given with `status`, in seconds. */
  readonly retryAfter?: number;
  /** Serves the request, then resets the connection instead of answering. */
  readonly loseAnswer?: boolean;
  /** Resets the connection once so many bytes of the request body have arrived. */
  readonly dropRequestAt?: number;
  /** Ends the connection once so many bytes of the response body were sent. */
  readonly dropAt?: number;
  /** Stops sending once so many bytes of the response body were sent. */
  readonly stallAt?: number;
  /** Length of the stall in milliseconds. @default until the client goes away */
  readonly stallFor?: number;
  /** Sends the response body no faster than this. */
  readonly bytesPerSecond?: number;
  /** Inverts the byte of the response body at this offset. */
  readonly corruptAt?: number;
}

/** What a fault rule is matched against. */
export interface RequestTraits {
  readonly method: string;
  readonly pathname: string;
  /** `service.name`, when the path belongs to an operation. */
  readonly operation: string | undefined;
}

/** Disturbances of a body on its way out. */
export interface BodyEffects {
  readonly dropAt?: number;
  readonly stallAt?: number;
  readonly stallFor?: number;
  readonly bytesPerSecond?: number;
  readonly corruptAt?: number;
}

/** What happens to one request. */
export interface Effects {
  /** Milliseconds to wait first. */
  readonly delay: number;
  readonly failure?: { readonly status: number; readonly reason: string; retryAfter?: number };
  readonly loseAnswer: boolean;
  readonly dropRequestAt: number | undefined;
  /** `undefined` when the body goes out as it is. */
  readonly body: BodyEffects | undefined;
}

export function ruleMatches(rule: FaultRule, request: RequestTraits): boolean {
  return (
    (rule.method === undefined || rule.method.toUpperCase() === request.method) &&
    (rule.operation === undefined || rule.operation === request.operation) &&
    (rule.path === undefined || compilePattern(rule.path).test(request.pathname))
  );
}

function compilePattern(path: string): RegExp {
  const source = path
    .split(/(\*|\{[^}]*\})/)
    .map((part) =>
      part === '*'
        ? '.*'
        : part.startsWith('{') && part.endsWith('}')
          ? '[^/]+'
          : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  return new RegExp(`^${source}$`);
}

/** Adds up the effects of the rules that hit a request; of equal effects the first wins. */
export function effectsOf(rules: readonly FaultRule[], latency: number): Effects {
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
