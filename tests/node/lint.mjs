// SPDX-License-Identifier: MIT
// Reads Markdown as its readers will: markdownlint over each file, mermaid over each diagram. Prints TAP.
//
//   node lint.mjs FILE|FOLDER...      (of a folder: every .md below it)
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { JSDOM } from "jsdom";
import { lint } from "markdownlint/promise";

// mermaid cleans its labels with DOMPurify, which looks for a browser when it is loaded.
const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");

const rules = {
  default: true,
  MD013: false, // long lines: ids and URLs are not to be broken
  MD024: { siblings_only: true }, // the same heading below different connections
};

function markdownBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).sort().flatMap((name) =>
    name.endsWith(".md") || statSync(join(path, name)).isDirectory() ? markdownBelow(join(path, name)) : []);
}

function diagramsOf(text) {
  return [...text.matchAll(/^(`{3,})mermaid\n([\s\S]*?)^\1`*$/gm)].map((match) => match[2]);
}

let run = 0;
let failed = 0;
function ok(pass, name, details = []) {
  run += 1;
  failed += pass ? 0 : 1;
  console.log(`${pass ? "ok" : "not ok"} ${run} - ${name}`);
  for (const line of details) console.log(`# ${String(line).replaceAll("\n", "\n# ")}`);
}

for (const file of process.argv.slice(2).flatMap(markdownBelow)) {
  const text = readFileSync(file, "utf8");
  const findings = (await lint({ strings: { text }, config: rules })).text;
  ok(findings.length === 0, `markdownlint ${file}`,
    findings.map((f) => `line ${f.lineNumber}: ${f.ruleNames[0]} ${f.ruleDescription} ${f.errorDetail ?? ""}`));
  for (const [index, diagram] of diagramsOf(text).entries()) {
    const error = await mermaid.parse(diagram).then(() => null, (e) => e);
    ok(error === null, `mermaid ${file}, diagram ${index + 1}`, error ? [error.message ?? error] : []);
  }
}
console.log(`1..${run}`);
process.exitCode = failed || run === 0 ? 1 : 0;
