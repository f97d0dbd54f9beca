'use strict';
// Runs checks one after the other and tells what became of each.
let passed = 0;
let failed = 0;

/** How long one check may take before it counts as hanging. */
const limitMs = 60_000;

async function check(name, run) {
  const start = Date.now();
  let timer;
  const limit = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`hangs: nothing after ${limitMs / 1000} s`)), limitMs);
  });
  try {
    await Promise.race([run(), limit]);
    passed++;
    console.log(`ok      ${name} (${Date.now() - start} ms)`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name}: ${error.stack ?? error}`);
  } finally {
    clearTimeout(timer);
  }
}

/** The last line; the exit code is 1 if anything failed. */
function report(what) {
  console.log(`${what}: ${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

module.exports = { check, report };
