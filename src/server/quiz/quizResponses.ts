import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { Collection } from '../state/store.js';
import { certifyByQuiz, isCertified, passingRecords } from '../users/certification.js';
import type { World } from '../world.js';

const base = 'org.sagebionetworks.repo.model.quiz';
const quizId = 1;

interface Question {
  readonly prompt: string;
  readonly answers: readonly string[];
  /** Indexes of the correct answers. */
  readonly right: readonly number[];
}

/** The questions of the service are not public, so these are different ones. */
const questions: readonly Question[] = [
  {
    prompt: 'May data be shared without looking at the conditions for its use?',
    answers: ['Yes', 'No'],
    right: [1],
  },
  {
    prompt: 'Who may use your access token?',
    answers: ['You', 'Everybody in your laboratory', 'Whoever finds it'],
    right: [0],
  },
];

/** A stored response. */
export type ResponseRecord = Required<M.QuizResponse>;

/** All responses by id. */
export function quizResponses(world: World): Collection<ResponseRecord> {
  return world.store.collection<ResponseRecord>('quizResponses');
}

/** The quiz, without the correct answers. */
export function quiz(): M.Quiz {
  return {
    id: quizId,
    header: 'Certification quiz of a local Synapse',
    questions: questions.map(({ prompt, answers, right }, questionIndex) => ({
      concreteType: `${base}.MultichoiceQuestion`,
      questionIndex,
      prompt,
      exclusive: right.length === 1,
      answers: answers.map((answer, answerIndex) => ({ answerIndex, prompt: answer })),
    })),
  };
}

/**
 * Grades the answers of the caller. Users are certified if all answers are correct.
 *
 * @throws 403 for anonymous callers, 400 for another quiz or a repeated question
 * @see https://rest-docs.synapse.org/rest/POST/certifiedUserTestResponse.html
 */
export function submitQuiz(world: World, caller: Caller, body: M.QuizResponse): M.PassingRecord {
  requireLogin(caller);
  if (body.quizId !== undefined && body.quizId !== quizId) {
    throw badRequest(`The quizId must be ${quizId}.`);
  }
  const { questionResponses = [] } = body;
  const indexes = questionResponses.map(({ questionIndex }) => questionIndex);
  if (new Set(indexes).size < indexes.length) {
    throw badRequest('A question is answered twice.');
  }
  const score = questions.filter(({ right }, index) => {
    const response = questionResponses.find(({ questionIndex }) => questionIndex === index);
    return (
      response !== undefined && 'answerIndex' in response && isSame(response.answerIndex, right)
    );
  }).length;
  const passed = score === questions.length;
  const record = recordOf(world, caller, { score, passed });
  const response: ResponseRecord = {
    id: record.responseId ?? 0,
    quizId,
    createdBy: String(caller.userId),
    createdOn: world.timestamp(),
    questionResponses,
  };
  quizResponses(world).put(String(response.id), response);
  return record;
}

function recordOf(
  world: World,
  caller: Caller,
  { score, passed }: { readonly score: number; readonly passed: boolean },
): M.PassingRecord {
  if (passed) {
    const record = { ...certifyByQuiz(world, caller.userId), score };
    passingRecords(world).put(String(caller.userId), record);
    return record;
  }
  const createdOn = world.timestamp();
  return {
    userId: String(caller.userId),
    quizId,
    responseId: world.store.sequence('quizResponse')(),
    score,
    passed,
    passedOn: createdOn,
    createdOn,
    revoked: false,
    certified: isCertified(world, caller.userId),
  };
}

function isSame(given: readonly number[] | undefined, right: readonly number[]): boolean {
  return JSON.stringify([...(given ?? [])].sort()) === JSON.stringify([...right].sort());
}
