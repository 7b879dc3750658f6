/** The functions that need the module `rollouts`: a program that calls none of them carries no such module. */

export { isIdentical, readRolloutLine, readRolloutText, writeRollout } from './rollout.js';
export { indexRollouts } from './rollout-index.js';
export { readRollouts } from './rollout-reader.js';
