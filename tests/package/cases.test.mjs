// The fast part of the matrix: `npm run test:matrix` runs all of it.

import { after, test } from 'node:test';
import { listCases } from './cases/list.mjs';
import { openPlace } from './cases/place.mjs';

const place = await openPlace(process.env.PACKAGE_TOOLS);
after(() => place.close());

for (const { row, run } of listCases().filter(({ fast }) => fast)) {
  test(`the package works: ${row}`, () => run(place));
}
