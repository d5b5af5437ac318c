import { describe, expect, test } from '@jest/globals';
import { ArgumentError } from '../../src/errors.js';
import { fromEpochMs, parseIsoDate } from '../../src/values/dates.js';
import { parseDouble } from '../../src/values/doubles.js';
import {
  concreteTypeOf,
  entityVersionOf,
  idOf,
  isSynapseId,
  submissionIdOf,
} from '../../src/values/ids.js';
import { parseJsonInput } from '../../src/values/json.js';
import { isManifestFileName } from '../../src/values/manifestValues.js';
import { tableIdOfQuery } from '../../src/values/sql.js';
import { asUrl, fileUrlToPath, guessFileName, isUrl } from '../../src/values/urls.js';
import { strip } from '../../src/values/whitespace.js';

describe('a URL', () => {
  test.each(['http://[::1', 'http://::1]/', 'http://[x]/', 'http://\u2100.com/'])(
    'has a host: %s is none',
    (text) => {
      expect(isUrl(text)).toBe(false);
      expect(() => asUrl(text)).toThrow(ArgumentError);
    },
  );

  test('may name its host by an IPv6 address', () => {
    expect(isUrl('http://[fe80::1%25eth0]:80/')).toBe(true);
    expect(asUrl('HTTP://[::1]/a')).toBe('http://[::1]/a');
  });
});

describe('an id', () => {
  test('is a whole number of any size', () => {
    expect(idOf({ id: 12345678901234567890n })).toBe('12345678901234567890');
  });

  test('of an entity begins with syn', () => {
    expect(() => entityVersionOf(123)).toThrow('"123" is not a Synapse id');
    expect(() => entityVersionOf('syn1.99999999999999999999')).toThrow(ArgumentError);
  });
});

test('the concrete type of an entity is not looked for elsewhere when it is another one', () => {
  const type = 'org.sagebionetworks.repo.model.Link';
  expect(concreteTypeOf({ concreteType: '', type })).toBe(type);
  expect(() => concreteTypeOf({ concreteType: 'file', type })).toThrow(ArgumentError);
});

describe('a text of 100 KB', () => {
  const size = 100_000;
  const spaces = ' '.repeat(size);
  const digits = '9'.repeat(size);
  const inTime = (run: () => unknown): void => {
    const before = process.cpuUsage().user;
    try {
      run();
    } catch (error) {
      expect(error).toBeInstanceOf(ArgumentError);
    }
    expect(process.cpuUsage().user - before).toBeLessThan(250_000);
  };
  const texts = [
    digits,
    `${digits}x`,
    `${digits}.${digits}x`,
    `a${spaces}b`,
    `file://${'['.repeat(size)}]`,
    `file://]${'['.repeat(size)}`,
    `http://h/${';'.repeat(size)}/`,
    `http://h${':1'.repeat(size)}`,
    `from${spaces}x`,
    `syn${digits}.${digits}x`,
    `2019-01-01T10:30:15.${digits}x`,
    `"${'\\"'.repeat(size)}`,
  ];
  const readers: Record<string, (text: string) => unknown> = {
    parseDouble,
    strip,
    isUrl,
    asUrl,
    guessFileName,
    fileUrlToPath,
    tableIdOfQuery,
    isSynapseId,
    submissionIdOf,
    parseIsoDate,
    fromEpochMs,
    isManifestFileName,
    parseJsonInput: (text) => {
      try {
        parseJsonInput(text);
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
      }
    },
  };

  test.each(Object.keys(readers))('is read by %s in linear time', (name) => {
    for (const text of texts) inTime(() => readers[name]?.(text));
  });
});
