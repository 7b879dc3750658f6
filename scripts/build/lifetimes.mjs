// The lives of the locals of a function of WebAssembly: a local often holds one value after another that have nothing to do with
// each other. Out: which of these each instruction reads or writes, and which are held at the same time.

import { isOfLocal, ofLocal, Reader, readInstruction, readLocals } from './wasm-format.mjs';

const op = { unreachable: 0x00, block: 0x02, loop: 0x03, if: 0x04, else: 0x05, end: 0x0b };
const branch = { always: 0x0c, ifTrue: 0x0d, byTable: 0x0e, toEnd: 0x0f };

/**
 * @param {Buffer} body
 * @param {number[]} parameters The types of the function's parameters.
 * @returns {{ types: number[], lives: Life[] }} the types of its locals, the parameters before the others, and the lives of all that
 *   are read or written.
 *
 * @typedef {object} Life
 * @property {number} local The number of the local.
 * @property {number[]} places Where in the body the number stands.
 * @property {boolean} isGiven Whether it begins with the function, with an argument or with zero.
 * @property {Set<Life>} others Which of the same type are held at the same time.
 */
export function findLifetimes(body, parameters) {
  const { types, instructions } = readFunction(body, parameters);
  const comeFrom = listBefore(instructions);
  const writes = ({ code }) => code === ofLocal.set || code === ofLocal.tee;
  const sets = new Sets();
  const given = types.map(() => sets.make());
  const owners = instructions.map((one) => (writes(one) ? sets.make() : undefined));

  // What is read at a place is held at all places that lead there, back to where it was written.
  const held = types.map(() => new Map());
  for (const [place, { code, local }] of instructions.entries()) {
    if (code !== ofLocal.get) continue;
    const life = sets.make();
    owners[place] = life;
    const next = [place];
    while (next.length > 0) {
      const at = next.pop();
      const known = held[local].get(at);
      if (known !== undefined) {
        sets.join(life, known);
        continue;
      }
      held[local].set(at, life);
      if (at === 0) sets.join(life, given[local]);
      for (const before of comeFrom[at]) {
        if (instructions[before].local === local && writes(instructions[before]))
          sets.join(life, owners[before]);
        else next.push(before);
      }
    }
  }

  const lives = new Map();
  for (const [place, { local, at }] of instructions.entries()) {
    if (local === undefined) continue;
    const set = sets.find(owners[place]);
    if (!lives.has(set)) lives.set(set, { local, places: [], isGiven: false, others: new Set() });
    lives.get(set).places.push(at);
  }
  for (const set of given) {
    const life = lives.get(sets.find(set));
    if (life) life.isGiven = true;
  }
  const heldAt = instructions.map(() => []);
  for (const places of held) for (const [at, set] of places) heldAt[at].push(lives.get(sets.find(set)));
  const keepApart = (one, others) => {
    for (const other of others) {
      if (other === one || types[other.local] !== types[one.local]) continue;
      one.others.add(other);
      other.others.add(one);
    }
  };
  for (const one of heldAt[0]) keepApart(one, heldAt[0]);
  for (const [place, one] of instructions.entries()) {
    if (writes(one)) keepApart(lives.get(sets.find(owners[place])), heldAt[place + 1]);
  }
  return { types, lives: [...lives.values()] };
}

/** The types of all locals, and the instructions: their codes, where in the body what follows the code stands, and what is in it. */
function readFunction(body, parameters) {
  const reader = new Reader(body);
  const types = [...parameters, ...readLocals(reader)];
  const instructions = [];
  while (!reader.isAtEnd) {
    const at = reader.at + 1;
    const code = readInstruction(reader);
    const content = new Reader(body.subarray(at));
    const one = { code, at };
    if (isOfLocal(code)) one.local = content.number();
    if (code === branch.always || code === branch.ifTrue) one.labels = [content.number()];
    if (code === branch.byTable)
      one.labels = Array.from({ length: content.number() + 1 }, () => content.number());
    instructions.push(one);
  }
  return { types, instructions };
}

/** For each instruction the places of those that come right before it when the function runs. */
function listBefore(instructions) {
  const blocks = [];
  const open = [];
  for (const [place, { code }] of instructions.entries()) {
    if (code === op.block || code === op.loop || code === op.if) {
      blocks[place] = { place, code };
      open.push(blocks[place]);
    }
    if (code === op.else) open.at(-1).otherwise = place;
    if (code === op.end && open.length > 0) open.pop().end = place;
  }

  const last = instructions.length - 1;
  const before = instructions.map(() => []);
  for (const [place, { code, labels = [] }] of instructions.entries()) {
    const lead = (to) => before[to].push(place);
    if (blocks[place]) open.push(blocks[place]);
    if (code === op.if) lead((blocks[place].otherwise ?? blocks[place].end - 1) + 1);
    if (code === op.else) lead(open.at(-1).end);
    if (code === branch.toEnd) lead(last);
    for (const label of new Set(labels)) {
      // The outermost is the function itself.
      const target = open[open.length - 1 - label];
      if (target === undefined) lead(last);
      else lead(target.code === op.loop ? target.place : target.end);
    }
    if (code === op.end) open.pop();
    const endsHere = [op.unreachable, op.else, branch.always, branch.byTable, branch.toEnd].includes(code);
    if (!endsHere && place < last) lead(place + 1);
  }
  return before;
}

/** Sets without an element in common, as far as it is known. */
class Sets {
  #parents = [];
  make() {
    return this.#parents.push(this.#parents.length) - 1;
  }
  find(set) {
    const parent = this.#parents[set];
    if (parent === set) return set;
    this.#parents[set] = this.find(parent);
    return this.#parents[set];
  }
  join(one, other) {
    this.#parents[this.find(one)] = this.find(other);
  }
}
