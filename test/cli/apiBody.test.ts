import { describe, expect, test } from '@jest/globals';
import { schemas } from '../../generated/schemas.js';
import { operationById, type Operation } from '../../src/api/operation.js';
import { callBody, type FieldWord } from '../../src/cli/api/callBody.js';
import { takenNames } from '../../src/cli/api/takenNames.js';
import { operationFlags } from '../../src/cli/operationCall.js';
import { parseJsonInput, stringifyJson } from '../../src/values/json.js';

function operation(id: string): Operation {
  const found = operationById(id);
  if (found === undefined) throw new Error(`There is no operation ${id}`);
  return found;
}

interface Given {
  body?: string;
  flags?: Record<string, unknown>;
  fields?: (readonly [flag: FieldWord['flag'], text: string])[];
}

/** The text of the body that is sent. */
async function bodyOf(id: string, { body, flags = {}, fields = [] }: Given): Promise<string> {
  const value = await callBody({
    operation: id === '' ? undefined : operation(id),
    schemas,
    body: body === undefined ? undefined : parseJsonInput(body),
    fields: fields.map(([flag, text]) => ({ flag, text })),
    flags,
    definitions: id === '' ? {} : operationFlags(operation(id), { schemas, taken: takenNames }),
  });
  return stringifyJson(value);
}

const field = (...texts: string[]): Given => ({ fields: texts.map((text) => ['field', text]) });

