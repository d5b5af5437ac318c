import type { ConditionSettings } from './conditions/conditions.js';
import type { Fixture } from './seed/fixture.js';

/** How an embedded Synapse is started. */
export interface LocalSynapseOptions {
  /** Port to listen on; 0 picks a free one. @default 0 */
  readonly port?: number;
  /** Address to listen on. Anything but a loopback address is reported to `onWarning`. @default '127.0.0.1' */
  readonly host?: string;
  /**
   * Address that clients use, e.g. `http://synapse:8080`, where it is not the one listened on: the
   * links that the server hands out begin with it.
   * @default 'http://<host>:<port>'
   */
  readonly publicUrl?: string;
  /** Where the state lives; it is created when missing. Without one, the state is gone after `close()`. */
  readonly dataDir?: string;
  /**
   * What a new server is filled with: a fixture, the path of a JSON or YAML file with one, or the path
   * of a directory, which becomes a project. A server that has data already is left as it is.
   */
  readonly seed?: string | Fixture;
  /** The server's clock. @default the system's */
  readonly now?: () => Date;
  /** What clients have to put up with; it can be changed while the server runs. */
  readonly conditions?: ConditionSettings;
  /**
   * Treats an answer of this server that does not fit the API description as a failure (500).
   * Without it such answers are sent, and listed in `contractViolations` all the same.
   * @default false
   */
  readonly strict?: boolean;
  /** Life of a session token in milliseconds. @default 86400000 */
  readonly sessionLifetime?: number;
  /** Milliseconds that `close()` waits for requests that are being served. @default 5000 */
  readonly closeTimeout?: number;
  /** Called with a sentence when something deserves attention. @default `process.emitWarning` */
  readonly onWarning?: (message: string) => void;
}
