import { anything, members, text, type Shape } from '../shape.js';
import { header, page } from './common.js';

export const talkShapes: readonly (readonly [string, Shape])[] = [
  ['discussion.getThread', members({ id: text }, { title: text, messageKey: text })],
  ['doi.getDoi', members({}, { doiUri: text, etag: text })],
  ['subscription.deleteSubscription', anything],
  ['userProfile.addFavorite', header],
  ['userProfile.listFavorites', page(header)],
  ['userProfile.removeFavorite', anything],
];
