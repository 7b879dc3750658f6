// What gzip makes of some bytes, in bits, behind others. It follows the format of deflate (RFC 1951) and the search of zlib at
// its highest level, with codes that are the same for the whole, so that a part can be weighed without packing all.

/** How far back gzip looks, and how far it looks on. */
const [windowBytes, longestMatch] = [1 << 15, 258];

/** Shorter matches are not written, and those of this length only from near by. */
const [shortestMatch, nearBytes] = [3, 1 << 12];

/** How many places with the same beginning are tried. zlib tries more, and finds little more. */
const mostTries = 64;

/** What the code of each length or distance is, by the table of the format: the code, and how many bits stand behind it. */
function listCodes(first, last, countBits) {
  const codes = [];
  for (let code = 0, value = first; value <= last; code += 1) {
    const bits = countBits(code);
    for (let left = 2 ** bits; left > 0 && value <= last; left -= 1) codes[value++] = { code, bits };
  }
  return codes;
}

const lengthCodes = listCodes(shortestMatch, longestMatch, (code) => Math.max(0, (code >> 2) - 1));
// The longest has a code of its own.
lengthCodes[longestMatch] = { code: 28, bits: 0 };
const distanceCodes = listCodes(1, windowBytes, (code) => Math.max(0, (code >> 1) - 1));

/** Bytes that are weighed as parts of a whole, and may be changed meanwhile. What is weighed has to be added, to be found again. */
export class Gzip {
  /** Takes the lengths of its codes from `bytes` as they are; it keeps and reads these. */
  constructor(bytes) {
    this.bytes = bytes;
    this.heads = new Int32Array(1 << 16).fill(-1);
    this.hashes = new Uint16Array(bytes.length);
    this.previous = new Int32Array(bytes.length);
    this.added = 0;

    const [values, distances] = [new Float64Array(257 + 29).fill(1), new Float64Array(30).fill(1)];
    this.#walk(0, bytes.length, {
      literal: (byte) => {
        values[byte] += 1;
      },
      match: (length, distance) => {
        values[257 + lengthCodes[length].code] += 1;
        distances[distanceCodes[distance].code] += 1;
      },
    });
    this.#remove(0);
    const [ofValues, ofDistances] = [values, distances].map((counts) => {
      const total = counts.reduce((sum, one) => sum + one);
      return counts.map((one) => Math.log2(total / one));
    });
    this.literalBits = ofValues.slice(0, 256);
    this.lengthBits = Float64Array.from(lengthCodes, (one) => one && ofValues[257 + one.code] + one.bits);
    this.distanceBits = Float64Array.from(distanceCodes, (one) => one && ofDistances[one.code] + one.bits);
  }

  #add(end) {
    const { hashes, heads, previous } = this;
    for (let at = this.added; at < end; at += 1) {
      const hash = this.#hash(at);
      [hashes[at], previous[at], heads[hash]] = [hash, heads[hash], at];
    }
    this.added = Math.max(this.added, end);
  }

  #remove(start) {
    for (let at = this.added - 1; at >= start; at -= 1) this.heads[this.hashes[at]] = this.previous[at];
    this.added = Math.min(this.added, start);
  }

  /** How many bits the bytes from one place to another have. */
  weigh(from, to) {
    let bits = 0;
    this.#remove(from);
    this.#add(from);
    this.#walk(from, to, {
      literal: (byte) => {
        bits += this.literalBits[byte];
      },
      match: (length, distance) => {
        bits += this.lengthBits[length] + this.distanceBits[distance];
      },
    });
    // They may be others the next time.
    this.#remove(from);
    return bits;
  }

  #hash(at) {
    const { bytes } = this;
    return ((bytes[at] << 10) ^ (bytes[at] << 2) ^ (bytes[at + 1] << 5) ^ bytes[at + 2]) & 0xffff;
  }

  /** Gives the bytes in the pieces that gzip writes. A match is put off if the next place has a longer one. */
  #walk(from, to, { literal, match }) {
    const { bytes } = this;
    let last = noMatch;
    let isPutOff = false;
    let at = from;
    while (at < to) {
      this.#add(at + 1);
      const next = this.#find(at, to, last.length);
      if (last.length > 0 && next.length === 0) {
        match(last.length, last.distance);
        at += last.length - 1;
        [last, isPutOff] = [noMatch, false];
        continue;
      }
      if (isPutOff) literal(bytes[at - 1]);
      [last, isPutOff] = [next, true];
      at += 1;
    }
    if (isPutOff) literal(bytes[at - 1]);
  }

  /** The longest match at a place, and how far back it is, if it is longer than `least`. */
  #find(at, to, least) {
    const { bytes, previous } = this;
    const most = Math.min(longestMatch, to - at);
    let best = Math.max(least, shortestMatch - 1);
    let distance = 0;
    let place = previous[at];
    for (let left = mostTries; left > 0 && best < most; left -= 1) {
      if (place < 0 || place < at - windowBytes) break;
      if (bytes[place + best] === bytes[at + best]) {
        let length = 0;
        while (length < most && bytes[place + length] === bytes[at + length]) length += 1;
        if (length > best) [best, distance] = [length, at - place];
      }
      place = previous[place];
    }
    const isWorth = best > shortestMatch ? distance > 0 : distance > 0 && distance <= nearBytes;
    return isWorth ? { length: best, distance } : noMatch;
  }
}

const noMatch = { length: 0, distance: 0 };
