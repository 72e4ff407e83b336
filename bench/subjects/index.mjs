// @ts-check
import { bare, bareDurable } from './bare.mjs';
import { bifrost } from './bifrost.mjs';
import { direct } from './direct.mjs';
import { gateway, gatewayInterval, gatewayLarge } from './gateway/index.mjs';
import { litellm } from './litellm.mjs';
import { nginx } from './nginx.mjs';
import { portkey } from './portkey.mjs';

/** In the order of the tables. @type {readonly import('./subject.mjs').Subject[]} */
export const subjects = [
  direct,
  nginx,
  bare,
  bareDurable,
  gateway,
  gatewayInterval,
  gatewayLarge,
  portkey,
  litellm,
  bifrost,
];
