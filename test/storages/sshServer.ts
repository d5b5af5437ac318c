import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { once } from 'node:events';

const program = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find(existsSync);

/** Why there can be no SFTP server here; `undefined` when there can. */
export const noSshServer =
  program === undefined ? 'there is no sshd: install openssh-server' : undefined;

/** An SFTP server of OpenSSH that the user of this process may log in to with a key. */
export interface SshServer {
  readonly port: number;
  /** Holds files of the server; removed in the end. */
  readonly folder: string;
  readonly knownHosts: string;
  readonly privateKey: string;
  /** Fingerprint of the server's key. */
  readonly fingerprint: string;
  /** Ends connections that there are. */
  cutConnections(): void;
  close(): Promise<void>;
}

/** Starts an SFTP server on this machine with keys of its own. */
export async function startSshServer(): Promise<SshServer> {
  const folder = await mkdtemp(join(tmpdir(), 'synapseclient-sshd-'));
  const inFolder = (name: string): string => join(folder, name);
  const [hostKey, privateKey] = [inFolder('host_key'), inFolder('user_key')];
  for (const path of [hostKey, privateKey]) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
  }
  // sshd wants this folder when it runs as root.
  if (userInfo().uid === 0) await mkdir('/run/sshd', { recursive: true });
  const ownPort = await freePort();
  await writeFile(
    inFolder('sshd_config'),
    [
      `ListenAddress 127.0.0.1:${ownPort}`,
      `HostKey ${hostKey}`,
      `AuthorizedKeysFile ${privateKey}.pub`,
      'PidFile none',
      'UsePAM no',
      'StrictModes no',
      'PermitRootLogin yes',
      'PasswordAuthentication yes',
      'Subsystem sftp internal-sftp',
    ].join('\n'),
  );
  const child = spawn(program ?? '', ['-D', '-e', '-f', inFolder('sshd_config')], {
    stdio: 'ignore',
  });
  await untilListening(child, ownPort);
  // Between clients and sshd, so that a test can cut connections.
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = connect(ownPort, '127.0.0.1');
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    }
    pipeline(client, server, client, () => undefined);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const [type = '', key = ''] = (await readFile(`${hostKey}.pub`, 'utf8')).split(' ');
  const knownHosts = inFolder('known_hosts');
  await writeFile(knownHosts, `[127.0.0.1]:${port} ${type} ${key}\n`);
  const shown = execFileSync('ssh-keygen', ['-l', '-f', `${hostKey}.pub`], { encoding: 'utf8' });
  return {
    port,
    folder,
    knownHosts,
    privateKey,
    fingerprint: shown.split(' ')[1] ?? '',
    cutConnections: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilListening(child: ChildProcess, port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`sshd ended with ${child.exitCode}`);
    const socket = connect(port, '127.0.0.1');
    const isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isOpen) return;
    await setTimeout(50);
  }
  throw new Error('sshd does not listen');
}
