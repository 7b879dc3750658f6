// What the notices say is inside is what is inside: the interpreter itself tells.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { useSandbox } from './sandbox.mjs';

const { print } = useSandbox();
const read = (name) => readFileSync(new URL(`../../sandbox/${name}`, import.meta.url), 'utf8');

test('the_notices_name_the_versions_that_the_interpreter_has', async () => {
  const code = `import sys, sqlite3, zlib, pyexpat, decimal
print("CPython", ".".join(map(str, sys.version_info[:3])))
print("SQLite", sqlite3.sqlite_version)
print("zlib", zlib.ZLIB_RUNTIME_VERSION)
print("expat", pyexpat.EXPAT_VERSION.removeprefix("expat_"))
print("libmpdec", decimal.__libmpdec_version__)
`;
  const versions = (await print(code)).trim().split('\n');
  assert.deepEqual(read('THIRD-PARTY.md').match(/(?<=[|,] )\w+ \d+\.\d+\.\d+/g), versions);
});

test('the_license_of_the_interpreter_is_the_one_it_came_with', async () => {
  assert.equal(await print('print(license._Printer__data, end="")'), read('licenses/CPython.txt'));
});

test('license_shows_its_text_as_in_python3', async () => {
  const shown = await print('license()', { stdin: 'q\n' });
  assert.match(shown, /^A\. HISTORY OF THE SOFTWARE\n/);
});
