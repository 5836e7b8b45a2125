// SPDX-License-Identifier: MIT
// Too many writes to one identity, in a world that allows three: refused, or waited for when the client
// is left to do as it does by itself.
import { ManagedServiceIdentityClient } from '@azure/arm-msi';
import { eventually, like, printVersions, refused, run } from './checks.mjs';
import { audience, person, subscription } from './places.mjs';

const group = 'rg-identities',
  name = 'id-busy';
const impatient = new ManagedServiceIdentityClient(person('admin'), subscription, { retryOptions: { maxRetries: 0 } });
const patient = new ManagedServiceIdentityClient(person('admin'), subscription);
const write = (client, credential) =>
  client.federatedIdentityCredentials.createOrUpdate(group, name, credential, {
    issuer: 'https://issuer.example/v2.0',
    subject: credential,
    audiences: [audience],
  });

printVersions('@azure/arm-msi');
await run('throttling', [
  [
    'an identity is created',
    () => impatient.userAssignedIdentities.createOrUpdate(group, name, { location: 'westeurope' }),
    like({ name }),
  ],
  ['a credential is written', () => eventually(() => write(impatient, 'one')), like({ name: 'one' })],
  [
    'a write too many is refused, with the time to wait',
    async () => {
      for (let number = 0; number < 5; number++) await write(impatient, `more-${number}`);
    },
    ({ error }) =>
      refused(429, 'TooManyRequests', '')({ error }) ||
      (error.response?.headers.get('retry-after') ? '' : 'there is no Retry-After'),
  ],
  ['a client that waits comes through', () => write(patient, 'last'), like({ name: 'last' })],
]);
