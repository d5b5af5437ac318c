import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

// Loaded into a command by `--import`: its disk is full once it has written so many bytes.
let room = Number(process.env['TEST_DISK_ROOM']);
const { open } = fs.promises;

function take(bytes) {
  room -= bytes;
  if (room < 0) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
}

function sizeOf(data) {
  return Array.isArray(data)
    ? data.reduce((sum, piece) => sum + piece.length, 0)
    : Buffer.byteLength(data);
}

fs.promises.open = async (...args) => {
  const file = await open(...args);
  for (const name of ['write', 'writev', 'writeFile']) {
    const method = file[name].bind(file);
    file[name] = async (data, ...rest) => {
      take(sizeOf(data));
      return method(data, ...rest);
    };
  }
  return file;
};
const { writeFile } = fs.promises;
fs.promises.writeFile = async (path, data, ...rest) => {
  take(sizeOf(data));
  return writeFile(path, data, ...rest);
};
syncBuiltinESMExports();
