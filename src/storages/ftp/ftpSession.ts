import type net from 'node:net';
import { NetworkError, SynapseError } from '../../errors.js';
import type { FtpAddress } from './ftpAddress.js';

/** What an FTP server says: three digits, and words for people. */
interface Reply {
  code: number;
  text: string;
}

const longestReply = 64 * 1024;

/** The conversation with an FTP server (RFC 959), as far as reading a file needs it. */
export class FtpSession {
  readonly #address: FtpAddress;
  readonly #socket: net.Socket;
  readonly #replies: AsyncGenerator<Reply, undefined>;
  readonly #onReply: (bytes: number) => void;

  /** @param onReply told about every reply that arrives */
  constructor(address: FtpAddress, socket: net.Socket, onReply: (bytes: number) => void) {
    this.#address = address;
    this.#socket = socket;
    this.#replies = repliesOf(socket);
    this.#onReply = onReply;
  }

  /** @throws SynapseError (`FTP_LOGIN`) when the server refuses the login */
  async login(): Promise<void> {
    const { host, user, password } = this.#address;
    this.#expect(await this.#next(), [220]);
    let answer = await this.#send(`USER ${user}`);
    if (answer.code === 331) answer = await this.#send(`PASS ${password}`);
    if (answer.code === 530 || answer.code === 332) {
      throw new SynapseError(
        `The FTP server ${host} refuses the login of ${user}: ${answer.text}. User and password stand in the address of the file.`,
        { code: 'FTP_LOGIN' },
      );
    }
    this.#expect(answer, [230, 202]);
    this.#expect(await this.#send('TYPE I'), [200]);
  }

  /** Bytes of the file; `undefined` when the server does not say. */
  async size(): Promise<number | undefined> {
    const { code, text } = await this.#send(`SIZE ${this.#address.path}`);
    const size = code === 213 ? Number(text.trim()) : Number.NaN;
    return Number.isSafeInteger(size) ? size : undefined;
  }

  /** Asks where to fetch the file from. The host is always that of the server: it cannot send us elsewhere. */
  async passivePort(): Promise<{ host: string; port: number }> {
    const host = this.#socket.remoteAddress ?? this.#address.host;
    const extended = await this.#send('EPSV');
    const port = /\(\|\|\|(\d+)\|\)/.exec(extended.text)?.[1];
    if (extended.code === 229 && port !== undefined) return { host, port: Number(port) };
    const answer = await this.#send('PASV');
    this.#expect(answer, [227]);
    const [, high, low] = /\d+,\d+,\d+,\d+,(\d+),(\d+)/.exec(answer.text) ?? [];
    return { host, port: Number(high) * 256 + Number(low) };
  }

  /** Begins at a byte of the file. @returns whether the server can */
  async startAt(byte: number): Promise<boolean> {
    return (await this.#send(`REST ${byte}`)).code === 350;
  }

  /** Has the server send the file. */
  async retrieve(): Promise<void> {
    this.#expect(await this.#send(`RETR ${this.#address.path}`), [125, 150]);
  }

  /** Waits for the server's word that all of the file was sent. */
  async finish(): Promise<void> {
    this.#expect(await this.#next(), [226, 250]);
  }

  async #send(command: string): Promise<Reply> {
    this.#socket.write(`${command}\r\n`);
    return this.#next();
  }

  async #next(): Promise<Reply> {
    const { value } = await this.#replies.next();
    if (value === undefined) {
      throw new NetworkError(`The FTP server ${this.#address.host} closed the connection.`);
    }
    this.#onReply(value.text.length);
    return value;
  }

  #expect({ code, text }: Reply, expected: readonly number[]): void {
    if (expected.includes(code)) return;
    const { host } = this.#address;
    // 4xx is passing trouble, by RFC 959.
    if (code < 500) {
      throw new NetworkError(`The FTP server ${host} cannot send the file now: ${code} ${text}.`);
    }
    throw new SynapseError(`The FTP server ${host} refuses: ${code} ${text}.`, { code: 'FTP' });
  }
}

/** Reads replies; of those that have several lines, the last one counts. */
async function* repliesOf(socket: net.Socket): AsyncGenerator<Reply, undefined> {
  let text = '';
  let open: string | undefined;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    text += chunk.toString('latin1');
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      const [, code, mark, words = ''] = /^(\d{3})([ -])(.*?)\.?\r?$/.exec(line) ?? [];
      if (code !== undefined && mark === ' ' && (open === undefined || open === code)) {
        open = undefined;
        yield { code: Number(code), text: words };
      } else open ??= code;
    }
    if (text.length > longestReply) throw new NetworkError('An FTP server sent no end of a line.');
  }
  return undefined;
}
