// SPDX-License-Identifier: MIT
// mustache.js TEMPLATE DATA: prints the rendering, and on standard error the milliseconds that rendering
// alone took, without the start of node and the reading of the data.
const fs = require('fs');
const mustache = require('mustache');

const template = fs.readFileSync(process.argv[2], 'utf8');
const data = JSON.parse(fs.readFileSync(process.argv[3], 'utf8'));
const start = process.hrtime.bigint();
const text = mustache.render(template, data);
process.stderr.write(`${Number(process.hrtime.bigint() - start) / 1e6}\n`);
fs.writeFileSync(1, text);
