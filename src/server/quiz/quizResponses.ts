import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import type { Collection } from '../state/store.js';
import {
  certify,
  forgetRecord,
  isInForce,
  latestRecord,
  putRecord,
  quizId,
} from '../users/certification.js';
import type { World } from '../world.js';

const base = 'org.sagebionetworks.repo.model.quiz';

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

/** The quiz, without the correct answers. @throws 403 for anonymous callers */
export function quiz(caller: Caller): M.Quiz {
  if (caller.isAnonymous) {
    throw forbidden('You need to login to take the Certification Quiz.');
  }
  return {
    id: quizId,
    header: 'Certification quiz of a local Synapse',
    questions: questions.map(questionModel),
  };
}

function questionModel(
  { prompt, answers, right }: Question,
  questionIndex: number,
): M.MultichoiceQuestion {
  return {
    concreteType: `${base}.MultichoiceQuestion`,
    questionIndex,
    prompt,
    exclusive: right.length === 1,
    answers: answers.map((answer, answerIndex) => ({ answerIndex, prompt: answer })),
  };
}

/**
 * Grades the answers of the caller. Users are certified if all answers are correct.
 *
 * @throws 403 for anonymous callers and those who have passed, 400 for a repeated or unknown question
 * @see https://rest-docs.synapse.org/rest/POST/certifiedUserTestResponse.html
 */
export function submitQuiz(
  world: World,
  caller: Caller,
  { questionResponses = [] }: M.QuizResponse,
): M.PassingRecord {
  if (caller.isAnonymous) {
    throw forbidden('You need to login to submit the Certification Quiz.');
  }
  const latest = latestRecord(world, caller.userId);
  if (latest !== undefined && isInForce(latest)) {
    throw forbidden('You have already passed the certification test.');
  }
  const corrections = corrected(questionResponses);
  const score = corrections.filter(({ isCorrect }) => isCorrect).length;
  const passed = score === questions.length;
  const createdBy = String(caller.userId);
  const createdOn = world.timestamp();
  const id = world.store.sequence('quizResponse')();
  quizResponses(world).put(String(id), { id, quizId, createdBy, createdOn, questionResponses });
  const record: M.PassingRecord = {
    userId: createdBy,
    quizId,
    responseId: id,
    score,
    passed,
    passedOn: createdOn,
    revoked: false,
    certified: passed,
    corrections,
  };
  putRecord(world, record);
  if (passed) {
    certify(world, caller.userId);
  }
  return record;
}

/** Compares responses with the right answers. @throws 400 */
function corrected(
  responses: readonly M.QuestionResponse[],
): (M.ResponseCorrectness & { readonly isCorrect: boolean })[] {
  const seen = new Set<number>();
  return responses.map((response) => {
    const index = response.questionIndex ?? -1;
    const question = questions[index];
    if (question === undefined) {
      throw badRequest(
        `Question index ${response.questionIndex ?? 'null'} does not appear in quiz generator ${quizId}`,
      );
    }
    if (seen.has(index)) {
      throw badRequest(`Response set contains multiple responses for question variety ${index}`);
    }
    seen.add(index);
    if (response.concreteType !== `${base}.MultichoiceResponse`) {
      throw badRequest('MultichoiceQuestion must have a MultichoiceResponse');
    }
    return {
      question: questionModel(question, index),
      response,
      isCorrect: isSame(response.answerIndex, question.right),
    };
  });
}

/** Deletes a response with its result. @throws 404 */
export function deleteResponse(world: World, id: number): void {
  if (!quizResponses(world).has(String(id))) {
    throw notFound(`The quiz response ${id} does not exist.`);
  }
  quizResponses(world).delete(String(id));
  forgetRecord(world, id);
}

function isSame(given: readonly number[] | undefined, right: readonly number[]): boolean {
  return JSON.stringify([...new Set(given)].sort()) === JSON.stringify([...right].sort());
}
