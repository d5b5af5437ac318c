import net from 'node:net';
import type { AddressInfo } from 'node:net';

/** How an {@link startFtpServer | FTP server} behaves. */
export interface FtpBehaviour {
  /** Content by path; may change while the server runs. */
  files: ReadonlyMap<string, Buffer>;
  user?: string;
  password?: string;
  /** Knows neither EPSV, SIZE nor REST, as servers of the eighties. */
  isOld?: boolean;
  /** Breaks the first transfer off after so many bytes. */
  cutFirstAt?: number;
  /** Sends nothing more after so many bytes. */
  stallAt?: number;
  /** Does not even say hello. */
  isSilent?: boolean;
}

export interface FtpServer {
  readonly url: string;
  /** The commands that arrived, without what belongs to them. */
  readonly commands: string[];
  readonly port: number;
  close(): Promise<void>;
}

/** An FTP server on this machine that knows just enough to send files. */
export async function startFtpServer(behaviour: FtpBehaviour): Promise<FtpServer> {
  const commands: string[] = [];
  const sockets = new Set<net.Socket>();
  let transfers = 0;
  const server = net.createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    serve(socket, behaviour, commands, () => (transfers += 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `ftp://127.0.0.1:${port}`,
    port,
    commands,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

const newer = new Set(['EPSV', 'SIZE', 'REST']);

function serve(
  socket: net.Socket,
  {
    files,
    user = 'anonymous',
    password,
    isOld = false,
    cutFirstAt,
    stallAt,
    isSilent,
  }: FtpBehaviour,
  commands: string[],
  count: () => number,
): void {
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  let name = '';
  let start = 0;
  let data: Promise<net.Socket> | undefined;
  const listen = (announce: (port: number) => string): void => {
    const listener = net.createServer().listen(0, '127.0.0.1', () => {
      say(announce((listener.address() as AddressInfo).port));
    });
    data = new Promise((resolve) => {
      listener.once('connection', (connection) => {
        listener.close();
        resolve(connection.on('error', () => undefined));
      });
    });
  };
  const send = async (content: Buffer): Promise<void> => {
    say('150 Here it comes.');
    const connection = await data;
    if (stallAt !== undefined) {
      connection?.write(content.subarray(start, stallAt));
      return;
    }
    const isCut = cutFirstAt !== undefined && count() === 1;
    const end = isCut ? start + cutFirstAt : content.length;
    connection?.end(content.subarray(start, end), () => {
      if (isCut) socket.destroy();
      else say('226-That was it.\r\n226 Good bye.');
    });
    start = 0;
  };
  const answers: Record<string, (argument: string) => void> = {
    USER: (given) => {
      name = given;
      say('331 And the password?');
    },
    PASS: (given) => {
      const isRight = name === user && (password === undefined || given === password);
      say(isRight ? '230-Welcome\r\n here\r\n230 Go on.' : '530 No.');
    },
    TYPE: () => say('200 Binary.'),
    SIZE: (path) => {
      const size = files.get(path)?.length;
      say(size === undefined ? '550 There is none.' : `213 ${size}`);
    },
    EPSV: () => listen((port) => `229 Extended (|||${port}|)`),
    // Another address than that of the server, which is what an attacker would say.
    PASV: () => listen((port) => `227 Passive (192,0,2,1,${port >> 8},${port & 255})`),
    REST: (byte) => {
      start = Number(byte);
      say('350 From there.');
    },
    RETR: (path) => {
      const content = files.get(path);
      if (content === undefined) say('550 There is none.');
      else void send(content);
    },
  };
  if (isSilent !== true) say('220 Hello.');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
    const lines = text.split('\r\n');
    text = lines.pop() ?? '';
    for (const line of lines) {
      const [, command = '', argument = ''] = /^(\S+) ?(.*)$/.exec(line) ?? [];
      commands.push(command);
      const answer = isOld && newer.has(command) ? undefined : answers[command];
      if (answer) answer(argument);
      else say('502 What?');
    }
  });
}
