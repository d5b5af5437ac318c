import { describe, expect, test } from '@jest/globals';
import { ArgumentError } from '../../src/errors.js';
import { fileNameOfDisposition } from '../../src/values/contentDisposition.js';
import { concreteTypeOf, entityVersionOf, idOf } from '../../src/values/ids.js';
import { humanizeBytes, isJsonContentType, normalizeWhitespace } from '../../src/values/text.js';
import { asUrl, isUrl } from '../../src/values/urls.js';

test.each([
  ['attachment; filename="a;b \\"c\\".txt"', 'a;b "c".txt'],
  ["attachment; filename=plain.txt; filename*=UTF-8''na%C3%AFve.txt", 'naïve.txt'],
  ["attachment; filename*=iso-8859-1'en'%e9.txt", 'é.txt'],
  ["attachment; filename*1*=%20b.txt; filename*0*=UTF-8''a", 'a b.txt'],
  ['attachment; filename*0=a; filename*1=b', 'ab'],
  ['attachment; x="filename=y"; filename=" padded "', 'padded'],
  ["attachment; filename*=no-such-charset''a%20b", 'a b'],
  ['attachment; xfilename=a', undefined],
  [null, undefined],
])('the file name in %s', (header, name) => {
  expect(fileNameOfDisposition(header)).toBe(name);
});

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

test('sizes are rounded half to even where they are exact', () => {
  expect([0.25, 0.75, 0.05, 264_243.2].map(humanizeBytes)).toEqual([
    '0.2bytes',
    '0.8bytes',
    '0.1bytes',
    '258.1kB',
  ]);
  expect(() => humanizeBytes(Number.NaN)).toThrow(ArgumentError);
});

test('white space is what Python takes for it', () => {
  expect(normalizeWhitespace('\x1c a\x85\x1fb \ufeff')).toBe('a b \ufeff');
  expect(isJsonContentType('\x1capplication/json')).toBe(true);
  expect(isJsonContentType('\ufeffapplication/json')).toBe(false);
});
