// SPDX-License-Identifier: MIT
// peer.mjs CERTIFICATE KEY REPLY: an HTTPS server on a free port of this machine, which it prints, that
// answers everything with the JSON in the file REPLY. What the simulator is compared with.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const [cert, key, reply] = process.argv.slice(2).map((file) => readFileSync(file));
const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': reply.length };
const server = createServer({ cert, key, keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  response.writeHead(200, headers).end(reply);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