describe('fields of a body', () => {
  test.each<[string, string, Given, string]>([
    [
      'texts that look like numbers stay texts',
      'entity.createEntity',
      field('concreteType=Folder', 'name=007', 'parentId=true'),
      '{"concreteType":"org.sagebionetworks.repo.model.Folder","name":"007","parentId":"true"}',
    ],
    [
      'whole numbers keep all digits',
      'activity.createActivity',
      field('name=a', 'used[].concreteType=UsedURL', 'used[].wasExecuted=true'),
      '{"name":"a","used":[{"concreteType":"org.sagebionetworks.repo.model.provenance.UsedURL","wasExecuted":true}]}',
    ],
    [
      'long whole numbers are exact',
      'accessApproval.createAccessApproval',
      field('requirementId=9007199254740993'),
      '{"requirementId":9007199254740993}',
    ],
    [
      'items of lists of objects begin with a field that the last has already',
      'table.startTableTransaction',
      field(
        'entityId=syn1',
        'changes[].concreteType=TableSchemaChangeRequest',
        'changes[].entityId=syn1',
        'changes[].concreteType=UploadToTableRequest',
        'changes[].linesToSkip=2',
      ),
      '{"concreteType":"org.sagebionetworks.repo.model.table.TableUpdateTransactionRequest","entityId":"syn1","changes":[' +
        '{"concreteType":"org.sagebionetworks.repo.model.table.TableSchemaChangeRequest","entityId":"syn1"},' +
        '{"concreteType":"org.sagebionetworks.repo.model.table.UploadToTableRequest","linesToSkip":2}]}',
    ],
    [
      'names of maps are free',
      'entity.updateEntityAnnotations',
      field('id=syn1', 'etag=e', 'annotations.a\\.b.type=STRING', 'annotations.a\\.b.value[]=ü'),
      '{"id":"syn1","etag":"e","annotations":{"a.b":{"type":"STRING","value":["ü"]}}}',
    ],
    [
      'a name can be __proto__',
      'entity.updateEntityAnnotations',
      field('annotations[__proto__].type=STRING', 'annotations[__proto__].value[]=a'),
      '{"annotations":{"__proto__":{"type":"STRING","value":["a"]}}}',
    ],
    [
      'values of any JSON are what they look like',
      'entity.updateEntityJson',
      field(
        'a=1',
        'b=1.0',
        'c=true',
        'd=null',
        'e=x=y',
        'f.g[]=12345678901234567890',
        'h=',
        'i=01',
      ),
      '{"a":1,"b":1.0,"c":true,"d":null,"e":"x=y","f":{"g":[12345678901234567890]},"h":"","i":"01"}',
    ],
    [
      '--raw-field gives a text, --field-json any JSON',
      'entity.updateEntityJson',
      { fields: [['raw-field', 'a=1'], ['raw-field', 'b=@x'], ['field-json', 'c={"d":[1.50]}']] }, // prettier-ignore
      '{"a":"1","b":"@x","c":{"d":[1.50]}}',
    ],
    [
      'flags of fields and --field are set in the body',
      'entity.createEntity',
      {
        body: '{"name":"old","concreteType":"Folder","description":"d"}',
        flags: { name: 'new', 'parent-id': 'syn1' },
        fields: [['field', 'etag=e']],
      },
      '{"name":"new","concreteType":"org.sagebionetworks.repo.model.Folder","description":"d","parentId":"syn1","etag":"e"}',
    ],
    [
      'lists come from flags that are given several times',
      'entity.listEntityChildren',
      { flags: { 'include-types': ['file', 'folder'], 'include-total-child-count': false } },
      '{"includeTypes":["file","folder"],"includeTotalChildCount":false}',
    ],
    [
      'an endpoint that is not described takes any fields',
      '',
      field('a.b[]=1', 'a.b[]=x', 'c=true'),
      '{"a":{"b":[1,"x"]},"c":true}',
    ],
    [
      'a body alone is sent as it is',
      'entity.updateEntityJson',
      { body: '{"a":1.0}' },
      '{"a":1.0}',
    ],
    [
      'a type that this version does not know is sent as it is',
      'entity.createEntity',
      { body: '{"concreteType":"org.new.Type","x":{"y":1}}' },
      '{"concreteType":"org.new.Type","x":{"y":1}}',
    ],
  ])('%s', async (_what, id, given, expected) => {
    expect(await bodyOf(id, given)).toBe(expected);
  });

  test.each<[string, string, Given, string]>([
    [
      'an unknown field',
      'entity.createEntity',
      field('nmae=x'),
      '--field nmae: The body has no field "nmae". Did you mean name?',
    ],
    [
      'an unknown field of a part',
      'entity.updateEntityAnnotations',
      field('annotations.a.kind=STRING'),
      '--field annotations.a.kind: `annotations.a` has no field "kind". It has type, value.',
    ],
    [
      'a field of another type',
      'entity.createEntity',
      field('concreteType=Folder', 'columnIds[]=1'),
      'has no field "columnIds"',
    ],
    [
      'an unknown value',
      'entity.createEntity',
      field('concreteType=Foldr'),
      'Did you mean Folder?',
    ],
    [
      'a body without its type',
      'entity.createEntity',
      field('name=x'),
      'The body needs a concreteType, one of Dataset, DatasetCollection,',
    ],
    [
      'a part without its type',
      'activity.createActivity',
      field('used[].wasExecuted=true'),
      '`used[0]` of the body needs a concreteType, one of UsedEntity, UsedURL.',
    ],
    [
      'a missing field',
      'entity.updateEntityAnnotations',
      field('annotations.a\\.b.type=STRING'),
      '`annotations.a\\.b` of the body needs value: add --field annotations.a\\.b.value[]=VALUE.',
    ],
    [
      'no body',
      'entity.createEntity',
      {},
      'entity.createEntity needs a request body (Entity): give its fields as flags, or --body.',
    ],
    [
      'a body where none is taken',
      'entity.getEntity',
      { body: '{}' },
      'entity.getEntity takes no request body. Its parameters are flags: --id.',
    ],
    [
      'a value of another kind',
      'accessApproval.createAccessApproval',
      field('requirementId=1.5'),
      '--field requirementId takes a whole number, not "1.5".',
    ],
    [
      'a number that is too large',
      'accessApproval.createAccessApproval',
      field('requirementId=9223372036854775808'),
      'takes a whole number from -9223372036854775808 to 9223372036854775807',
    ],
    [
      'a list without []',
      'entity.listEntityChildren',
      field('includeTypes=file'),
      '--field includeTypes is a list: add its items one by one with []=',
    ],
    [
      '[] where there is no list',
      'entity.listEntityChildren',
      field('parentId[]=syn1'),
      '`parentId` is not a list: leave out [].',
    ],
    [
      'a field that is given twice',
      'entity.listEntityChildren',
      { flags: { 'parent-id': 'syn1' }, fields: [['field', 'parentId=syn2']] },
      '--field parentId is given twice.',
    ],
    [
      'a field in a value',
      'entity.updateEntityJson',
      field('a=1', 'a.b=2'),
      '`a` has another value already.',
    ],
    [
      'fields of a body that is a list',
      'entity.updateEntityJson',
      { body: '[]', fields: [['field', 'a=1']] },
      '--body is not a JSON object',
    ],
    ['a field without a value', 'entity.updateEntityJson', field('a'), '--field takes NAME=VALUE'],
    ['a field without a name', 'entity.updateEntityJson', field('=a'), '--field takes NAME=VALUE'],
    ['an open bracket', 'entity.updateEntityJson', field('a[=1'), '--field takes NAME=VALUE'],
    ['a name after []', 'entity.updateEntityJson', field('a[]b=1'), '--field takes NAME=VALUE'],
    [
      'JSON that is none',
      'entity.updateEntityJson',
      { fields: [['field-json', 'a={']] },
      '--field-json a is not valid JSON',
    ],
    [
      'a file that does not exist',
      'entity.updateEntityJson',
      field('a=@no-such-file'),
      '--field a cannot be read',
    ],
  ])('%s is refused', async (_what, id, given, message) => {
    await expect(bodyOf(id, given)).rejects.toThrow(message);
  });
});
