import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { register, registeredBase } from '../server/schemaSession.js';

const server = withSessions();
const organization = 'org.myorg';

beforeAll(async () => {
  for (const organizationName of [organization, 'test.integeration.organization']) {
    expect(await server.alice.post('/schema/organization', { organizationName })).toMatchObject({
      status: 201,
    });
  }
});

/** Registers a schema with an `$id` without keeping it. */
async function versionOf($id: string): Promise<M.JsonSchemaVersionInfo | undefined> {
  const answer = await register(server.alice, { $id }, { dryRun: true });
  expect(answer).toMatchObject({ status: 201 });
  return (answer.body as M.CreateSchemaResponse).newVersionInfo;
}

async function expectRefused($id: string): Promise<void> {
  const answer = await register(server.alice, { $id }, { dryRun: true });
  const escaped = $id.replaceAll(/[.+]/g, '\\$&');
  expect(answer).toEqual(
    refusal(400, expect.stringMatching(new RegExp(`^Invalid '\\$id' : '${escaped}'`))),
  );
}

describe('SchemaIdParserTest', () => {
  test.each<[string, readonly string[]]>([
    ['testNumericIdentifier: numbers of a version have any size', ['0.0.99', '10.20.100']],
    ['testVersionCore: a version has three numbers', ['1.0.2']],
    ['testVersionCoreAllZeros: all numbers may be zero', ['0.0.0']],
    ['testPrereleaseIdentifier: a prerelease is a number or a word', ['1.0.0-123', '1.0.0-abc']],
    [
      'testPrerelease: a prerelease has parts',
      ['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-0.3.7', '1.0.0-x.7.z.92'],
    ],
    [
      'testBuild: a build may begin with zeros',
      ['1.0.0+001', '1.0.0+20130313144700', '1.0.0+exp.sha.5114f85'],
    ],
    [
      'testSemanticVersion: a version has a prerelease and a build, both optional',
      [
        '0.0.0',
        '1.23.456',
        '1.23.456-x.7.z.92',
        '1.23.456-x.7.z.92+exp.sha.5114f85',
        '1.23.456+exp.sha.5114f85',
      ],
    ],
  ])('%s', async (_, versions) => {
    for (const semanticVersion of versions) {
      expect(await versionOf(`${organization}-name-${semanticVersion}`)).toMatchObject({
        organizationName: organization,
        schemaName: 'name',
        semanticVersion,
      });
    }
  });

  test.each<[string, string]>([
    ['testVersionCoreMajorLeadingZeror: the first number has no leading zero', '01.0.2'],
    ['testVersionCoreMinorLeadingZeror: the second number has no leading zero', '1.05.2'],
    ['testVersionCorePatchLeadingZeror: the third number has no leading zero', '1.5.02'],
    [
      'testPrereleaseIdentifierStartWithZero: a number in a prerelease has no leading zero',
      '1.0.0-045',
    ],
    ['testSemanticVersionWithDash: a dash is no version', '-'],
    ['testAlphaNumericWithDash: a dash is no part of a prerelease', '1.0.0-a-b'],
    ['testSchemaIdWithVersionVersionPatchLeadingZero: no version has leading zeros', '1.2.03'],
  ])('%s', async (_, version) => {
    await expectRefused(`${organization}-path.SomeClass-${version}`);
  });

  test.each<[string, string[]]>([
    [
      'testAlphaNumeric: names are letters and digits',
      ['a', 'a1123', 'aaa123', 'abcdefghijklmnopqurstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
    ],
    [
      'testDotSeparatedAlphanumeric: names have parts between dots',
      ['abc', 'abc.xyz', 'a1.b3.c4123'],
    ],
    ['testSchemaName: upper case is kept', ['SomeClass', 'repo.model.SomeClass']],
  ])('%s', async (_, names) => {
    for (const schemaName of names) {
      expect(await versionOf(`${organization}-${schemaName}`)).toMatchObject({ schemaName });
    }
  });

  test.each<[string, string]>([
    ['testAlphaNumericStartWithNumber: a name does not begin with a digit', '9abc'],
    ['testAlphaNumericStartWithZero: a name does not begin with a zero', '0123'],
    ['testAlphaNumericWithZero: a zero is no name', '0'],
    ['testDotSeparatedAlphanumericStrartDot: a name does not begin with a dot', '.abc'],
    ['testDotSeparatedAlphanumericEndDot: a name does not end with a dot', 'abc.'],
    ['testDotSeparatedAlphanumericStartsWithNumber: no part begins with a digit', 'a.1abc'],
    ['testDotSeparatedAlphanumericStartsWithZero: no part is a zero', 'a.0'],
    ['testSchemaIdWithVersionVersionEndSlash: no id ends with a dash', 'path.SomeClass-'],
    ['testSchemaIdWithVersionVersionEndDot: no id ends with a dot', 'path.SomeClass.'],
  ])('%s', async (_, name) => {
    await expectRefused(`${organization}-${name}`);
  });

  test('testAlphaNumericWithSlash: what is before the last slash is not read', async () => {
    await expectRefused('/');
    expect(await versionOf(`any/where/${organization}-name`)).toMatchObject({ schemaName: 'name' });
  });

  test.each<[string, string[]]>([
    ['testOrganziationName: organizations have names of words', ['foo.foo', 'foo.bar.a1']],
    ['testParseOrganizationName: a valid name is kept', ['org.valid']],
  ])('%s', async (_, names) => {
    for (const organizationName of names) {
      expect(await server.alice.post('/schema/organization', { organizationName })).toMatchObject({
        status: 201,
        body: { name: organizationName },
      });
    }
  });

  test.each<[string, string]>([
    ['testOrganziationNameStartWithDot: such a name does not begin with a dot', '.abcdef'],
    ['testOrganziationNameEndWithDot: such a name does not end with a dot', 'abcdef.'],
    ['testOrganziationNameContainsNumers: a number is no part of it', 'foo.123.bar'],
    ['testOrganziationNameContainsZero: a zero is no part of it', 'foo.0.bar'],
    ['testParseOrganizationNameInvalid: the refusal has the name', 'org.valid.0'],
    ['testParseOrganizationNameContainsSlash: a slash is refused', 'org.valid/bar'],
    ['testParseOrganizationNameContainsDash: a dash is refused', 'org.valid-bar'],
  ])('%s', async (_, organizationName) => {
    const answer = await server.alice.post('/schema/organization', { organizationName });
    expect(answer).toEqual(
      refusal(400, expect.stringContaining(`Invalid 'organizationName' : '${organizationName}'`)),
    );
  });

  test('testParseOrganizationNameNull: a name is needed', async () => {
    expect(await server.alice.post('/schema/organization', {})).toEqual(
      refusal(400, 'organizationName is required.'),
    );
  });

  test('testSchemaIdNoVersion: an id without a version has two parts', async () => {
    const info = await versionOf('org.myorg-path.SomeClass');
    expect(info).toMatchObject({ organizationName: 'org.myorg', schemaName: 'path.SomeClass' });
    expect(info).not.toHaveProperty('semanticVersion');
  });

  test('testSchemaIdWithVersion: an id with a version has three parts', async () => {
    expect(await versionOf('org.myorg-path.SomeClass-1.2.3-alpha+1234f')).toMatchObject({
      organizationName: 'org.myorg',
      schemaName: 'path.SomeClass',
      semanticVersion: '1.2.3-alpha+1234f',
    });
  });

  test('testSchemaIdWhiteSpace: white space around an id is skipped', async () => {
    expect(await versionOf('\n  org.myorg-path.SomeClass-1.2.3-alpha+1234f \t')).toMatchObject({
      $id: 'org.myorg-path.SomeClass-1.2.3-alpha+1234f',
    });
  });

  test('testParseSchemaId: the shortest id is an organization and a name', async () => {
    expect(await versionOf('org.myorg-name')).toMatchObject({ $id: 'org.myorg-name' });
  });

  test('testParseSchemaIdInvalid: the refusal has the id', async () => {
    await expectRefused('org.valid-name-0');
  });

  test('testParseSchemaIdNullId: an id is needed', async () => {
    expect(await register(server.alice, {})).toMatchObject({ status: 400 });
  });

  const full = 'test.integeration.organization-integration.test.Schema.json-1.45.67-alpha+beta';

  test('testParseSchemaIdFull: an id may have all of its parts', async () => {
    expect(await versionOf(full)).toMatchObject({ $id: full });
  });

  test.each<[string, string]>([
    [
      'testExtractRelative: the address of the service is not a part of the id',
      registeredBase + full,
    ],
    ['testExtractRelativeWithRelative: an id without an address stays as it is', full],
    ['testParseSchemaIdWithAbsoluteFull: an absolute id is read', registeredBase + full],
  ])('%s', async (_, $id) => {
    expect(await versionOf($id)).toMatchObject({ $id: full });
  });
});
