import { operationsOf } from '../description.js';
import type { Pass } from './pass.js';

/** Header parameters are what the service's own proxies add (`verifiedOauthClientId`, required) or what every call carries anyway. */
export const internalHeaders: Pass = (draft) => {
  let hits = 0;
  for (const { operation } of operationsOf(draft)) {
    const visible = operation.parameters.filter((parameter) => parameter.in !== 'header');
    hits += operation.parameters.length - visible.length;
    operation.parameters = visible;
  }
  return hits;
};
