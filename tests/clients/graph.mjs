// SPDX-License-Identifier: MIT
// @microsoft/microsoft-graph-client: app registrations, their service principals, owners and federated
// credentials.
import { Client } from '@microsoft/microsoft-graph-client';
import { ClientAssertionCredential } from '@azure/identity';
import { eventually, like, printVersions, refused, run } from './checks.mjs';
import { absent, audience, fixedToken, person, scopes, tenant, tokenFor } from './places.mjs';

const adminId = '44444444-4444-4444-8444-000000000001',
  readerId = '44444444-4444-4444-8444-000000000002';
const client = (credential) =>
  Client.init({ authProvider: (done) => tokenFor(credential, scopes.graph).then((token) => done(null, token), done) });
const graph = client(person('admin'));
const byName = (name) => `/applications(uniqueName='${name}')`;
const upsert = (path, body, as = graph) => as.api(path).header('Prefer', 'create-if-missing').patch(body);
const body = { displayName: 'Payments deployment', signInAudience: 'AzureADMyOrg', tags: ['made-by-tests'] };
const duplicate = 'Request_MultipleObjectsWithSameKeyValue';
const missing = (name) => refused(404, 'Request_ResourceNotFound', name);
const bad = (...words) => refused(400, 'Request_BadRequest', ...words);
const denied = refused(403, 'Authorization_RequestDenied', 'Insufficient privileges');

async function application() {
  await run('an application', [
    ['is not there yet', () => graph.api(byName('payments')).get(), missing('payments')],
    [
      'is created by its unique name',
      () => upsert(byName('payments'), body),
      like({ ...body, uniqueName: 'payments' }),
    ],
    ['is not created twice', () => upsert(byName('payments'), body), like(undefined)],
    [
      'is found by its unique name',
      () => graph.api(byName('payments')).select('id,appId,displayName').get(),
      like({ displayName: body.displayName, tags: undefined }),
    ],
    [
      'does not share its unique name',
      () => graph.api('/applications').post({ ...body, uniqueName: 'payments' }),
      refused(409, duplicate, 'uniqueName'),
    ],
    [
      'does not change its unique name',
      () => graph.api(byName('payments')).patch({ uniqueName: 'other' }),
      bad('uniqueName'),
    ],
    ['is updated', () => graph.api(byName('payments')).patch({ tags: ['changed'] }), like(undefined)],
    ['shares its display name with others', () => graph.api('/applications').post(body), like(body)],
    [
      'needs a display name',
      () => graph.api('/applications').post({ signInAudience: 'AzureADMyOrg' }),
      bad('displayName'),
    ],
    [
      'is for one of four audiences',
      () => graph.api('/applications').post({ ...body, signInAudience: 'Everybody' }),
      bad('signInAudience'),
    ],
    [
      'is found by its display name after a moment',
      () =>
        eventually(
          () => graph.api('/applications').filter(`displayName eq '${body.displayName}'`).get(),
          ({ value }) => value?.value.length === 2,
        ),
      like({ value: { length: 2 } }),
    ],
  ]);
  return graph.api(byName('payments')).get();
}

async function principal({ appId }) {
  const create = (id) => graph.api('/servicePrincipals').post({ appId: id });
  await run('a service principal', [
    ['is not there yet', () => graph.api(`/servicePrincipals(appId='${appId}')`).get(), missing(appId)],
    [
      'is created when its application is known',
      () => eventually(() => create(appId)),
      like({ appId, displayName: body.displayName }),
    ],
    ['is not created twice', () => create(appId), refused(409, duplicate, 'already in use')],
    [
      'needs an application',
      () => create(absent),
      refused(400, 'Request_BadRequest', absent, 'valid application object'),
    ],
    [
      'needs one that is known everywhere',
      async () => create((await graph.api('/applications').post(body)).appId),
      refused(400, 'Request_BadRequest', 'valid application object'),
    ],
    [
      'is found by the application',
      () => graph.api(`/servicePrincipals(appId='${appId}')`).select('id,appId').get(),
      like({ appId }),
    ],
  ]);
}

