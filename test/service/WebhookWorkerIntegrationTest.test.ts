import { describe, expect, test } from '@jest/globals';

import { md5s, refusal, withSessions, type Session } from '../server/entitySession.js';
import {
  createWebhook,
  gateway,
  readWebhook,
  Receiver,
  webhookRequest,
  type StoredWebhook,
} from './webhookCalls.js';

const receiver = new Receiver();
const server = withSessions({ webhookReceiver: receiver.receive });

/** A webhook whose code has been confirmed. */
async function createVerified(session: Session, objectId: string): Promise<StoredWebhook> {
  const { id } = await createWebhook(session, webhookRequest(objectId));
  const body = { verificationCode: receiver.code(id) };
  expect(await session.post(`/webhook/${id}/verify`, body)).toMatchObject({
    status: 200,
    body: { isValid: true },
  });
  return readWebhook(session, id);
}

describe('WebhookWorkerIntegrationTest', () => {
  test('testWebhookEndpointValidationFailure: the answer of the endpoint is in the message', async () => {
    const { alice } = server;
    const project = await alice.create('project', { name: 'Failures' });
    const fields = (path: string) =>
      webhookRequest(project.id, { invokeEndpoint: `${gateway}/${path}` });
    const { id } = await createWebhook(alice, fields('404'));
    const failure = 'The request to the webhook endpoint failed';
    const shown = async () => {
      const { verificationStatus, verificationMsg } = await readWebhook(alice, id);
      return { verificationStatus, verificationMsg };
    };
    expect(await shown()).toEqual({
      verificationStatus: 'FAILED',
      verificationMsg: `${failure} with status 404.`,
    });
    for (const [path, message] of [
      ['503', `${failure} with status 503.`],
      ['unreachable', `${failure} (Reason: unknown).`],
    ] as const) {
      const updated = await alice.put(`/webhook/${id}`, fields(path));
      expect(updated).toMatchObject({ status: 200, body: { verificationStatus: 'PENDING' } });
      expect(await shown()).toEqual({ verificationStatus: 'FAILED', verificationMsg: message });
    }
  });

  test('testWebhook: a code that the endpoint received verifies the webhook', async () => {
    const { alice } = server;
    const { id: projectId } = await alice.create('project', { name: 'Verified' });
    const { id } = await createWebhook(alice, webhookRequest(projectId));
    expect(await readWebhook(alice, id)).toMatchObject({
      verificationStatus: 'CODE_SENT',
      verificationMsg: 'A code was sent to the webhook endpoint.',
    });
    const verify = async (verificationCode: string) =>
      (await alice.post(`/webhook/${id}/verify`, { verificationCode })).body;
    expect(await verify('invalidCode')).toEqual({
      isValid: false,
      invalidReason: 'The provided verification code is invalid.',
    });
    expect(await verify(receiver.code(id))).toEqual({ isValid: true });
    expect(await readWebhook(alice, id)).not.toHaveProperty('verificationMsg');
    expect(await alice.put(`/webhook/${id}/verificationCode`)).toEqual(
      refusal(400, 'The webhook is already verified.'),
    );
  });

  test('testWebhook: the endpoint receives the changes of everything in the project', async () => {
    const { alice } = server;
    const project = await alice.create('project', { name: 'Watched' });
    const webhook = await createVerified(alice, project.id);
    await alice.update(project, { name: 'Watched 2' });
    const { endpoint, headers, message } = await receiver.event(project.id, 'UPDATE');
    expect(endpoint).toBe(webhook.invokeEndpoint);
    expect(message).toEqual({
      concreteType: 'org.sagebionetworks.repo.model.webhook.WebhookSynapseEventMessage',
      messageId: headers['X-Syn-Webhook-Message-Id'],
      eventTimestamp: expect.any(String),
      objectId: project.id,
      objectType: 'ENTITY',
      eventType: 'UPDATE',
    });
    expect(headers).toMatchObject({
      'X-Syn-Webhook-Id': webhook.id,
      'X-Syn-Webhook-Message-Type': 'SynapseEvent',
      'X-Syn-Webhook-Owner-Id': webhook.createdBy,
    });
    const folder = await alice.create('folder', { parentId: project.id, name: 'folder' });
    await receiver.event(folder.id, 'CREATE');
    const dataFileHandleId = await alice.createHandle(md5s.a);
    const file = await alice.create('file', {
      parentId: folder.id,
      name: 'file',
      dataFileHandleId,
    });
    await receiver.event(file.id, 'CREATE');
    expect(await alice.delete(`/entity/${folder.id}`)).toMatchObject({ status: 204 });
    await receiver.event(folder.id, 'DELETE');
    await receiver.event(file.id, 'DELETE');
    const created = () => receiver.events.filter(({ eventType }) => eventType === 'CREATE').length;
    const before = created();
    expect(await alice.put(`/trashcan/restore/${folder.id}`)).toMatchObject({ status: 200 });
    await receiver.next(() => created() === before + 2);
  });

  test('testWebhook: a webhook that is disabled, or whose owner may no longer read the project, is not called', async () => {
    const { alice, bob } = server;
    const project = await alice.create('project', { name: 'Quiet' });
    const acl = (await alice.get(`/entity/${project.id}/acl`)).body as {
      resourceAccess: object[];
    };
    const shared = [
      ...acl.resourceAccess,
      { principalId: server.userId('bob'), accessType: ['READ', 'DOWNLOAD'] },
    ];
    const opened = await alice.put(`/entity/${project.id}/acl`, { ...acl, resourceAccess: shared });
    expect(opened).toMatchObject({ status: 200 });
    const ofBob = await createVerified(bob, project.id);
    const ofAlice = await createVerified(alice, project.id);
    const off = webhookRequest(project.id, { isEnabled: false });
    expect(await alice.put(`/webhook/${ofAlice.id}`, off)).toMatchObject({
      status: 200,
      body: { isEnabled: false, verificationStatus: 'VERIFIED' },
    });
    const calledFor = async (name: string) => {
      const { id } = await alice.create('folder', { parentId: project.id, name });
      return (await receiver.event(id, 'CREATE')).headers['X-Syn-Webhook-Id'];
    };
    expect(await calledFor('one')).toBe(ofBob.id);
    await alice.put(`/webhook/${ofAlice.id}`, webhookRequest(project.id));
    const closed = { ...(opened.body as object), resourceAccess: acl.resourceAccess };
    expect(await alice.put(`/entity/${project.id}/acl`, closed)).toMatchObject({ status: 200 });
    expect(await calledFor('two')).toBe(ofAlice.id);
  });

  test('testWebhookDeliveryFailure: an endpoint that fails later keeps the webhook verified', async () => {
    const { alice } = server;
    const project = await alice.create('project', { name: 'Fails later' });
    const { id } = await createVerified(alice, project.id);
    const folder = await alice.create('folder', { parentId: project.id, name: 'folder' });
    await receiver.event(folder.id, 'CREATE');
    await alice.update(folder, { name: 'folder updated' });
    await receiver.event(folder.id, 'UPDATE');
    expect(await readWebhook(alice, id)).toMatchObject({ verificationStatus: 'VERIFIED' });
  });
});
