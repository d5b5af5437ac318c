import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** One tunnel that a proxy was asked for. */
export interface SeenTunnel {
  proxy: string;
  /** As the client wrote it: a name where the proxy is to look it up. */
  host: string;
  port: number;
  user: string | undefined;
}

export interface LocalProxy {
  readonly port: number;
  close(): Promise<void>;
}

export interface ProxyOptions {
  name: string;
  seen: SeenTunnel[];
  /** The only password that is let in. @default any, and none */
  password?: string;
  /** Makes it speak TLS. */
  certificate?: { key: Buffer; cert: Buffer };
}

/** A proxy that speaks HTTP. Every name leads to this machine. */
export async function startHttpProxy(options: ProxyOptions): Promise<LocalProxy> {
  const { name, seen, password, certificate } = options;
  const server = certificate === undefined ? createHttpServer() : createHttpsServer(certificate);
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(request.url ?? '') ?? [];
    const basic = request.headers['proxy-authorization']?.replace('Basic ', '');
    const [user, given] = Buffer.from(basic ?? '', 'base64')
      .toString()
      .split(':');
    seen.push({ proxy: name, host, port: Number(port), user: user === '' ? undefined : user });
    if (password !== undefined && given !== password) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    join(client, Number(port), () => client.write('HTTP/1.1 200 Connection Established\r\n\r\n'));
  });
  return listen(server);
}

/** A proxy that speaks SOCKS 4, 4a and 5. Every name leads to this machine. */
export async function startSocksProxy(options: ProxyOptions): Promise<LocalProxy> {
  return listen(
    createServer((client) => {
      client.on('error', () => undefined);
      void serveSocks(client, options);
    }),
  );
}

async function serveSocks(client: Socket, { name, seen, password }: ProxyOptions): Promise<void> {
  const input = new Input(client);
  try {
    const version = (await input.take(1)).readUInt8();
    const asked =
      version === 4 ? await readSocks4(input) : await readSocks5(input, client, password);
    seen.push({ proxy: name, ...asked });
    const granted =
      version === 4
        ? Buffer.from([0, 90, 0, 0, 0, 0, 0, 0])
        : Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    input.stop();
    join(client, asked.port, () => client.write(granted));
  } catch {
    client.end();
  }
}

type Asked = Omit<SeenTunnel, 'proxy'>;

async function readSocks4(input: Input): Promise<Asked> {
  const request = await input.take(7);
  const user = (await input.takeString()) || undefined;
  const address = [...request.subarray(3, 7)].join('.');
  // An address of this form says that a name follows.
  const host = /^0\.0\.0\.[1-9]/.test(address) ? await input.takeString() : address;
  return { host, port: request.readUInt16BE(1), user };
}

async function readSocks5(
  input: Input,
  client: Socket,
  password: string | undefined,
): Promise<Asked> {
  const methods = await input.take((await input.take(1)).readUInt8());
  const withPassword = methods.includes(2);
  if (password !== undefined && !withPassword) throw new Error('no password');
  client.write(Buffer.from([5, withPassword ? 2 : 0]));
  let user: string | undefined;
  if (withPassword) {
    await input.take(1);
    user = (await input.takeCounted()).toString();
    const given = (await input.takeCounted()).toString();
    const isRight = password === undefined || given === password;
    client.write(Buffer.from([1, isRight ? 0 : 1]));
    if (!isRight) throw new Error('wrong password');
  }
  const [, , , kind] = await input.take(4);
  const host =
    kind === 3 ? (await input.takeCounted()).toString() : [...(await input.take(4))].join('.');
  return { host, port: (await input.take(2)).readUInt16BE(), user };
}

/** Bytes from a socket, as many at a time as are asked for. */
class Input {
  readonly #socket: Socket;
  #bytes = Buffer.alloc(0);
  #more: () => void = () => undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', this.#add);
  }

  readonly #add = (chunk: Buffer): void => {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    this.#more();
  };

  stop(): void {
    this.#socket.off('data', this.#add);
  }

  async take(length: number): Promise<Buffer> {
    while (this.#bytes.length < length) {
      await new Promise<void>((resolve) => (this.#more = resolve));
    }
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }

  async takeCounted(): Promise<Buffer> {
    return this.take((await this.take(1)).readUInt8());
  }

  async takeString(): Promise<string> {
    let text = '';
    for (;;) {
      const byte = (await this.take(1)).toString();
      if (byte === '\0') return text;
      text += byte;
    }
  }
}

function join(client: Socket, port: number, connected: () => void): void {
  const upstream = connect(port, '127.0.0.1', () => {
    connected();
    upstream.pipe(client).pipe(upstream);
  });
  upstream.on('error', () => client.destroy());
  client.on('error', () => upstream.destroy());
  client.on('close', () => upstream.destroy());
}

async function listen(server: Server): Promise<LocalProxy> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
