import { anything, members, text, type Shape } from '../shape.js';

export const talkShapes: readonly (readonly [string, Shape])[] = [
  ['discussion.getThread', members({ id: text }, { title: text, messageKey: text })],
  ['doi.getDoi', members({}, { doiUri: text, etag: text })],
  ['subscription.deleteSubscription', anything],
  ['userProfile.addFavorite', anything],
];
