// Texts as models write them: the same ones for the same seed.

const PROSE = {
  ascii: [
    'To solve this, we first note that the function `f(x)` is increasing on the whole interval.',
    'The number of pairs is $n(n-1)/2$, so a brute force over all of them is fast enough here.',
    'Let me check this with a short program, and compare the result with the value we expect.',
    'Substituting back, we obtain 3x + 7 = 22 and therefore x = 5, which satisfies both equations.',
    'However, the sum is taken over primes only; 1 is not a prime, and neither is 91 = 7 * 13.',
    'So the answer is the *largest* of these values, but we must not forget the boundary cases.',
  ],
  multilingual: [
    '首先，我们注意到函数 `f(x)` 在整个区间上是递增的，因此方程最多有一个解。',
    'Заметим, что сумма берётся только по простым числам, и поэтому ответ равен пяти.',
    'したがって、境界の場合を忘れずに確認する必要があります。答えは次のとおりです。 😀',
    'Überprüfen wir das Ergebnis mit einem kurzen Programm und vergleichen die Werte.',
  ],
};

const CODE = [
  'def count(n):',
  '    total = 0',
  '    for i in range(2, n):',
  '        if all(i % p for p in range(2, int(i ** 0.5) + 1)):',
  '            total += i',
  '    return total',
  '',
  'print(count(1000))  # the sum of all primes below',
];

/** A small generator of random numbers below a bound (xorshift32). */
export function makeRandom(seed) {
  let state = seed;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

/** A text of at least `length` characters: paragraphs, lists and now and then a block of code. */
export function makeText(kind, length, seed = 1) {
  const random = makeRandom(seed);
  const lines = PROSE[kind];
  const line = () => lines[random(lines.length)];
  let text = '';
  while (text.length < length) {
    const part = random(6);
    if (part < 3) text += `${line()}\n${line()}\n${line()}\n\n`;
    else if (part === 3) text += `1. ${line()}\n2. ${line()}\n\n`;
    else text += `\`\`\`python\n${CODE.join('\n')}\n\`\`\`\n\n`;
  }
  return text;
}

export const kinds = Object.keys(PROSE);
