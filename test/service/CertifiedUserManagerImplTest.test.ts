import { beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import { refusal, withSessions, type Session } from '../server/entitySession.js';
import { createUser, type TestUser } from './dataAccess.js';

const server = withSessions();
const response = 'org.sagebionetworks.repo.model.quiz.MultichoiceResponse';
/** The right answer to each question of the quiz of this server, and a wrong one. */
const right = [1, 0];
const wrong = [0, 0];
let user: TestUser;

beforeEach(async () => {
  user = await createUser(server, { isCertified: false });
});

/** Answers the questions of the quiz with one answer each. */
function submit(session: Session, answers: readonly number[]): Promise<Answer> {
  return session.post('/certifiedUserTestResponse', {
    questionResponses: answers.map((answer, questionIndex) => ({
      concreteType: response,
      questionIndex,
      answerIndex: [answer],
    })),
  });
}

function latest(id: string): Promise<Answer> {
  return server.anonymous.get(`/user/${id}/certifiedUserPassingRecord`);
}

function revoke(session: Session, id: string): Promise<Answer> {
  return session.put(`/user/${id}/revokeCertification`);
}

async function isCertified(): Promise<unknown> {
  const answer = await server.anonymous.get(`/user/${user.id}/bundle?mask=8`);
  return (answer.body as M.UserBundle).isCertified;
}

function certify(): Promise<Answer> {
  return server.admin.put(`/admin/user/${user.id}/certificationStatus?isCertified=true`);
}

const onlyAdministrators = refusal(403, 'Only Synapse administrators may make this request.');

describe('CertifiedUserManagerImplTest', () => {
  test('testSelectQuiz: the quiz has a header and questions with answers', async () => {
    const { body } = await user.session.get('/certifiedUserTest');
    const { id, header, questions = [] } = body as M.Quiz;
    expect({ id, header }).toEqual({ id: expect.any(Number), header: expect.any(String) });
    expect(questions).toHaveLength(right.length);
    for (const question of questions) {
      expect((question as M.MultichoiceQuestion).answers?.length).toBeGreaterThan(1);
    }
  });

  test('testGetCertificationQuizUnauthorized: anonymous callers get no quiz', async () => {
    expect(await server.anonymous.get('/certifiedUserTest')).toEqual(
      refusal(403, 'You need to login to take the Certification Quiz.'),
    );
  });

  test('testGetCertificationQuiz: users get the quiz', async () => {
    expect(await user.session.get('/certifiedUserTest')).toMatchObject({
      status: 200,
      body: { id: expect.any(Number) },
    });
  });

  test('testCloneAndScrubPrivateFields: nothing tells which answers are right', async () => {
    const quiz = await user.session.get('/certifiedUserTest');
    const record = await submit(user.session, wrong);
    for (const { body } of [quiz, record]) {
      expect(JSON.stringify(body)).toContain('"answers"');
      expect(JSON.stringify(body)).not.toMatch(/"answers":\[\{[^\]]*isCorrect/);
    }
  });

  test('testIsCorrectResponse: an answer is right or wrong', async () => {
    expect(await submit(user.session, wrong)).toMatchObject({
      body: { corrections: [{ isCorrect: false }, { isCorrect: true }] },
    });
    const text = {
      concreteType: 'org.sagebionetworks.repo.model.quiz.TextFieldResponse',
      questionIndex: 0,
      response: 'No',
    };
    expect(
      await user.session.post('/certifiedUserTestResponse', { questionResponses: [text] }),
    ).toEqual(refusal(400, 'MultichoiceQuestion must have a MultichoiceResponse'));
  });

  test('testScoreQuizResponseHappyCase: all answers are right', async () => {
    const answer = await submit(user.session, right);
    expect(answer).toMatchObject({ status: 201, body: { passed: true, score: 2 } });
    const { corrections = [] } = answer.body as M.PassingRecord;
    expect(corrections).toEqual(
      right.map((index, questionIndex) => ({
        question: expect.objectContaining({ questionIndex, prompt: expect.any(String) }),
        response: { concreteType: response, questionIndex, answerIndex: [index] },
        isCorrect: true,
      })),
    );
  });

  test('testScoreQuizResponseWrongAnswer: one wrong answer is too many', async () => {
    const answer = await submit(user.session, wrong);
    expect(answer).toMatchObject({ status: 201, body: { passed: false, score: 1 } });
    expect((answer.body as M.PassingRecord).corrections).toHaveLength(wrong.length);
  });

  test('testScoreQuizResponseWrongQuestions: unknown and repeated questions are refused', async () => {
    expect(await submit(user.session, [1, 0, 0])).toEqual(
      refusal(400, 'Question index 2 does not appear in quiz generator 1'),
    );
    const one = { concreteType: response, questionIndex: 0, answerIndex: [1] };
    expect(
      await user.session.post('/certifiedUserTestResponse', { questionResponses: [one, one] }),
    ).toEqual(refusal(400, 'Response set contains multiple responses for question variety 0'));
    expect(await latest(user.id)).toMatchObject({ status: 404 });
  });

  test('testSubmitCertificationQuizUnauthorized: anonymous callers cannot answer', async () => {
    expect(await submit(server.anonymous, right)).toEqual(
      refusal(403, 'You need to login to submit the Certification Quiz.'),
    );
  });

  test('testSubmitCertificationQuizWithPassingResponse: a passed quiz certifies', async () => {
    expect(await submit(user.session, right)).toMatchObject({
      status: 201,
      body: { userId: user.id, passed: true, certified: true, revoked: false },
    });
    expect(await isCertified()).toBe(true);
  });

  test('testSubmitCertificationQuizWithFailingResponse: a failed quiz does not, and is a record', async () => {
    const answer = await submit(user.session, wrong);
    expect(answer).toMatchObject({
      status: 201,
      body: { userId: user.id, passed: false, certified: false, revoked: false },
    });
    expect(await isCertified()).toBe(false);
    expect(await latest(user.id)).toMatchObject({ status: 200, body: answer.body });
  });

  test('testSubmitCertificationQuizWithAlreadyPassed: who has passed does not answer again', async () => {
    await submit(user.session, right);
    expect(await submit(user.session, right)).toEqual(
      refusal(403, 'You have already passed the certification test.'),
    );
  });

  test('testSubmitCertificationQuizWithRevoked: whose certification is revoked answers again', async () => {
    await submit(user.session, right);
    await revoke(server.admin, user.id);
    expect(await submit(user.session, right)).toMatchObject({ status: 201 });
    expect(await isCertified()).toBe(true);
  });

  test('testGetQuizResponses: administrators read the responses of all users', async () => {
    await submit(user.session, wrong);
    const answer = await server.admin.get('/admin/certifiedUserTestResponse?limit=50');
    expect(answer).toMatchObject({ status: 200 });
    const { results } = answer.body as M.PaginatedResultsOfQuizResponse;
    expect(results.map(({ createdBy }) => createdBy)).toContain(user.id);
  });

  test('testGetQuizResponsesForAUser: administrators read the responses of one user', async () => {
    await submit(user.session, wrong);
    await submit(user.session, right);
    const path = `/admin/certifiedUserTestResponse?principalId=${user.id}&limit=1&offset=1`;
    expect(await server.admin.get(path)).toMatchObject({
      status: 200,
      body: { results: [{ createdBy: user.id }], totalNumberOfResults: 2 },
    });
  });

  test('testGetQuizResponsesNonAdmin: nobody else does', async () => {
    expect(await user.session.get('/admin/certifiedUserTestResponse')).toEqual(onlyAdministrators);
  });

  test('testDeleteQuizResponseAdmin: administrators delete a response with its record', async () => {
    const { responseId = 0 } = (await submit(user.session, wrong)).body as M.PassingRecord;
    const path = `/admin/certifiedUserTestResponse/${responseId}`;
    expect(await server.admin.delete(path)).toMatchObject({ status: 200 });
    expect(await latest(user.id)).toMatchObject({ status: 404 });
  });

  test('testDeleteQuizResponseNonAdmin: nobody else does', async () => {
    expect(await user.session.delete('/admin/certifiedUserTestResponse/1')).toEqual(
      onlyAdministrators,
    );
  });

  test('testGetPassingRecord: the last record counts', async () => {
    await submit(user.session, wrong);
    const { body } = await submit(user.session, right);
    expect(await latest(user.id)).toMatchObject({ status: 200, body });
  });

  test('testGetPassingRecordWithNotFound: without a quiz there is no record', async () => {
    expect(await latest(user.id)).toEqual(
      refusal(404, `No quiz results for quiz 1 and user ${user.id}`),
    );
  });

  test.each<[string, 'admin' | 'user']>([
    ['testGetPassingRecords: users read their own records', 'user'],
    ['testGetPassingRecordsAdmin: administrators read the records of all', 'admin'],
  ])('%s', async (_, who) => {
    await submit(user.session, wrong);
    await submit(user.session, right);
    const session = who === 'admin' ? server.admin : user.session;
    const path = `/user/${user.id}/certifiedUserPassingRecords`;
    expect(await session.get(path)).toMatchObject({
      status: 200,
      body: { results: [{ passed: false }, { passed: true }], totalNumberOfResults: 2 },
    });
    expect(await session.get(`${path}?limit=1&offset=1`)).toMatchObject({
      body: { results: [{ passed: true }], totalNumberOfResults: 2 },
    });
  });

  test('testGetPassingRecordsNonAdminForDifferentUser: others do not', async () => {
    expect(await server.bob.get(`/user/${user.id}/certifiedUserPassingRecords`)).toEqual(
      onlyAdministrators,
    );
  });

  test('testRevokeCertification: the quiz is marked as revoked', async () => {
    await submit(user.session, right);
    expect(await revoke(server.admin, user.id)).toMatchObject({
      status: 200,
      body: { passed: true, revoked: true, revokedOn: expect.any(String), certified: false },
    });
    expect(await isCertified()).toBe(false);
  });

  test('testRevokeCertificationWithNotCertified: there must be a certification', async () => {
    expect(await revoke(server.admin, user.id)).toEqual(
      refusal(400, `The user ${user.id} is not certified yet.`),
    );
  });

  test('testRevokeCertificationWithNoPassingRecord: without a quiz, nothing is answered', async () => {
    await certify();
    expect(await revoke(server.admin, user.id)).toMatchObject({ status: 200, body: '' });
    expect(await isCertified()).toBe(false);
  });

  test('testRevokeCertificationWithFailedRecord: a failed quiz stays as it is', async () => {
    const { body } = await submit(user.session, wrong);
    await certify();
    const answer = await revoke(server.admin, user.id);
    expect(answer.body).toEqual(body);
    expect(await isCertified()).toBe(false);
  });

  test('testRevokeCertificationWithAlreadyRevokedRecord: a revoked quiz stays as it is', async () => {
    await submit(user.session, right);
    const { body } = await revoke(server.admin, user.id);
    await certify();
    expect((await revoke(server.admin, user.id)).body).toEqual(body);
    expect(await isCertified()).toBe(false);
  });

  test('testRevokeCertificationWithNotActMember: the ACT alone revokes', async () => {
    expect(await revoke(server.bob, user.id)).toEqual(
      refusal(403, 'Only an ACT member can perform this operation.'),
    );
  });
});
