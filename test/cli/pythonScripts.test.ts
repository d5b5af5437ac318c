import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, expect, test } from '@jest/globals';
import { installSynapse } from '../cluster/clusterStudy.js';
import { withCommands } from './withCommands.js';

/** Shell scripts as users of the Python client have written them. `synapse` is our command. */
const commands = withCommands();
let bin: string;

beforeAll(async () => {
  bin = await installSynapse(commands.home);
});

/** Runs a script that ends at the first command that fails, and returns what it prints. */
async function bash(script: string): Promise<string> {
  const { endpoint, authToken } = commands.server;
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: commands.home,
    env: {
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      HOME: commands.home,
      SYNAPSE_ENDPOINT: endpoint,
      NODE_DISABLE_COMPILE_CACHE: '1',
      TOKEN: authToken,
      NAME: `Scripts ${process.pid} ${(count += 1)}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  if (status !== 0) throw new Error(`status ${status}\n${out}\n${err}`);
  return out;
}
let count = 0;

const project = `
  export SYNAPSE_AUTH_TOKEN="$TOKEN"
  PROJECT=$(synapse create Project --name "$NAME" | awk '{print $3}')
`;

test('flags for all commands precede the command: a token, a profile, a file, and no checks', async () => {
  const out = await bash(`
    printf '[default]\\nauthtoken = %s\\n[profile lab]\\nauthtoken = %s\\n' "$TOKEN" "$TOKEN" > config
    PROJECT=$(synapse -p "$TOKEN" create --name "$NAME" Project | grep -o 'syn[0-9]*')
    synapse -s -p "$TOKEN" list "$PROJECT" -r
    synapse -sp "$TOKEN" show "$PROJECT" | grep '^Project'
    synapse --skip-checks --silent --configPath config -r lab list "$PROJECT" | sed 's/syn[0-9]*/SYN/'
    synapse -c config --debug login | cut -d' ' -f1-3
  `);
  expect(out).toMatch(
    /^No results visible to alice found for id syn\d+\nProject: Scripts .* \(syn\d+\)\nNo results visible to alice found for id SYN\nLogged in as:\n$/,
  );
});

test('a loop uploads files, with the id from the line about each', async () => {
  const out = await bash(`${project}
    FOLDER=$(synapse create Folder -name raw -parentid $PROJECT | awk '/Created entity/ {print $3}')
    for f in a b; do
      echo "$f" > $f.txt
      ID=$(synapse add $f.txt --parent $FOLDER --used $PROJECT http://example.org/in --executed https://example.org/code --annotations '{"sample": "'$f'", "n": 1}' | sed -n 's/^Created\\/Updated entity: \\(syn[0-9]*\\).*/\\1/p')
      synapse get-annotations --id $ID -o $f.json
      synapse get-provenance --id $ID -o | grep -c UsedURL
      echo "again $f" > $f.txt
      synapse update --id $ID $f.txt --noForce | cut -f2
      synapse show $ID | grep -E 'versionNumber|fileSize'
    done
    cat a.json
    synapse list $PROJECT -r | awk '{print $2}'
  `);
  expect(out).toBe(
    [
      ...['a', 'b'].flatMap((name) => ['2', `${name}.txt`, '  fileSize=8', '  versionNumber=2']),
      '{"sample": ["a"], "n": [1]}',
      'raw/',
      'a.txt',
      'b.txt',
      '',
    ].join('\n'),
  );
});

test('downloads go to a directory, by abbreviated flags, and cat prints the content alone', async () => {
  const out = await bash(`${project}
    echo content > c.txt
    ID=$(synapse store --parentid $PROJECT --name d c.txt | awk '{print $3}')
    synapse get $ID --downloadLoc down --multi > got
    cat down/c.txt
    synapse cat $ID -v 1
    synapse get -r $PROJECT --downloadLocation all --manifest suppress >/dev/null
    ls all
    synapse mv --id $ID --parentid $(synapse create Folder --parentId $PROJECT --name f | awk '{print $3}') | sed 's/syn[0-9]*/SYN/g'
    synapse delete $ID | sed 's/syn[0-9]*/SYN/g'
  `);
  expect(out).toBe('content\ncontent\nc.txt\nMoved SYN to SYN\nDeleted entity: SYN\n');
  expect(await readFile(join(commands.home, 'got'), 'utf8')).toMatch(/c\.txt\n$/);
});

test('query prints lines with tabs, also for SQL of several words', async () => {
  const out = await bash(`${project}
    printf 'name,age\\nann,40\\nbob,50\\n' > t.csv
    TABLE=$(synapse store-table --csv t.csv --name people --parentid $PROJECT | sed 's/.*"\\(syn[0-9]*\\)".*/\\1/')
    synapse query "select name, age from $TABLE where age > 45" | tail -n +2 | cut -f 3-
    synapse query select name from $TABLE where name = "'ann'" and age '>' 1 and name = "'ann'" | tail -1 | cut -f3
  `);
  expect(out).toBe('bob\t50\nann\n');
});

test('a project is stored by its type, and a copy prints both ids', async () => {
  const out = await bash(`${project}
    OTHER=$(synapse store --type Project --name "$NAME other" | awk '{print $3}')
    echo x > x.txt
    ID=$(synapse add --parentId $PROJECT x.txt | awk '{print $3}')
    synapse cp $ID --destinationId $OTHER --setProvenance None --excludeTypes table link --skipCopyAnn | sed 's/syn[0-9]*/SYN/g'
    synapse set-annotations --id $ID --annotations '{"a": [1, 2]}' 2>&1 | sed 's/syn[0-9]*/SYN/'
    synapse set-provenance -id $ID -name step -used x.txt -executed https://example.org/run | sed 's/syn[0-9]*/SYN/; s/record [0-9]*/record N/'
    synapse associate x.txt --limitSearch $PROJECT | sed 's/syn[0-9]*/SYN/'
  `);
  expect(out).toBe(
    [
      'Copied SYN to SYN',
      "{'SYN': 'SYN'}",
      'Set annotations on entity SYN',
      'Set provenance record N on entity SYN',
      'SYN.1\tx.txt',
      '',
    ].join('\n'),
  );
});

test('a second id is no directory', async () => {
  await expect(bash(`${project} synapse get $PROJECT syn1 && ls syn1`)).rejects.toThrow('status');
  await expect(bash('test -e syn1')).rejects.toThrow('status 1');
});
