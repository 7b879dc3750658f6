// Puts functions of a module of WebAssembly that are alike next to each other. What gzip has seen before it writes down as a
// distance, which is the shorter the nearer it is; compilers order functions by where they come from. Nothing else of the
// module changes.

import {
  isOfLocal,
  Reader,
  readBodies,
  readInstruction,
  readLocals,
  readSections,
  section,
  writeNumber,
} from './wasm-format.mjs';

/** How many bytes two functions have to have in common, in one place, to be alike there. */
const pieceBytes = 7;

/** How far back gzip looks, but for what stands between the functions. */
const windowBytes = 28_000;

/** Keeps a small function that is all alike from coming before a large one that has much in common. */
const smallBytes = 1_000;

/**
 * The module with a name for each function; sorted by their names, the functions are in the new order.
 *
 * @param {Buffer} module A module without names.
 * @returns {Buffer}
 */
export function nameInOrder(module) {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(module));
  const imported = imports.filter(({ kind }) => kind === 'function').length;
  const code = readSections(module).find(({ id }) => id === section.code);
  const bodies = code === undefined ? [] : readBodies(code.body).map(({ bytes }) => leaveOutLocals(bytes));
  const ranks = [];
  for (const [rank, index] of orderAlike(bodies).entries()) ranks[index] = rank;
  const names = ranks.flatMap((rank, index) => [
    ...writeNumber(imported + index),
    ...writeText(String(rank).padStart(6, '0')),
  ]);
  const functions = [...writeNumber(ranks.length), ...names];
  const content = [...writeText('name'), 1, ...writeNumber(functions.length), ...functions];
  return Buffer.from([...module, 0, ...writeNumber(content.length), ...content]);
}

/** The instructions of a body, those of locals without their numbers, which are given anew for the order found. */
function leaveOutLocals(body) {
  const reader = new Reader(body);
  readLocals(reader);
  const pieces = [];
  while (!reader.isAtEnd) {
    const start = reader.at;
    const code = readInstruction(reader);
    pieces.push(body.subarray(start, isOfLocal(code) ? start + 1 : reader.at));
  }
  return Buffer.concat(pieces);
}

/** The indices of `bodies`, the largest first, and then always the one that has most in common with those before it. */
function orderAlike(bodies) {
  const pieces = bodies.map(listPieces);
  const owners = new Map();
  for (const [index, own] of pieces.entries()) {
    for (const piece of own) {
      if (!owners.has(piece)) owners.set(piece, []);
      owners.get(piece).push(index);
    }
  }
  const inWindow = new Map();
  const common = bodies.map(() => 0);
  const count = (index, difference) => {
    for (const piece of pieces[index]) {
      const before = inWindow.get(piece) ?? 0;
      inWindow.set(piece, before + difference);
      if (before === 0 || before + difference === 0)
        for (const owner of owners.get(piece)) common[owner] += difference;
    }
  };
  const rate = (index) => common[index] / (bodies[index].length + smallBytes);
  const isBefore = (one, other) => rate(one) > rate(other);

  const left = new Set(bodies.keys());
  const order = [];
  let oldest = 0;
  let bytes = 0;
  let next = [...left].reduce((one, other) => (bodies[other].length > bodies[one].length ? other : one));
  while (left.size > 0) {
    order.push(next);
    left.delete(next);
    count(next, 1);
    bytes += bodies[next].length;
    for (; bytes > windowBytes && oldest < order.length - 1; oldest += 1) {
      count(order[oldest], -1);
      bytes -= bodies[order[oldest]].length;
    }
    next = [...left].reduce((one, other) => (isBefore(other, one) ? other : one), left.values().next().value);
  }
  return order;
}

function listPieces(body) {
  const pieces = new Set();
  for (let at = 0; at + pieceBytes <= body.length; at += 1)
    pieces.add(body.toString('latin1', at, at + pieceBytes));
  return pieces;
}

function writeText(text) {
  return [...writeNumber(text.length), ...Buffer.from(text)];
}
