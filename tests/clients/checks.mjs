// SPDX-License-Identifier: MIT
// What the client tests share: a table of checks is run from top to bottom, and each says how it ended.
//
//   await run('a table', [[NAME, CALL, EXPECTATION], ...]);
//
// CALL returns a promise. EXPECTATION looks at its outcome, {value} or {error}, and returns what is wrong
// with it, '' when nothing is.
import { readFileSync } from 'node:fs';

const show = (value) => JSON.stringify(value, null, 1)?.replace(/\s+/g, ' ').slice(0, 600) ?? 'undefined';

// Does VALUE have all that WANTED has? A function is asked.
function covers(value, wanted) {
  if (typeof wanted === 'function') return wanted(value);
  if (wanted === null || typeof wanted !== 'object') return value === wanted;
  return Object.entries(wanted).every(([key, part]) => covers(value?.[key], part));
}

export const like =
  (wanted) =>
  ({ value, error }) =>
    !error && covers(value, wanted) ? '' : `got ${error ?? show(value)}, wanted ${show(wanted)}`;

// Each client has errors of its own kind: this is where they keep status and code.
const statusOf = (error) => error.statusCode ?? error.status;
const codeOf = (error) =>
  error.code ?? error.result?.typeKey ?? error.result?.error?.code ?? error.errorResponse?.error;

// A refusal by the service, with STATUS, CODE (undefined: the client does not hand it on) and a message
// that has all WORDS.
export const refused =
  (status, code, ...words) =>
  ({ value, error }) => {
    if (!error) return `was not refused: ${show(value)}`;
    const got = { status: statusOf(error), code: codeOf(error), message: String(error.message) };
    const fits =
      (status === undefined || got.status === status) &&
      (code === undefined || got.code === code) &&
      words.every((word) => got.message.includes(word));
    return fits ? '' : `refused with ${show(got)}, wanted ${show({ status, code, message: words.join(' ... ') })}`;
  };

const outcomeOf = (call) =>
  Promise.resolve()
    .then(call)
    .then(
      (value) => ({ value }),
      (error) => ({ error }),
    );

export async function run(title, rows) {
  for (const [name, call, expectation] of rows) {
    const wrong = expectation(await outcomeOf(call));
    console.log(`${wrong ? 'not ok' : 'ok'} ${title}: ${name}${wrong && `\n#  ${wrong}`}`);
    if (wrong) process.exitCode = 1;
  }
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// Asks again until ACCEPT likes the answer: what is not there at once is there after a moment.
export async function eventually(call, accept = ({ error }) => !error) {
  for (let tries = 0; ; tries++) {
    const outcome = await outcomeOf(call);
    if (accept(outcome) || tries === 150) {
      if (outcome.error) throw outcome.error;
      return outcome.value;
    }
    await pause(100);
  }
}

export function printVersions(...names) {
  const version = (name) =>
    JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version;
  console.log(`# node ${process.versions.node}, ${names.map((name) => `${name} ${version(name)}`).join(', ')}`);
}
