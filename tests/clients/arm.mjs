// SPDX-License-Identifier: MIT
// @azure/arm-msi and @azure/arm-authorization: managed identities, federated credentials, roles.
import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { ManagedServiceIdentityClient } from '@azure/arm-msi';
import { eventually, like, printVersions, refused, run } from './checks.mjs';
import { absent, audience, fixedToken, person, scopes, subscription, tenant, tokenFor } from './places.mjs';

const group = 'rg-identities';
const target = `/subscriptions/${subscription}/resourceGroups/rg-payments`;
const name = 'id-payments';
const admin = person('admin');
const isGuid = (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
const msi = (credential, where = subscription) => new ManagedServiceIdentityClient(credential, where);
const roles = (credential) => new AuthorizationManagementClient(credential, subscription);
const { userAssignedIdentities: identities, federatedIdentityCredentials: credentials } = msi(admin);
const { roleAssignments, roleDefinitions, permissions } = roles(admin);

const trust = (number) => ({
  issuer: 'https://issuer.example/v2.0',
  subject: `subject-${number}`,
  audiences: [audience],
});
const write = (credential, body) => credentials.createOrUpdate(group, name, credential, body);
const all = async (pages) => {
  const items = [];
  for await (const item of pages) items.push(item);
  return items;
};

async function identity() {
  const place = { location: 'westeurope', tags: { 'azdo-wif': 'tests' } };
  await run('an identity', [
    ['is not there yet', () => identities.get(group, name), refused(404, 'ResourceNotFound', name)],
    [
      'is created',
      () => identities.createOrUpdate(group, name, place),
      like({ name, tenantId: tenant, clientId: isGuid, principalId: isGuid, tags: place.tags }),
    ],
    [
      'takes no credential before it is known everywhere',
      () => write('one', trust(1)),
      refused(404, 'ParentResourceNotFound', name),
    ],
    [
      'is not created a second time',
      async () => {
        const before = await identities.get(group, name);
        const after = await identities.createOrUpdate(group, name, place);
        return before.clientId === after.clientId && before.principalId === after.principalId;
      },
      like(true),
    ],
    [
      'needs a name that is one',
      () => identities.createOrUpdate(group, '-bad', place),
      refused(400, 'BadRequest', "'-bad' is not valid"),
    ],
    [
      'needs a group',
      () => identities.createOrUpdate('rg-none', name, place),
      refused(404, 'ResourceGroupNotFound', 'rg-none'),
    ],
    [
      'needs a subscription',
      () => msi(admin, absent).userAssignedIdentities.get(group, name),
      refused(404, 'SubscriptionNotFound', absent),
    ],
    ['is listed', () => all(identities.listByResourceGroup(group)), like({ 0: { name }, length: 1 })],
  ]);
}

async function credential() {
  await run('a federated credential', [
    ['is not there yet', () => credentials.get(group, name, 'one'), refused(404, 'NotFound', 'one')],
    [
      'is written when the identity is known',
      () => eventually(() => write('one', trust(1))),
      like({ name: 'one', ...trust(1) }),
    ],
    ['may be written again', () => write('one', trust(1)), like(trust(1))],
    ['is read', () => credentials.get(group, name, 'one'), like(trust(1))],
    [
      'does not share issuer and subject',
      () => write('two', trust(1)),
      refused(400, 'BadRequest', 'Issuer and subject combination already exists'),
    ],
    [
      'has a name of three characters at least',
      () => write('ab', trust(2)),
      refused(400, 'BadRequest', "'ab' is invalid"),
    ],
    ['has a name without dots', () => write('a.b.c', trust(2)), refused(400, 'BadRequest', "'a.b.c' is invalid")],
    [
      'has one audience, not two',
      () => write('two', { ...trust(2), audiences: [audience, 'x'] }),
      refused(400, 'InvalidFederatedIdentityCredentialsAudienceLength', 'exactly one'),
    ],
    [
      'has one audience, not none',
      () => write('two', { ...trust(2), audiences: [] }),
      refused(400, 'InvalidFederatedIdentityCredentialsAudienceLength', 'exactly one'),
    ],
    ['has a subject', () => write('two', { ...trust(2), subject: '' }), refused(400, 'BadRequest', 'empty properties')],
    [
      'has a subject of 600 characters at most',
      () => write('two', { ...trust(2), subject: 's'.repeat(601) }),
      refused(400, 'BadRequest', '600 characters'),
    ],
    [
      'is not written while another is',
      async () => {
        await Promise.all([1, 2].map(() => credentials.get(group, name, 'one'))); // two connections
        const both = await Promise.allSettled([write('two', trust(2)), write('three', trust(3))]);
        const lost = both.find(({ status }) => status === 'rejected');
        if (both.every(({ status }) => status === 'rejected')) throw new Error('both were refused');
        if (lost) throw lost.reason;
      },
      refused(409, 'ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity', 'concurrently'),
    ],
    [
      'belongs to an identity',
      () => credentials.createOrUpdate(group, 'id-none', 'one', trust(1)),
      refused(404, 'ParentResourceNotFound', 'id-none'),
    ],
  ]);
}

async function limit() {
  const have = async () => (await all(credentials.list(group, name))).length;
  await run('of federated credentials', [
    [
      'there may be twenty',
      async () => {
        for (let number = 100; (await have()) < 20; number++) await write(`many-${number}`, trust(number));
        return have();
      },
      like(20),
    ],
    ['there is no 21st', () => write('many-21', trust(21)), refused(400, 'BadRequest', 'already has 20')],
    [
      'one of the twenty may still be changed',
      () => write('one', { ...trust(1), audiences: ['other'] }),
      like({ audiences: ['other'] }),
    ],
    ['one may go', async () => (await credentials.delete(group, name, 'one'), have()), like(19)],
    ['what is gone may go again', async () => (await credentials.delete(group, name, 'one'), have()), like(19)],
  ]);
}

async function assignment() {
  const id = '77777777-7777-4777-8777-000000000001';
  const { principalId } = await identities.get(group, name);
  const role = (await all(roleDefinitions.list(target, { filter: "roleName eq 'Reader'" })))[0];
  const body = (more) => ({ roleDefinitionId: role.id, principalId, principalType: 'ServicePrincipal', ...more });
  const assign = (as, more, where = target) => roleAssignments.create(where, as, body(more));
  await run('a role assignment', [
    ['finds its role by name', () => role.name, like('acdd72a7-3385-48ef-bd42-f606fba81ae7')],
    [
      'finds no role that is none',
      () => all(roleDefinitions.list(target, { filter: "roleName eq 'Nothing'" })),
      like({ length: 0 }),
    ],
    ['is created', () => assign(id), like({ name: id, principalId, principalType: 'ServicePrincipal', scope: target })],
    ['may be created again', () => assign(id), like({ name: id })],
    [
      'is not made twice under two names',
      () => assign('77777777-7777-4777-8777-000000000002'),
      refused(409, 'RoleAssignmentExists', 'already exists'),
    ],
    [
      'does not change its principal',
      () => assign(id, { principalId: '44444444-4444-4444-8444-000000000003', principalType: 'User' }),
      refused(400, 'RoleAssignmentUpdateNotPermitted', 'not allowed to be updated'),
    ],
    [
      'has a principal that exists',
      () => assign('77777777-7777-4777-8777-000000000003', { principalId: absent }),
      refused(400, 'PrincipalNotFound', 'does not exist in the directory'),
    ],
    [
      'has a principal of the kind it says',
      () => assign('77777777-7777-4777-8777-000000000003', { principalType: 'User' }),
      refused(400, 'UnmatchedPrincipalType', 'ServicePrincipal'),
    ],
    [
      'has a role that exists',
      () => assign(id, { roleDefinitionId: role.id.replace(/[^/]*$/, absent) }),
      refused(404, 'RoleDefinitionDoesNotExist', 'does not exist'),
    ],
    ['has a name that is a GUID', () => assign('not-one'), refused(400, 'InvalidRoleAssignmentId', 'must be a GUID')],
    [
      'is found by its principal',
      () => all(roleAssignments.listForScope(target, { filter: `principalId eq '${principalId}'` })),
      like({ 0: { name: id }, length: 1 }),
    ],
    ['goes', () => roleAssignments.delete(target, id), like({ name: id })],
    ['is gone', () => roleAssignments.get(target, id), refused(404, 'RoleAssignmentNotFound', id)],
    [
      'tells what its maker may do',
      () => all(permissions.listForResourceGroup('rg-payments')),
      like({ 0: { actions: ['*'] } }),
    ],
  ]);
}

async function rights() {
  const reader = person('reader'),
    nobody = person('nobody');
  const devops = fixedToken(await tokenFor(admin, scopes.devops)),
    stranger = person('admin', 'fabrikam');
  const get = (credential) => msi(credential).userAssignedIdentities.get(group, name);
  await run('without the right', [
    ['a reader reads', () => get(reader), like({ name })],
    [
      'a reader makes no identity',
      () => msi(reader).userAssignedIdentities.createOrUpdate(group, 'id-other', { location: 'westeurope' }),
      refused(403, 'AuthorizationFailed', 'userAssignedIdentities/write'),
    ],
    [
      'a reader writes no credential',
      () => msi(reader).federatedIdentityCredentials.createOrUpdate(group, name, 'new', trust(9)),
      refused(403, 'AuthorizationFailed', 'federatedIdentityCredentials/write'),
    ],
    [
      'a reader assigns no role',
      () =>
        roles(reader).roleAssignments.create(target, '77777777-7777-4777-8777-000000000004', {
          roleDefinitionId: `${target}/providers/Microsoft.Authorization/roleDefinitions/${absent}`,
          principalId: absent,
        }),
      refused(403, 'AuthorizationFailed', 'roleAssignments/write'),
    ],
    [
      'who has no role does not read',
      () => get(nobody),
      refused(403, 'AuthorizationFailed', 'userAssignedIdentities/read'),
    ],
    [
      'a token for another service does not count',
      () => get(devops),
      refused(401, 'InvalidAuthenticationTokenAudience', 'audience'),
    ],
    [
      'a token of another tenant does not count',
      () => get(stranger),
      refused(401, 'InvalidAuthenticationTokenTenant', 'wrong issuer'),
    ],
    [
      'a token that is none does not count',
      () => get(fixedToken('none')),
      refused(401, 'InvalidAuthenticationToken', 'invalid'),
    ],
  ]);
}

async function end() {
  await run('in the end', [
    ['an identity goes', () => identities.delete(group, name), like({})],
    ['and is gone', () => identities.get(group, name), refused(404, 'ResourceNotFound', name)],
    ['with its credentials', () => all(credentials.list(group, name)), refused(404, 'ParentResourceNotFound', name)],
    [
      'what is not modelled is said to be so',
      () => all(roles(admin).denyAssignments.listForResourceGroup(group)),
      refused(501, 'NotModelled', 'denyAssignments'),
    ],
  ]);
}

printVersions('@azure/arm-msi', '@azure/arm-authorization');
await identity();
await credential();
await limit();
await assignment();
await rights();
await end();
