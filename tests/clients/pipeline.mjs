// SPDX-License-Identifier: MIT
// @azure/identity: a pipeline signs in through its service connection, and all that can be wrong with the
// federated credential that it needs.
import { AzurePipelinesCredential, ClientAssertionCredential } from '@azure/identity';
import { ManagedServiceIdentityClient } from '@azure/arm-msi';
import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { WebApi, getBearerHandler } from 'azure-devops-node-api';
import { eventually, like, printVersions, refused, run } from './checks.mjs';
import {
  absent,
  audience,
  connectionFor,
  organization,
  otherTenant,
  person,
  project,
  scopes,
  subscription,
  tenant,
  tokenFor,
} from './places.mjs';

process.env.SYSTEM_OIDCREQUESTURI = process.env.AZDO_WIF_SIMULATE_JOB_URI;
const jobToken = process.env.AZDO_WIF_SIMULATE_JOB_TOKEN;
const group = 'rg-identities',
  name = 'id-pipeline',
  credentialName = 'pipeline';
const admin = person('admin');
const { userAssignedIdentities: identities, federatedIdentityCredentials: credentials } =
  new ManagedServiceIdentityClient(admin, subscription);
const devops = new WebApi(organization, getBearerHandler(await tokenFor(admin, scopes.devops)));

async function prepare() {
  const { clientId, principalId } = await identities.createOrUpdate(group, name, { location: 'westeurope' });
  const connection = await (await devops.getServiceEndpointApi()).createServiceEndpoint(connectionFor('pipeline', clientId));
  const { workloadIdentityFederationIssuer: issuer, workloadIdentityFederationSubject: subject } =
    connection.authorization.parameters;
  return { clientId, principalId, connection: connection.id, trust: { issuer, subject, audiences: [audience] } };
}

const authorize = (connection) =>
  devops.rest.update(
    `${organization}/${project.id}/_apis/pipelines/pipelinepermissions/endpoint/${connection}`,
    { pipelines: [{ id: 12, authorized: true }] },
    { acceptHeader: 'application/json;api-version=7.1-preview.1' },
  );

// What the job itself asks for; the client keeps it to itself.
async function idToken(connection) {
  const reply = await fetch(`${process.env.SYSTEM_OIDCREQUESTURI}?api-version=7.1&serviceConnectionId=${connection}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${jobToken}` },
  });
  return (await reply.json()).oidcToken;
}

// New ones each time, for they remember what they got.
const byPipeline = ({ clientId, connection }, { where = tenant, token = jobToken } = {}) =>
  new AzurePipelinesCredential(where, clientId, connection, token);
const byAssertion = ({ clientId }, assertion, where = tenant) =>
  new ClientAssertionCredential(where, clientId, async () => assertion);
const signIn = (credential) => credential.getToken(scopes.arm);
// The same, of an identity that is so new that Entra may not know it yet.
const signInWhenKnown = (make) =>
  eventually(
    () => signIn(make()),
    ({ error }) => !error?.message.includes('AADSTS700016: '),
  );
const denied = (code, kind = 'invalid_client') =>
  refused(undefined, undefined, `AADSTS${code}: `, `${kind}: Error(s): ${code} `);
const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

async function connectionChecks(made) {
  await run('the connection', [
    [
      'gives no ID token to a pipeline that is not authorized',
      () => signIn(byPipeline(made)),
      refused(403, undefined, 'needs permission'),
    ],
    ['is authorized for the pipeline', () => authorize(made.connection), like({ statusCode: 200 })],
    [
      'gives no ID token to who is no job',
      async () => signIn(byPipeline(made, { token: await tokenFor(admin, scopes.devops) })),
      refused(403, undefined, 'running job'),
    ],
    [
      'gives no ID token for a token that is none',
      () => signIn(byPipeline(made, { token: 'none' })),
      refused(401, undefined, 'null token'),
    ],
    [
      'gives no ID token when it does not exist',
      () => signIn(byPipeline({ ...made, connection: absent })),
      refused(404, undefined, 'could not be found'),
    ],
  ]);
}

const swapCase = (text) => (text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase());

