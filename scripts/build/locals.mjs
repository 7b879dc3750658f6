// Numbers the locals of each function anew, so that gzip finds more of a function in those before it. Compilers number them by
// how often they are used, and put a new value where one stands that is not read any more; to the function it is the same which of
// the free numbers that is. Nothing else of the module changes.

import { Gzip } from './gzip.mjs';
import { findLifetimes } from './lifetimes.mjs';
import { Reader, readBodies, readSections, section } from './wasm-format.mjs';

/** Numbers from here on have more than one byte, and keep their places. */
const ofOneByte = 128;

/** How many bytes around a change are weighed first. */
const around = 16;

/** How often at most all exchanges in a function are tried. */
const mostRounds = 4;

/**
 * @param {Buffer} module
 * @returns {Buffer}
 */
export function numberLocals(module) {
  const bytes = Buffer.from(module);
  const sections = readSections(bytes);
  const parameters = listParameters(sections);
  const code = sections.find(({ id }) => id === section.code).body;
  const gzip = new Gzip(code);
  for (const [place, { bytes: body, end }] of readBodies(code).entries()) {
    const start = end - body.length;
    renumber(body, parameters[place], (from, to) => gzip.weigh(start + from, start + to));
  }
  return bytes;
}

/** The types of the parameters of each function. */
function listParameters(sections) {
  const [types, functions] = [section.type, section.function].map(
    (wanted) => new Reader(sections.find(({ id }) => id === wanted).body),
  );
  const ofTypes = Array.from({ length: types.number() }, () => {
    types.byte();
    const parameters = [...types.take(types.number())];
    types.take(types.number());
    return parameters;
  });
  return Array.from({ length: functions.number() }, () => ofTypes[functions.number()]);
}

/**
 * Writes those numbers into a function that gzip likes best, as far as exchanging any two of them leads, in the whole function or
 * for one life and those in its way.
 */
function renumber(body, parameters, weigh) {
  const { types, lives } = findLifetimes(body, parameters);
  const exchangeable = listExchangeable(types);
  let best = weigh(0, body.length);
  const known = new Map();
  const attempt = (changed, pair) => {
    // Arguments stand where they are given, and what begins with zero does not stand there.
    if (changed.some(({ isGiven }) => isGiven) && Math.min(...pair) < parameters.length) return;
    const [from, to] = findRange(changed, body.length);
    const key = `${from} ${to}`;
    if (!known.has(key)) known.set(key, weigh(from, to));
    exchange(body, changed, pair);
    // Most attempts are for nothing, which shows near the changes.
    const whole = weigh(from, to) < known.get(key) ? weigh(0, body.length) : best;
    if (whole < best) {
      best = whole;
      known.clear();
    } else exchange(body, changed, pair);
  };
  let before = Number.POSITIVE_INFINITY;
  for (let round = 0; round < mostRounds && best < before; round += 1) {
    before = best;
    for (const [one, others] of exchangeable.entries()) {
      for (const other of others.filter((number) => number > one)) {
        const changed = lives.filter(({ local }) => local === one || local === other);
        if (changed.length > 0) attempt(changed, [one, other]);
      }
    }
    for (const life of lives) {
      for (const other of exchangeable[life.local]) {
        const pair = [life.local, other];
        if (other !== life.local) attempt(listInTheWay(life, pair), pair);
      }
    }
  }
}

/** For each number those of the same type; none for those of more than one byte. */
function listExchangeable(types) {
  const small = [...types.keys()].slice(0, ofOneByte);
  return types.map((type, number) => small.filter((other) => number < ofOneByte && types[other] === type));
}

/** A life, and those that have to change their number with it when two numbers are exchanged. */
function listInTheWay(life, [one, other]) {
  const found = new Set([life]);
  for (const { local, others } of found) {
    for (const next of others)
      if (next.local !== local && (next.local === one || next.local === other)) found.add(next);
  }
  return [...found];
}

function exchange(body, lives, [one, other]) {
  for (const life of lives) {
    life.local = life.local === one ? other : one;
    for (const place of life.places) body[place] = life.local;
  }
}

/** From and up to where in a body some lives are, and a little around them. */
function findRange(lives, length) {
  const from = Math.min(...lives.map(({ places }) => places[0]));
  const to = Math.max(...lives.map(({ places }) => places.at(-1)));
  return [Math.max(0, from - around), Math.min(length, to + around)];
}