async function owners({ id }) {
  const link = (object) => ({ '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${object}` });
  const add = (object) => graph.api(`/applications/${id}/owners/$ref`).post(link(object));
  await run('an owner', [
    ['is not there', () => graph.api(`/applications/${id}/owners`).select('id').get(), like({ value: { length: 0 } })],
    ['is added', () => add(readerId), like(undefined)],
    ['is not added twice', () => add(readerId), bad('already exist')],
    ['is somebody', () => add(absent), missing(absent)],
    [
      'is listed',
      () => graph.api(`/applications/${id}/owners`).select('id').get(),
      like({ value: { 0: { id: readerId }, length: 1 } }),
    ],
    ['goes', () => graph.api(`/applications/${id}/owners/${readerId}/$ref`).delete(), like(undefined)],
    ['may be the last', () => add(adminId), like(undefined)],
  ]);
}

const trust = (number) => ({
  issuer: 'https://issuer.example/v2.0',
  subject: `subject-${number}`,
  audiences: [audience],
});
const value = (...words) => refused(400, 'InvalidFederatedIdentityCredentialValue', ...words);

async function credentials({ id }) {
  const all = `/applications/${id}/federatedIdentityCredentials`,
    named = (name) => `${all}(name='${name}')`;
  const create = (name, what) => graph.api(all).post({ name, ...what });
  const have = async () => (await graph.api(all).get()).value.length;
  await run('a federated credential', [
    ['is created by its name', () => upsert(named('one'), trust(1)), like({ name: 'one', ...trust(1) })],
    ['is not created twice', () => upsert(named('one'), trust(1)), like(undefined)],
    ['is not posted twice', () => create('one', trust(2)), refused(409, duplicate, 'one')],
    [
      'does not share issuer and subject',
      () => create('two', trust(1)),
      value('combination of issuer and subject must be unique'),
    ],
    [
      'has one audience, not two',
      () => create('two', { ...trust(2), audiences: [audience, 'x'] }),
      value('exactly one audience'),
    ],
    ['has a name that is one', () => create('a.b', trust(2)), value('name')],
    ['has a name that stays', () => graph.api(named('one')).patch({ name: 'other' }), bad('name')],
    [
      'has a subject of 600 characters at most',
      () => create('two', { ...trust(2), subject: 's'.repeat(601) }),
      value('600'),
    ],
    ['is read by name', () => graph.api(`${all}/one`).get(), like(trust(1))],
    ['is updated', () => graph.api(named('one')).patch({ description: 'changed' }), like(undefined)],
    [
      'may have nineteen others',
      async () => {
        for (let number = 2; number <= 20; number++) await create(`many-${number}`, trust(number));
        return have();
      },
      like(20),
    ],
    ['has no twentieth other', () => create('many-21', trust(21)), value('maximum of 20')],
    ['goes', async () => (await graph.api(`${all}/many-20`).delete(), have()), like(19)],
    ['is gone', () => graph.api(`${all}/many-20`).get(), missing('many-20')],
    [
      'belongs to an application',
      () => graph.api(`/applications/${absent}/federatedIdentityCredentials`).post({ name: 'one', ...trust(1) }),
      missing(absent),
    ],
  ]);
}

async function rights({ id }) {
  const reader = client(person('reader')),
    developer = client(person('developer'));
  const devops = client(fixedToken(await tokenFor(person('admin'), scopes.devops)));
  const noToken = client(fixedToken('none')),
    stranger = client(person('admin', 'fabrikam'));
  await run('without the right', [
    ['a member reads', () => reader.api(`/applications/${id}`).get(), like({ id })],
    ['a member registers no application', () => reader.api('/applications').post(body), denied],
    ['a member changes none', () => reader.api(`/applications/${id}`).patch({ tags: [] }), denied],
    [
      'a member writes no credential',
      () => upsert(`/applications/${id}/federatedIdentityCredentials(name='x')`, trust(99), reader),
      denied,
    ],
    ['a developer registers one', () => developer.api('/applications').post(body), like(body)],
    ['a developer changes none of others', () => developer.api(`/applications/${id}`).delete(), denied],
    [
      'a token for another service does not count',
      () => devops.api('/me').get(),
      refused(401, 'InvalidAuthenticationToken', 'audience'),
    ],
    [
      'a token that is none does not count',
      () => noToken.api('/me').get(),
      refused(401, 'InvalidAuthenticationToken', '80049217'),
    ],
    ['another tenant has other applications', () => stranger.api(`/applications/${id}`).get(), missing(id)],
  ]);
}

async function end({ id, appId }) {
  const signIn = () =>
    new ClientAssertionCredential(tenant, appId, async () => 'no token is looked at').getToken(scopes.arm);
  await run('in the end', [
    [
      'an application is known at sign-in',
      () => eventually(signIn, ({ error }) => !error?.message.includes('AADSTS700016: ')),
      refused(undefined, undefined, 'AADSTS50027: '),
    ],
    ['an application goes', () => graph.api(`/applications/${id}`).delete(), like(undefined)],
    ['and is gone', () => graph.api(`/applications/${id}`).get(), missing(id)],
    ['at sign-in, too', signIn, refused(undefined, undefined, 'AADSTS700016: ')],
    ['with its service principal', () => graph.api(`/servicePrincipals(appId='${appId}')`).get(), missing(appId)],
    ['what is not modelled is said to be so', () => graph.api('/groups').get(), refused(501, 'NotModelled', '/groups')],
  ]);
}

printVersions('@microsoft/microsoft-graph-client');
const made = await application();
for (const checks of [principal, owners, credentials, rights, end]) await checks(made);