// Each row: what the credential holds, and how Entra answers both clients.
async function exchangeChecks(made) {
  const { trust } = made,
    token = await idToken(made.connection);
  const rows = [
    ['of no credential at all', null, 70025],
    ['of another issuer', { issuer: 'https://issuer.example/v2.0' }, 700211],
    ['of an issuer in other letters', { issuer: swapCase(trust.issuer) }, 7002138],
    ['of another subject', { subject: `${trust.subject}-not` }, 700213],
    ['of a subject in other letters', { subject: swapCase(trust.subject) }, 7002138],
    ['of a subject with a wildcard', { subject: '*' }, 700213],
    ['of another audience', { audiences: ['api://Other'] }, 700212],
    ['of an audience in other letters', { audiences: [swapCase(audience)] }, 700212],
  ];
  for (const [title, other, code] of rows) {
    if (other) await eventually(() => credentials.createOrUpdate(group, name, credentialName, { ...trust, ...other }));
    await run(`a credential ${title}`, [
      ['AzurePipelinesCredential', () => signInWhenKnown(() => byPipeline(made)), denied(code)],
      ['ClientAssertionCredential', () => signInWhenKnown(() => byAssertion(made, token)), denied(code)],
    ]);
  }
}

async function matchingChecks(made) {
  const token = await idToken(made.connection);
  const forged = token.replace(/\.[^.]*$/, `.${'A'.repeat(342)}`);
  await run('a credential that matches', [
    ['is written', () => credentials.createOrUpdate(group, name, credentialName, made.trust), like(made.trust)],
    [
      'AzurePipelinesCredential signs in',
      async () => claimsOf((await signIn(byPipeline(made))).token),
      like({ oid: made.principalId, appid: made.clientId, tid: tenant }),
    ],
    [
      'ClientAssertionCredential signs in',
      async () => claimsOf((await signIn(byAssertion(made, token))).token),
      like({ oid: made.principalId, appid: made.clientId, tid: tenant }),
    ],
    ['not with a forged token', () => signIn(byAssertion(made, forged)), denied(700027)],
    ['not with text', () => signIn(byAssertion(made, 'none')), denied(50027, 'invalid_request')],
    [
      'not in another tenant',
      () => signIn(byPipeline(made, { where: otherTenant })),
      denied(700016, 'unauthorized_client'),
    ],
    [
      'not in a tenant that is none',
      () => signIn(byPipeline(made, { where: absent })),
      ({ error }) => (/endpoints_resolution_error|AADSTS90002/.test(error?.message) ? '' : `got ${error}`),
    ],
    [
      'not as who is not there',
      () => signIn(byPipeline({ ...made, clientId: absent })),
      denied(700016, 'unauthorized_client'),
    ],
    [
      'not for a resource that is none',
      () => byPipeline(made).getToken(`api://${absent}/.default`),
      denied(500011, 'invalid_resource'),
    ],
  ]);
}

async function accessChecks(made) {
  const resources = new ManagedServiceIdentityClient(byPipeline(made), subscription).userAssignedIdentities;
  const { roleAssignments } = new AuthorizationManagementClient(admin, subscription);
  const scope = `/subscriptions/${subscription}/resourceGroups/${group}`;
  const role = {
    roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`,
    principalId: made.principalId,
    principalType: 'ServicePrincipal',
  };
  await run('the pipeline', [
    [
      'reads nothing without a role',
      () => resources.get(group, name),
      refused(403, 'AuthorizationFailed', made.principalId),
    ],
    [
      'gets the role Reader',
      () => roleAssignments.create(scope, '77777777-7777-4777-8777-000000000009', role),
      like({ scope }),
    ],
    ['reads after a moment', () => eventually(() => resources.get(group, name)), like({ name })],
    [
      'does not write',
      () => resources.createOrUpdate(group, 'id-own', { location: 'westeurope' }),
      refused(403, 'AuthorizationFailed', 'write'),
    ],
  ]);
}

async function endChecks(made) {
  const endpoints = await devops.getServiceEndpointApi();
  const remove = () => endpoints.deleteServiceEndpoint(made.connection, [project.id]);
  await run('in the end', [
    [
      'the connection stays while it is trusted',
      remove,
      refused(400, 'InvalidOperationException', 'federated credentials'),
    ],
    ['the credential goes', () => credentials.delete(group, name, credentialName), like({})],
    ['nobody signs in without it', () => signIn(byPipeline(made)), denied(70025)],
    ['the connection goes', remove, like(null)],
    [
      'and is gone after a moment',
      () =>
        eventually(
          () => endpoints.getServiceEndpointDetails(project.id, made.connection),
          ({ value }) => value === null,
        ),
      like(null),
    ],
    ['the identity goes', () => identities.delete(group, name), like({})],
    [
      'nobody signs in as it',
      async () => signIn(byAssertion(made, 'no token is looked at')),
      denied(700016, 'unauthorized_client'),
    ],
  ]);
}

printVersions('@azure/identity');
const made = await prepare();
for (const checks of [connectionChecks, exchangeChecks, matchingChecks, accessChecks, endChecks]) await checks(made);
