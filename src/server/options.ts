import type { ConditionSettings } from './conditions/conditions.js';
import type { Fixture } from './seed/fixture.js';
import type { WebhookDelivery } from './webhooks/webhookDelivery.js';

/** Options of {@link startLocalSynapse}. */
export interface LocalSynapseOptions {
  /** Port to listen on; 0 picks a free one. @default 0 */
  readonly port?: number;
  /** Address to listen on. Anything but a loopback address is reported to `onWarning`. @default '127.0.0.1' */
  readonly host?: string;
  /**
   * Address that clients use, e.g. `http://synapse:8080`, if it differs from the listening address.
   * Links from the server start with it.
   * @default 'http://<host>:<port>'
   */
  readonly publicUrl?: string;
  /**
   * Directory of the state; it is created if missing. Without one, the state is lost at `close()`.
   */
  readonly dataDir?: string;
  /**
   * Repairs a damaged data directory: keeps everything that is whole, and a copy of the damaged files. `recovery` of the
   * server says what is lost. Without it, the start is refused when a file is damaged or missing.
   * @default false
   */
  readonly recover?: boolean;
  /**
   * Initial content of a new server: a fixture, the path of a JSON or YAML file with one, or the
   * path of a directory, which becomes a project. A server with data is not changed.
   */
  readonly seed?: string | Fixture;
  /** The server's clock. @default the system's */
  readonly now?: () => Date;
  /**
   * Simulated conditions for clients, such as latency and faults. They can be changed while the
   * server runs.
   */
  readonly conditions?: ConditionSettings;
  /**
   * Treats an answer of this server that does not fit the API description as a failure (500).
   * Otherwise such answers are sent. They are listed in `contractViolations` in both cases.
   * @default false
   */
  readonly strict?: boolean;
  /** Lifetime of a session token in milliseconds. @default 86400000 */
  readonly sessionLifetime?: number;
  /** Milliseconds that `close()` waits for active requests. @default 5000 */
  readonly closeTimeout?: number;
  /**
   * Receives the messages to the endpoints of webhooks, and returns the HTTP status of an endpoint. The server itself
   * connects to no endpoint: without a receiver all are unreachable, and no webhook can be verified.
   */
  readonly webhookReceiver?: (delivery: WebhookDelivery) => number | Promise<number>;
  /** Called with a warning message. @default `process.emitWarning` */
  readonly onWarning?: (message: string) => void;
}
