import { describe, expect, test } from '@jest/globals';
import { ArgumentError } from '../../src/errors.js';
import { concreteTypeOf, entityVersionOf, idOf } from '../../src/values/ids.js';
import { asUrl, isUrl } from '../../src/values/urls.js';

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
