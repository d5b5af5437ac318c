import { describe, expect, test } from '@jest/globals';

import { refusal, withSessions } from '../server/entitySession.js';
import { createWebhook, readWebhook, webhookRequest } from './webhookCalls.js';

const server = withSessions();

describe('ITWebhookTest', () => {
  test('testRoundTrip: a foreign domain is refused with an error code', async () => {
    const { alice } = server;
    const { id } = await alice.create('project', { name: 'Foreign domain' });
    const request = webhookRequest(id, { invokeEndpoint: 'https://invalid.sagebase.org/events' });
    const answer = await alice.post('/webhook', request);
    expect(answer).toEqual(
      refusal(400, 'Unsupported invoke endpoint, please contact support for more information.'),
    );
    expect(answer.body).toMatchObject({ errorCode: 'UNSUPPORTED_WEBHOOK_DOMAIN' });
    expect(await alice.post('/webhook/list', {})).toMatchObject({ body: { page: [] } });
  });

  test('testRoundTrip: a webhook without a reachable endpoint fails, and is pending again after a new code', async () => {
    const { alice } = server;
    const { id: projectId } = await alice.create('project', { name: 'Unreachable' });
    const { id } = await createWebhook(alice, webhookRequest(projectId));
    const webhook = await readWebhook(alice, id);
    expect(webhook).toMatchObject({
      verificationStatus: 'FAILED',
      verificationMsg: 'The request to the webhook endpoint failed (Reason: connection timeout).',
    });
    expect(await alice.post('/webhook/list', {})).toMatchObject({ body: { page: [webhook] } });
    const verify = await alice.post(`/webhook/${id}/verify`, { verificationCode: 'abcd' });
    expect(verify).toEqual(refusal(400, 'Cannot verify the webhook at this time.'));
    expect(await alice.put(`/webhook/${id}/verificationCode`)).toMatchObject({
      status: 200,
      body: { verificationStatus: 'PENDING' },
    });
    expect(await alice.delete(`/webhook/${id}`)).toMatchObject({ status: 204 });
    expect(await alice.get(`/webhook/${id}`)).toEqual(
      refusal(404, 'A webhook with the given id does not exist.'),
    );
  });
});
