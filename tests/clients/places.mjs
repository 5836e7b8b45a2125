// SPDX-License-Identifier: MIT
// The world of world.json, and how its people sign in: as az does, with the password that everybody has.
import { UsernamePasswordCredential } from '@azure/identity';

export const tenant = '11111111-1111-1111-1111-111111111111';
export const otherTenant = '11111111-1111-1111-1111-111111111112';
export const subscription = '22222222-2222-2222-2222-222222222222';
export const organization = 'https://dev.azure.com/contoso';
export const project = { id: '66666666-6666-4666-8666-000000000002', name: 'Payments' };
export const otherProject = { id: '66666666-6666-4666-8666-000000000003', name: 'Ledger' };
export const audience = 'api://AzureADTokenExchange';
export const absent = '00000000-0000-4000-8000-000000000000';

const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';

export const person = (name, domain = 'contoso', where = domain === 'contoso' ? tenant : otherTenant) =>
  new UsernamePasswordCredential(where, azureCli, `${name}@${domain}.example`, 'any');

export const scopes = {
  arm: 'https://management.azure.com/.default',
  graph: 'https://graph.microsoft.com/.default',
  devops: '499b84ac-1321-427f-aa17-267ca6975798/.default',
};

export const tokenFor = async (credential, scope) => (await credential.getToken(scope)).token;

// A credential that hands out one token for whatever scope is asked for.
export const fixedToken = (token) => ({ getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 600_000 }) });

// A service connection as the scripts create it.
export const reference = (where, name, description = '') => ({ projectReference: where, name, description });
export const connectionFor = (name, clientId) => ({
  name,
  type: 'AzureRM',
  url: 'https://management.azure.com/',
  isShared: false,
  isReady: true,
  authorization: {
    scheme: 'WorkloadIdentityFederation',
    parameters: { tenantid: tenant, serviceprincipalid: clientId },
  },
  data: {
    environment: 'AzureCloud',
    scopeLevel: 'Subscription',
    creationMode: 'Manual',
    subscriptionId: subscription,
    subscriptionName: 'Payments Production',
  },
  serviceEndpointProjectReferences: [reference(project, name)],
});
